package e2e

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
)

// TestReconcileHeals: what Flux and OpenChoreo leave behind, each by itself content, comes back without anybody's hands.
func TestReconcileHeals(t *testing.T) {
	t.Parallel()
	healthy := func(says ...string) outcome {
		return outcome{exit: 0, says: append(says, "Healthy in development"), within: 4 * time.Minute}
	}
	t.Run("StaleNotFound", func(t *testing.T) {
		t.Parallel()
		ctx, n := healing(t, "heal-stale")
		if err := bindBeforeRelease(ctx, n); err != nil {
			t.Fatal(err)
		}
		kubeconfig, err := rightsToReconcile()
		if err != nil {
			t.Fatal(err)
		}
		// The new release is bound in staging alone, so development stays behind.
		want := outcome{exit: 3, says: []string{"Re-triggered ReleaseBinding TENANT/greeter-service-staging", "is not deployed in development"}, within: 4 * time.Minute}
		n.choreoAs(ctx, t, kubeconfig, want, "reconcile", "greeter-service", "--wait")
	})
	t.Run("DeletedByHand", func(t *testing.T) {
		t.Parallel()
		ctx, n := healing(t, "heal-deleted")
		if err := shared.lab.Delete(ctx, n.Choreo("Component", "greeter-service")); err != nil {
			t.Fatal(err)
		}
		if err := shared.lab.WaitFor(ctx, n.Choreo("Component", "greeter-service"), gone); err != nil {
			t.Fatal(err)
		}
		n.reconcile(ctx, t, healthy("Re-triggered Kustomization flux-system/oc-TENANT-projects"), "greeter-service", "--wait")
	})
	t.Run("AppliedOntoTheDying", func(t *testing.T) {
		t.Parallel()
		ctx, n := healing(t, "heal-dying")
		n.emptied(ctx, t)
		n.reconcile(ctx, t, healthy("staging"), "greeter-service", "--wait", "--revision", "HEAD", "--timeout", "4m")
	})
}

func healing(t *testing.T, name string) (context.Context, *tenant) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	t.Cleanup(cancel)
	return ctx, scenario{name: name + *suffix}.healthyTenant(ctx, t)
}

// emptied commits a kustomization.yaml that lists nothing, and takes it back as soon as the first object is dying.
func (n *tenant) emptied(ctx context.Context, t *testing.T) {
	t.Helper()
	file := filepath.Join("namespaces", n.Namespace, "projects", "kustomization.yaml")
	before, err := os.ReadFile(filepath.Join(n.Repo.Dir, file))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	if _, err := n.Commit(ctx, "tidy up", func(c *gitops.Checkout) error {
		return c.Write(file, "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: []\n")
	}); err != nil {
		t.Fatal(err)
	}
	if err := shared.lab.WaitFor(ctx, n.Choreo("Component", "greeter-service"), func(u *unstructured.Unstructured) error {
		if u != nil && u.GetDeletionTimestamp() == nil {
			return fmt.Errorf("nobody has deleted it")
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	n.push(ctx, t, "bring it back", func(c *gitops.Checkout) error {
		if len(before) == 0 {
			return c.Remove(file)
		}
		return c.Write(file, string(before))
	})
}

// TestReconcileOutage breaks what all tenants share, so it runs alone.
func TestReconcileOutage(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	n := scenario{name: "reconcile-outage" + *suffix}.healthyTenant(ctx, t)
	for i, controller := range []string{"kustomize-controller", "source-controller"} {
		t.Run(controller, func(t *testing.T) {
			freeze(t, controller)
			n.push(ctx, t, "break nothing", replicas(int64(2+i)))
			n.reconcile(ctx, t, outcome{exit: 3, says: []string{"not responding", controller}, within: 2 * slow}, "greeter-service", "--wait", "--full")
		})
	}
	t.Run("APIServer", func(t *testing.T) { n.restarted(ctx, t) })
	t.Run("Interrupted", func(t *testing.T) { n.interrupted(ctx, t) })
}

// restarted: the API server goes away when the first object was asked, and comes back.
func (n *tenant) restarted(ctx context.Context, t *testing.T) {
	t.Helper()
	n.push(ctx, t, "release an image", func(c *gitops.Checkout) error {
		_, err := c.Release("greeter-service", "1.0.1", "development")
		return err
	})
	code, said := n.during(ctx, t, "oc-"+n.Namespace+"  asked", func(*os.Process) {
		if err := errors.Join(shared.lab.Stop(ctx, "kube-apiserver"), shared.lab.Restart("kube-apiserver")); err != nil {
			t.Error(err)
		}
	}, "--revision", "HEAD")
	if code != 0 || !contains(said, "Healthy in development") {
		t.Errorf("exit %d, want 0 and a healthy component:\n%s", code, said)
	}
}

// interrupted: Ctrl-C ends the tool, and what was asked goes on.
func (n *tenant) interrupted(ctx context.Context, t *testing.T) {
	t.Helper()
	freeze(t, "kustomize-controller")
	code, said := n.during(ctx, t, "oc-"+n.Namespace+"-namespaces  asked", func(tool *os.Process) { _ = tool.Signal(os.Interrupt) }, "--full")
	if want := "still running in the cluster: Kustomization flux-system/oc-" + n.Namespace + "-namespaces"; code != 130 || !contains(said, want) {
		t.Errorf("exit %d, want 130 and %q:\n%s", code, want, said)
	}
}

// during runs a reconcile and acts when it says those words; it returns the exit code and all that was said.
func (n *tenant) during(ctx context.Context, t *testing.T, words string, act func(*os.Process), args ...string) (int, string) {
	t.Helper()
	r := n.whileRunning(ctx, t, words, act, append([]string{"reconcile", "greeter-service", "--wait"}, args...)...)
	return r.exit, r.stdout + r.stderr
}

// whileRunning runs a command in the tenant's clone, and acts when it says those words on its standard error.
func (n *tenant) whileRunning(ctx context.Context, t *testing.T, words string, act func(*os.Process), args ...string) result {
	t.Helper()
	cmd := command(ctx, n.Repo.Dir, shared.lab.Kubeconfig(""), append(args, "-n", n.Namespace)...)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stdout strings.Builder
	cmd.Stdout = &stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said := untilSaid(t, stderr, words, func() { act(cmd.Process) })
	_ = cmd.Wait()
	return result{stdout.String(), said, cmd.ProcessState.ExitCode()}
}

// untilSaid calls then when the words have been said, and returns all that was said until the end.
func untilSaid(t *testing.T, from io.Reader, words string, then func()) string {
	t.Helper()
	var said strings.Builder
	lines := bufio.NewScanner(from)
	for lines.Scan() {
		said.WriteString(lines.Text() + "\n")
		if then != nil && contains(lines.Text(), words) {
			then()
			then = nil
		}
	}
	if then != nil {
		t.Errorf("it never said %q", words)
	}
	return said.String()
}

func gone(u *unstructured.Unstructured) error {
	if u != nil {
		return fmt.Errorf("it is still there")
	}
	return nil
}
