package e2e

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/suite"
)

// TestEveryKindAndLayout traces healthy components of each workload type, and the layout with a separate Kustomization of bindings.
func TestEveryKindAndLayout(t *testing.T) {
	faults := map[string]string{
		"greeter-client": "none: it depends on the endpoint of another component",
		"cleanup":        "none: it runs as a CronJob",
		"migrate":        "none: it runs as a Job",
		"session-store":  "none: it runs as a StatefulSet",
	}
	for component, fault := range faults {
		t.Run(component, func(t *testing.T) {
			t.Parallel()
			s := scenario{name: "default", component: component, fault: fault, timeout: time.Minute, want: want{exit: 0, verdict: "Healthy"}}
			s.await(t.Context(), t, &tenant{Tenant: &lab.Tenant{Namespace: "default"}, t: t})
			if *record {
				recordAs(t.Context(), t, component+"-healthy", s)
			}
		})
	}
	t.Run("BindingsApart", func(t *testing.T) {
		scenario{name: "bindings-apart", options: lab.TenantOptions{BindingsApart: true}, want: want{exit: 0, verdict: "Healthy"}, inject: triggerBindings}.run(t)
	})
}

// triggerBindings triggers the bindings. In that layout they are not applied after their releases, so they may be stale.
func triggerBindings(ctx context.Context, n *tenant) error {
	for _, name := range []string{"greeter-service-development", "greeter-service-staging"} {
		if err := shared.lab.Patch(ctx, n.Choreo("ReleaseBinding", name), `{"metadata":{"annotations":{"kubectl-choreo.dev/requestedAt":"e2e"}}}`); err != nil {
			return err
		}
	}
	return nil
}

// TestRemotePlane traces a component on a data plane in another cluster. With too old CRDs of the Gateway API the apply fails, and
// with newer ones the component is healthy. Without --plane, the trace ends at what OpenChoreo reports.
func TestRemotePlane(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	old := scenario{
		name: "gateway-api-too-old", options: lab.TenantOptions{DataPlane: "prod"}, args: []string{"-e", "development"}, timeout: 4 * time.Minute,
		want: want{exit: 2, verdict: "Failed", rung: "rendered", environment: "development", code: "ApplyFailed", kind: "RenderedRelease", object: "greeter-service-development", message: "cors: field not declared in schema"},
	}
	n := old.healthyTenant(ctx, t)
	old.await(ctx, t, n)
	if *record {
		recordAs(ctx, t, old.name, old)
	}
	if err := shared.lab.InstallGatewayAPI(ctx, "prod", lab.GatewayAPIVersion); err != nil {
		t.Fatal(err)
	}
	if err := shared.lab.Patch(ctx, n.Choreo("RenderedRelease", "greeter-service-staging"), `{"metadata":{"annotations":{"kubectl-choreo.dev/requestedAt":"e2e"}}}`); err != nil {
		t.Fatal(err)
	}
	old.fix = []string{"kubectl annotate renderedrelease"}
	old.namespace = n.Namespace
	old.runFixes(ctx, t)
	healthy := old
	healthy.want = want{exit: 0, verdict: "Healthy"}
	healthy.await(ctx, t, n)
	r := choreoAs(ctx, t, shared.lab.Kubeconfig(""), "trace", "greeter-service", "-n", n.Namespace)
	if !strings.Contains(r.stdout, "as last reported by OpenChoreo") {
		t.Errorf("the trace must end at OpenChoreo's report:\n%s", r.stdout)
	}
	testLivePlane(ctx, t, n)
	if *record {
		healthy.name = "gateway-api-too-old"
		recordAs(ctx, t, "remote-plane-healthy", healthy)
	}
}

// TestRevision expects that the wanted revision is read from the clone in the working directory, and that a commit that Flux has not
// fetched is progressing, not failed.
func TestRevision(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	s := scenario{name: "revision-not-fetched", timeout: time.Minute, want: want{exit: 0, verdict: "Healthy"}}
	n := s.healthyTenant(ctx, t)
	s.await(ctx, t, n)
	kubeconfig := shared.lab.Kubeconfig("")
	args := []string{"trace", "greeter-service", "-n", n.Namespace}
	if r := choreoIn(ctx, t, n.Repo.Dir, kubeconfig, args...); r.exit != 0 || !strings.Contains(r.stdout, "(HEAD of the clone)") {
		t.Errorf("in the clone: exit %d, want 0 with the clone's revision\n%s%s", r.exit, r.stdout, r.stderr)
	}
	pushed, err := n.Push(ctx, "say good morning", func() error {
		return n.Set(filepath.Join(n.ComponentDir("greeter-service"), "workload.yaml"), "greeter", "metadata", "labels", "team")
	})
	if err != nil {
		t.Fatal(err)
	}
	if r := choreoIn(ctx, t, t.TempDir(), kubeconfig, append(args, "--revision", "nonsense")...); r.exit != 4 || !strings.Contains(r.stdout, "nonsense not found") {
		t.Errorf("an unknown revision: exit %d, want 4\n%s%s", r.exit, r.stdout, r.stderr)
	}
	r := choreoIn(ctx, t, n.Repo.Dir, kubeconfig, append(args, "--revision", "HEAD")...)
	if r.exit != 3 || !strings.Contains(r.stdout, "has not fetched the wanted revision") {
		t.Errorf("before the fetch: exit %d, want 3\n%s%s", r.exit, r.stdout, r.stderr)
	}
	if *record {
		absolute := suite.ScenarioFile(t, "revision-not-fetched")
		choreoIn(ctx, t, n.Repo.Dir, kubeconfig, "snapshot", "greeter-service", "-n", n.Namespace, "--revision", "HEAD", "-f", absolute)
		choreoIn(ctx, t, t.TempDir(), kubeconfig, "snapshot", "greeter-service", "-n", n.Namespace, "--revision", "nonsense", "-f", suite.ScenarioFile(t, "revision-unknown"))
		suite.WriteFault(t, "revision-unknown", "the user asks for a revision that no clone and no source contains")
	}
	if err := shared.lab.RequestReconcile(ctx, n.Source(), pushed); err != nil {
		t.Fatal(err)
	}
	if err := shared.lab.WaitForApplied(ctx, n.Kustomization("projects"), pushed); err != nil {
		t.Fatal(err)
	}
	s.args = []string{"--revision", pushed}
	s.await(ctx, t, n)
}

// TestUndoneIsCurrent expects a healthy trace after a commit fixes the fault.
func TestUndoneIsCurrent(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 6*time.Minute)
	defer cancel()
	s := scenario{name: "mended", args: []string{"-e", "development"}, timeout: 90 * time.Second, want: pod("ImagePullBackOff", "not found")}
	n := s.healthyTenant(ctx, t)
	if err := image("missing")(ctx, n); err != nil {
		t.Fatal(err)
	}
	s.await(ctx, t, n)
	if _, err := n.Commit(ctx, "go back", func(c *gitops.Checkout) error {
		_, err := c.Release("greeter-service", "1.0.2", "development")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	s.want = want{exit: 0, verdict: "Healthy"}
	s.await(ctx, t, n)
}

func TestRestrictedUser(t *testing.T) {
	kubeconfig, err := shared.lab.User(t.Context(), "dora", `
  - {apiGroups: [openchoreo.dev], resources: [components, workloads, releasebindings, projects, environments, componentreleases, renderedreleases, deploymentpipelines, projectreleasebindings], verbs: [get, list]}`)
	if err != nil {
		t.Fatal(err)
	}
	r := choreoAs(t.Context(), t, kubeconfig, "trace", "greeter-service", "-n", "default")
	if r.exit != 4 {
		t.Errorf("exit %d, want 4: a forbidden object is neither healthy nor missing\n%s%s", r.exit, r.stdout, r.stderr)
	}
	if *record {
		choreoAs(t.Context(), t, kubeconfig, "snapshot", "greeter-service", "-n", "default", "-f", suite.ScenarioFile(t, "rights-missing"))
		suite.WriteFault(t, "rights-missing", "the user may not list Kustomizations, nor read what runs on the plane")
	}
	for _, text := range []string{`User "dora" cannot list resource "kustomizations"`, "not readable: forbidden", "as administrator, to print the roles to apply:", "kubectl choreo rbac --for dora"} {
		if !strings.Contains(r.stdout, text) {
			t.Errorf("the trace does not contain %q:\n%s", text, r.stdout)
		}
	}
	grantWithPrintedCommand(t, kubeconfig)
	nobody, err := shared.lab.User(t.Context(), "nemo", `[]`)
	if err != nil {
		t.Fatal(err)
	}
	if r := choreoAs(t.Context(), t, nobody, "trace", "greeter-service", "-n", "default"); r.exit != 4 || !strings.Contains(r.stderr, `cannot get resource "components"`) {
		t.Errorf("without permissions: exit %d, want 4 and the missing permission\n%s%s", r.exit, r.stdout, r.stderr)
	}
}

// grantWithPrintedCommand expects that the roles of the printed command grant the missing permissions.
func grantWithPrintedCommand(t *testing.T, kubeconfig string) {
	t.Helper()
	roles := choreoAs(t.Context(), t, kubeconfig, "rbac", "--for", "dora")
	if roles.exit != 0 {
		t.Fatalf("exit %d\n%s", roles.exit, roles.stderr)
	}
	if err := shared.lab.Apply(t.Context(), "", roles.stdout); err != nil {
		t.Fatal(err)
	}
	var r result
	if wait.PollUntilContextTimeout(t.Context(), time.Second, time.Minute, true, func(ctx context.Context) (bool, error) {
		r = choreoAs(ctx, t, kubeconfig, "trace", "greeter-service", "-n", "default")
		return r.exit == 0 && !strings.Contains(r.stdout, "orbidden"), nil
	}) != nil {
		t.Errorf("with the roles: exit %d, want 0\n%s%s", r.exit, r.stdout, r.stderr)
	}
}

func TestBadInput(t *testing.T) {
	kubeconfig := shared.lab.Kubeconfig("")
	unreachable := filepath.Join(t.TempDir(), "dead")
	config := clientcmdapi.NewConfig()
	config.Clusters["x"] = &clientcmdapi.Cluster{Server: "https://127.0.0.1:1"}
	config.Contexts["x"] = &clientcmdapi.Context{Cluster: "x"}
	config.CurrentContext = "x"
	if err := clientcmd.WriteToFile(*config, unreachable); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, kubeconfig, text string
		args                   []string
	}{
		{"NearName", kubeconfig, "did you mean greeter-service", []string{"trace", "greter-service", "-n", "default"}},
		{"OtherNamespace", kubeconfig, "use -n", []string{"trace", "greeter-service", "-n", "kube-system"}},
		{"OtherProject", kubeconfig, "belongs to project demo, not to shop", []string{"trace", "greeter-service", "-n", "default", "-p", "shop"}},
		{"NoOpenChoreo", shared.lab.Kubeconfig("prod"), "version 1.0 or later", []string{"trace", "greeter-service", "-n", "default"}},
		{"Unreachable", unreachable, "reach the cluster at https://127.0.0.1:1", []string{"trace", "greeter-service", "--request-timeout", "2s"}},
		{"NoKubeconfig", filepath.Join(t.TempDir(), "none"), "--kubeconfig", []string{"trace", "greeter-service", "--context", "none"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.kubeconfig == "" {
				t.Skip("the lab has no second cluster")
			}
			r := choreoAs(t.Context(), t, c.kubeconfig, c.args...)
			if r.exit != 1 || !strings.Contains(r.stderr, c.text) || r.stdout != "" {
				t.Errorf("exit %d, want 1 and %q on stderr only\nstdout: %s\nstderr: %s", r.exit, c.text, r.stdout, r.stderr)
			}
			if lines := strings.Count(strings.TrimSpace(r.stderr), "\n"); lines > 0 {
				t.Errorf("%d lines, want one:\n%s", lines+1, r.stderr)
			}
		})
	}
}
