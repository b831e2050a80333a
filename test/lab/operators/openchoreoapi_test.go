package operators

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/addon"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/suite"
)

// remote is the data plane that is another cluster, and the name of its context.
const remote = "prod"

// twoWays is a component that is traced with a context for its plane, and through the API.
type twoWays struct {
	name string // of the component
	tag  string // of its image
	// then acts on the plane, once the component is healthy.
	then func(ctx context.Context, t *testing.T, namespace, name string)
	// again is true if OpenChoreo undoes what then did, after some seconds.
	again bool
	code  string // that fails or is found with a context; "" for none
	// through is the code through the API, where docs/multi-cluster.md lists a difference; "" for the same result.
	through string
}

func waysToFail() []twoWays {
	return []twoWays{
		{name: "well", tag: "1.0.0"},
		{name: "unpulled", tag: "missing", code: "ImagePullBackOff"},
		{name: "crashing", tag: "crash", code: "CrashLoopBackOff"},
		{name: "killed", tag: "oom", code: "OOMKilled"},
		{name: "unconfigured", tag: "badconfig", code: "ContainerConfigError"},
		{name: "unready", tag: "unready", code: "PodNotReady"},
		{name: "scaled", tag: "1.0.0", then: scaled, again: true, code: "ResourceDrift"},
		{name: "deleted", tag: "1.0.0", then: deleted, code: "ResourceNotFound", through: "Unreachable"},
	}
}

// TestOpenChoreoAPI: on a plane that is another cluster, the trace through the real openchoreo-api equals the trace with a context.
func TestOpenChoreoAPI(t *testing.T) {
	needs(t, "OpenChoreo API")
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), 14*time.Minute)
	t.Cleanup(cancel)
	n, err := shared.Lab.AddTenant(ctx, lab.TenantOptions{Namespace: "remote" + *suite.Suffix, DataPlane: remote, Components: []string{"greeter-service"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := shared.Lab.WaitForHealthy(ctx, n, "greeter-service", "development", 4*time.Minute); err != nil {
		t.Fatal(err)
	}
	deliver(ctx, t, n, "add components", func(c *gitops.Checkout) error {
		for _, w := range waysToFail() {
			release, err := c.AddComponent(w.name, "deployment/worker", w.tag)
			if err != nil {
				return err
			}
			if err := c.Bind(w.name, "development", release); err != nil {
				return err
			}
		}
		return nil
	})
	for _, w := range append(waysToFail(), twoWays{name: "greeter-service"}) {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			w.run(ctx, t, n.Namespace)
		})
	}
	t.Run("Fleet", func(t *testing.T) {
		t.Parallel()
		fleet(ctx, t, n.Namespace)
	})
	t.Run("Objects", func(t *testing.T) {
		t.Parallel()
		objects(ctx, t, n.Namespace)
	})
	t.Run("WithoutKubeconfig", func(t *testing.T) {
		t.Parallel()
		withoutKubeconfig(ctx, t, n.Namespace)
	})
	t.Run("Permissions", func(t *testing.T) {
		t.Parallel()
		permissions(ctx, t, n.Namespace)
	})
}

func (w twoWays) run(ctx context.Context, t *testing.T, namespace string) {
	t.Helper()
	kubeconfig := bothClusters(t)
	trace := func(plane ...string) suite.Result {
		args := append([]string{"trace", w.name, "-n", namespace, "-e", "development", "-o", "json"}, plane...)
		return shared.RunPlain(ctx, t, kubeconfig, args...)
	}
	if w.then != nil {
		await(ctx, t, func() error { return finds(trace("--plane", remote+"="+remote), "") })
		w.then(ctx, t, namespace, w.name)
	}
	through := []string{"--plane", remote + "=openchoreo", "--openchoreo-api", addressOf(addon.OpenAPI)}
	await(ctx, t, func() error {
		direct, api := trace("--plane", remote+"="+remote), trace(through...)
		if err := finds(direct, w.code); err != nil {
			if w.again {
				w.then(ctx, t, namespace, w.name)
			}
			return fmt.Errorf("with a context: %w", err)
		}
		if w.through != "" {
			return finds(api, w.through)
		}
		if diff := cmp.Diff(rungs(t, direct), rungs(t, api)); diff != "" || direct.Exit != api.Exit {
			return fmt.Errorf("exit %d with a context, %d through the API; rungs (-context +API)\n%s", direct.Exit, api.Exit, diff)
		}
		return namesCluster(api)
	})
}

// namesCluster returns an error if a printed command goes to the cluster of the plane: there is no context for it.
func namesCluster(api suite.Result) error {
	traced, err := suite.ParseTrace(api)
	if err != nil {
		return err
	}
	if traced.Failing == nil {
		return nil
	}
	for _, step := range traced.Failing.NextSteps {
		if step.Plane == remote {
			return fmt.Errorf("%s: %s", step.Role, step.Command)
		}
	}
	return nil
}

// await polls until check returns no error, and fails with the last one.
func await(ctx context.Context, t *testing.T, check func() error) {
	t.Helper()
	var last error
	if wait.PollUntilContextTimeout(ctx, 2*time.Second, 6*time.Minute, true, func(ctx context.Context) (bool, error) {
		if err := check(); ctx.Err() == nil {
			last = err
		}
		return last == nil, ctx.Err()
	}) != nil {
		t.Fatal(last)
	}
}

// finds returns an error if the result of a trace does not have a code; "" is the code of a healthy component.
func finds(r suite.Result, code string) error {
	traced, err := suite.ParseTrace(r)
	switch {
	case err != nil:
		return err
	case code == "" && (traced.Verdict != "Healthy" || r.Exit != 0), code != "" && !strings.Contains(r.Stdout, fmt.Sprintf(`"code": %q`, code)):
		return fmt.Errorf("exit %d, verdict %s, failing %+v; want %q", r.Exit, traced.Verdict, traced.Failing, code)
	}
	return nil
}

// rungs are those that a plane decides, and the verdict, without ages.
func rungs(t *testing.T, r suite.Result) []string {
	t.Helper()
	var traced struct {
		Verdict string
		Failing *struct{ Rung, Code, Message string }

		Environments []struct {
			Rungs []struct {
				ID, State, Summary string
				Reported           bool
				Findings           []struct{ Code, Severity, Message string }
			}
		}
	}
	if err := json.Unmarshal([]byte(r.Stdout), &traced); err != nil {
		t.Fatalf("read the trace: %v\n%s%s", err, r.Stdout, r.Stderr)
	}
	lines := []string{traced.Verdict}
	if f := traced.Failing; f != nil {
		lines = append(lines, f.Rung+" "+f.Code+" "+f.Message)
	}
	for _, e := range traced.Environments {
		for _, rung := range e.Rungs {
			line := fmt.Sprint(rung.ID, " ", rung.State, " ", rung.Summary, " ", rung.Reported)
			for _, f := range rung.Findings {
				line += fmt.Sprintf("\n  %s %s %s", f.Severity, f.Code, f.Message)
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// addressOf is the address of a process of the lab.
func addressOf(part string) string {
	for _, p := range shared.Lab.Parts() {
		if p.Name == part {
			return p.Address
		}
	}
	return ""
}

// bothClusters is a kubeconfig with a context for the plane.
func bothClusters(t *testing.T) string {
	t.Helper()
	both := clientcmdapi.NewConfig()
	both.CurrentContext = "control"
	for name, plane := range map[string]string{"control": "", remote: remote} {
		one, err := clientcmd.LoadFromFile(shared.Lab.Kubeconfig(plane))
		if err != nil {
			t.Fatalf("read the kubeconfig of plane %q: %v", plane, err)
		}
		current := one.Contexts[one.CurrentContext]
		both.Clusters[name], both.AuthInfos[name] = one.Clusters[current.Cluster], one.AuthInfos[current.AuthInfo]
		both.Contexts[name] = &clientcmdapi.Context{Cluster: name, AuthInfo: name}
	}
	path := filepath.Join(t.TempDir(), "kubeconfig")
	if err := clientcmd.WriteToFile(*both, path); err != nil {
		t.Fatalf("write the kubeconfig of both clusters: %v", err)
	}
	return path
}
