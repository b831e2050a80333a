package e2e

import (
	"context"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
)

// TestDiff plants differences in a healthy component, one at a time. diff must find each, and nothing else.
func TestDiff(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 25*time.Minute)
	defer cancel()
	n := scenario{name: "diff" + *suffix}.healthyTenant(ctx, t)
	t.Run("Git", func(t *testing.T) { n.diffWithGit(ctx, t) })
	t.Run("ServerSide", func(t *testing.T) { n.diffByServer(ctx, t) })
	t.Run("Environments", func(t *testing.T) { n.diffOfEnvironments(ctx, t) })
	t.Run("Live", func(t *testing.T) { n.diffWithLive(ctx, t) })
}

// differences returns what diff finds: each field after its kind, and the kind and state of an object that only one side has.
func (n *tenant) differences(ctx context.Context, t *testing.T, args ...string) []string {
	t.Helper()
	r := choreoIn(ctx, t, n.Repo.Dir, shared.lab.Kubeconfig(""), append([]string{"diff", "greeter-service", "-n", n.Namespace, "-o", "json"}, args...)...)
	var got struct {
		Objects []struct {
			Object struct{ Kind string }
			State  string
			Fields []struct{ Path string }
		}
	}
	if err := json.Unmarshal([]byte(r.stdout), &got); err != nil {
		t.Fatalf("diff %v: exit %d: %v\n%s%s", args, r.exit, err, r.stdout, r.stderr)
	}
	var all []string
	for _, o := range got.Objects {
		switch o.State {
		case "Same":
		case "Changed":
			for _, f := range o.Fields {
				all = append(all, o.Object.Kind+" "+f.Path)
			}
		default:
			all = append(all, o.Object.Kind+" "+o.State)
		}
	}
	want := min(len(all), 1)
	if slices.Contains(args, "--server-side") && slices.ContainsFunc(all, func(d string) bool { return strings.HasSuffix(d, " NotCompared") }) {
		want = 4 // the API server refuses an object
	}
	if r.exit != want {
		t.Errorf("diff %v: exit %d, want %d\n%s%s", args, r.exit, want, r.stdout, r.stderr)
	}
	return all
}

// areThese compares differences with the beginnings of those that were planted.
func areThese(t *testing.T, got, planted []string) {
	t.Helper()
	unexpected := slices.Clone(got)
	for _, p := range planted {
		unexpected = slices.DeleteFunc(unexpected, func(d string) bool { return strings.HasPrefix(d, p) })
		if !slices.ContainsFunc(got, func(d string) bool { return strings.HasPrefix(d, p) }) {
			t.Errorf("%q is not found: %q", p, got)
		}
	}
	if len(unexpected) > 0 {
		t.Errorf("not planted: %q", unexpected)
	}
}

// diffWithGit commits differences that are not pushed.
func (n *tenant) diffWithGit(ctx context.Context, t *testing.T) {
	t.Helper()
	areThese(t, n.differences(ctx, t), nil)
	dir := n.ComponentDir("greeter-service")
	component, workload, binding := filepath.Join(dir, "component.yaml"), filepath.Join(dir, "workload.yaml"), n.BindingFile("greeter-service", "development")
	set := func(file string, value any, field ...string) func(*gitops.Checkout) error {
		return func(c *gitops.Checkout) error { return c.Set(file, value, field...) }
	}
	for _, c := range []struct {
		name    string
		plant   func(*gitops.Checkout) error
		planted []string
	}{
		{"Image", func(c *gitops.Checkout) error { return c.SetImage("greeter-service", "1.0.9") }, []string{"Workload spec.container.image"}},
		{"Variable", set(workload, []any{map[string]any{"key": "GREETING", "value": "bye"}}, "spec", "container", "env"), []string{"Workload spec.container.env"}},
		{"Port", set(workload, int64(9091), "spec", "endpoints", "http", "port"), []string{"Workload spec.endpoints.http.port"}},
		{"AutoDeploy", set(component, true, "spec", "autoDeploy"), []string{"Component spec.autoDeploy"}},
		{"Parameters", set(component, map[string]any{"size": "large"}, "spec", "parameters"), []string{"Component spec.parameters"}},
		{"Type", set(component, "deployment/worker", "spec", "componentType", "name"), []string{"Component spec.componentType.name"}},
		{"Label", set(component, "web", "metadata", "labels", "team"), []string{"Component metadata.labels"}},
		{"Replicas", replicas(2), []string{"ReleaseBinding spec.componentTypeEnvironmentConfigs"}},
		{"Undeployed", set(binding, "Undeploy", "spec", "state"), []string{"ReleaseBinding spec.state"}},
		{"BindingRemoved", func(c *gitops.Checkout) error { return c.Remove(binding) }, []string{"ReleaseBinding OnlyInFrom"}},
		{"Promoted", func(c *gitops.Checkout) error { return c.Bind("greeter-service", "production", "greeter-service-1") }, []string{"ReleaseBinding OnlyInTo"}},
		{"Released", release("1.0.5"), []string{"Workload spec.container.image", "ComponentRelease OnlyInTo", "ReleaseBinding spec.releaseName"}},
	} {
		if err := c.plant(n.Checkout); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		n.git(ctx, t, n.Repo.Dir, "add", "--all")
		n.git(ctx, t, n.Repo.Dir, "commit", "--quiet", "--message="+c.name)
		t.Run(c.name, func(t *testing.T) { areThese(t, n.differences(ctx, t), c.planted) })
		n.git(ctx, t, n.Repo.Dir, "reset", "--quiet", "--hard", "HEAD~1")
	}
}

// diffByServer commits differences that are not pushed, and has the API server apply them in a dry-run: it refuses a change of an immutable
// release, and a field that the definition does not have.
func (n *tenant) diffByServer(ctx context.Context, t *testing.T) {
	t.Helper()
	areThese(t, n.differences(ctx, t, "--server-side"), nil)
	file, err := n.releaseFile("greeter-service")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		plant   func(*gitops.Checkout) error
		planted string
	}{
		{"Image", func(c *gitops.Checkout) error { return c.SetImage("greeter-service", "1.0.9") }, "Workload spec.container.image"},
		{"Immutable", func(c *gitops.Checkout) error {
			return c.Set(file, "registry.example.com/acme/greeter-service:1.0.9", "spec", "workload", "container", "image")
		}, "ComponentRelease NotCompared"},
		{"UnknownField", func(c *gitops.Checkout) error {
			return c.Set(filepath.Join(c.ComponentDir("greeter-service"), "component.yaml"), int64(3), "spec", "replicaz")
		}, "Component NotCompared"},
	} {
		if err := c.plant(n.Checkout); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		n.git(ctx, t, n.Repo.Dir, "commit", "--quiet", "--all", "--message="+c.name)
		t.Run(c.name, func(t *testing.T) { areThese(t, n.differences(ctx, t, "--server-side"), []string{c.planted}) })
		n.git(ctx, t, n.Repo.Dir, "reset", "--quiet", "--hard", "HEAD~1")
	}
}

// diffOfEnvironments runs the same release in two environments, and then another one with overrides in one of them.
func (n *tenant) diffOfEnvironments(ctx context.Context, t *testing.T) {
	t.Helper()
	both := []string{"-e", "development", "-e", "staging"}
	rebound := func(edit func(c *gitops.Checkout) error) {
		t.Helper()
		sha := n.merge(ctx, t, "change staging", edit)
		n.verify(ctx, t, outcome{exit: 0}, "greeter-service", "-e", "staging", "--revision", sha, "--timeout", "5m")
	}
	binding := n.BindingFile("greeter-service", "staging")
	rebound(func(c *gitops.Checkout) error {
		_, err := c.Release("greeter-service", "1.0.2", "development", "staging")
		return err
	})
	areThese(t, n.differences(ctx, t, both...), nil)
	rebound(func(c *gitops.Checkout) error {
		if _, err := c.Release("greeter-service", "1.0.3", "staging"); err != nil {
			return err
		}
		if err := c.Set(binding, int64(2), "spec", "componentTypeEnvironmentConfigs", "replicas"); err != nil {
			return err
		}
		return c.Set(binding, []any{map[string]any{"key": "GREETING", "value": "bye"}}, "spec", "workloadOverrides", "container", "env")
	})
	areThese(t, n.differences(ctx, t, both...), []string{
		"ReleaseBinding spec.releaseName", "ReleaseBinding spec.componentTypeEnvironmentConfigs", "ReleaseBinding spec.workloadOverrides",
		"ComponentRelease spec.workload.container.image", "Deployment spec.replicas", "Deployment spec.template.spec.containers",
		"ConfigMap data.GREETING",
	})
}

// diffWithLive changes what runs on the plane, as a user with kubectl does.
func (n *tenant) diffWithLive(ctx context.Context, t *testing.T) {
	t.Helper()
	live := []string{"--live", "-e", "development"}
	areThese(t, n.differences(ctx, t, live...), nil)
	names := map[string]string{}
	for word, kind := range map[string]schema.GroupKind{
		"DEPLOYMENT": deploymentKind(), "SERVICE": {Kind: "Service"}, "CONFIGMAP": {Kind: "ConfigMap"},
		"ROUTE":  {Group: "gateway.networking.k8s.io", Kind: "HTTPRoute"},
		"POLICY": {Group: "networking.k8s.io", Kind: "NetworkPolicy"},
	} {
		object, err := n.renderedObject(ctx, "greeter-service", "development", kind)
		if err != nil {
			t.Fatal(err)
		}
		names[word], names["CELL"] = strings.ToLower(kind.Kind)+"/"+object.Name, object.Namespace
	}
	for _, c := range liveChanges() {
		t.Run(c.name, func(t *testing.T) { areThese(t, n.changed(ctx, t, c, names, live), []string{c.planted}) })
		n.restored(ctx, t, live)
	}
}

// liveChange is a change by hand: the arguments of kubectl, and the beginning of what diff prints of it.
type liveChange struct {
	name    string
	kubectl []string
	planted string
}

func liveChanges() []liveChange {
	const main = "Deployment spec.template.spec.containers[main]"
	return []liveChange{
		{"Replicas", []string{"scale", "DEPLOYMENT", "--replicas=3"}, "Deployment spec.replicas"},
		{"Image", []string{"set", "image", "DEPLOYMENT", "main=registry.example.com/acme/greeter-service:1.0.9"}, main + ".image"},
		{"Limit", []string{"set", "resources", "DEPLOYMENT", "--containers=main", "--limits=memory=512Mi"}, main + ".resources.limits.memory"},
		{"PullPolicy", []string{"patch", "DEPLOYMENT", "--patch", `{"spec":{"template":{"spec":{"containers":[{"name":"main","imagePullPolicy":"Always"}]}}}}`}, main + ".imagePullPolicy"},
		{"Variables", []string{"patch", "DEPLOYMENT", "--type=json", `--patch=[{"op":"remove","path":"/spec/template/spec/containers/0/envFrom"}]`}, main + ".envFrom"},
		{"PodLabel", []string{"patch", "DEPLOYMENT", "--type=json", `--patch=[{"op":"remove","path":"/spec/template/metadata/annotations"}]`}, "Deployment spec.template.metadata.annotations"},
		{"Port", []string{"patch", "SERVICE", "--type=json", `--patch=[{"op":"replace","path":"/spec/ports/0/targetPort","value":8080}]`}, "Service spec.ports[9090/TCP].targetPort"},
		{"Value", []string{"patch", "CONFIGMAP", `--patch={"data":{"GREETING":"bye"}}`}, "ConfigMap data.GREETING"},
		{"Hostname", []string{"patch", "ROUTE", "--type=json", `--patch=[{"op":"replace","path":"/spec/hostnames/0","value":"bye.example.com"}]`}, "HTTPRoute spec.hostnames"},
		{"Ingress", []string{"patch", "POLICY", "--type=json", `--patch=[{"op":"remove","path":"/spec/ingress/1"}]`}, "NetworkPolicy spec.ingress"},
		{"Deleted", []string{"delete", "SERVICE"}, "Service OnlyInTo"},
	}
}
