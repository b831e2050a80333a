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

// TestReconcileHeals expects that reconcile fixes states in which Flux and OpenChoreo do not retry.
func TestReconcileHeals(t *testing.T) {
	t.Parallel()
	healthy := func(texts ...string) outcome {
		return outcome{exit: 0, contains: append(texts, "Healthy in development"), within: 4 * time.Minute}
	}
	t.Run("StaleNotFound", func(t *testing.T) {
		t.Parallel()
		ctx, n := recoveryTenant(t, "heal-stale")
		if err := bindBeforeRelease(ctx, n); err != nil {
			t.Fatal(err)
		}
		kubeconfig, err := rightsToReconcile()
		if err != nil {
			t.Fatal(err)
		}
		// The new release is bound only in staging, so development is outdated.
		want := outcome{exit: 3, contains: []string{"Re-triggered ReleaseBinding TENANT/greeter-service-staging", "is not deployed in development"}, within: 4 * time.Minute}
		n.choreoAs(ctx, t, kubeconfig, want, "reconcile", "greeter-service", "--wait")
	})
	t.Run("DeletedByHand", func(t *testing.T) {
		t.Parallel()
		ctx, n := recoveryTenant(t, "heal-deleted")
		if err := shared.lab.Delete(ctx, n.Choreo("Component", "greeter-service")); err != nil {
			t.Fatal(err)
		}
		if err := shared.lab.WaitFor(ctx, n.Choreo("Component", "greeter-service"), isDeleted); err != nil {
			t.Fatal(err)
		}
		n.reconcile(ctx, t, healthy("Re-triggered Kustomization flux-system/oc-TENANT-projects"), "greeter-service", "--wait")
	})
	t.Run("AppliedDuringDeletion", func(t *testing.T) {
		t.Parallel()
		ctx, n := recoveryTenant(t, "heal-dying")
		n.emptyAndRestore(ctx, t)
		n.reconcile(ctx, t, healthy("staging"), "greeter-service", "--wait", "--revision", "HEAD", "--timeout", "4m")
	})
}

func recoveryTenant(t *testing.T, name string) (context.Context, *tenant) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	t.Cleanup(cancel)
	return ctx, scenario{name: name + *suffix}.healthyTenant(ctx, t)
}

// emptyAndRestore commits a kustomization.yaml without resources, and reverts it as soon as the first object is terminating.
func (n *tenant) emptyAndRestore(ctx context.Context, t *testing.T) {
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
			return fmt.Errorf("no deletionTimestamp is set")
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

// TestReconcileOutage affects all tenants, so it does not run in parallel.
func TestReconcileOutage(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	n := scenario{name: "reconcile-outage" + *suffix}.healthyTenant(ctx, t)
	for i, controller := range []string{"kustomize-controller", "source-controller"} {
		t.Run(controller, func(t *testing.T) {
			pausePart(t, controller)
			n.push(ctx, t, "break nothing", replicas(int64(2+i)))
			n.reconcile(ctx, t, outcome{exit: 3, contains: []string{"not responding", controller}, within: 2 * slow}, "greeter-service", "--wait", "--full")
		})
	}
	t.Run("APIServer", func(t *testing.T) { n.testAPIServerRestart(ctx, t) })
	t.Run("Interrupted", func(t *testing.T) { n.testInterrupt(ctx, t) })
}

// testAPIServerRestart restarts the API server after the first request to reconcile.
func (n *tenant) testAPIServerRestart(ctx context.Context, t *testing.T) {
	t.Helper()
	n.push(ctx, t, "release an image", func(c *gitops.Checkout) error {
		_, err := c.Release("greeter-service", "1.0.1", "development")
		return err
	})
	code, output := n.reconcileAndAct(ctx, t, "oc-"+n.Namespace+"  asked", func(*os.Process) {
		if err := errors.Join(shared.lab.Stop(ctx, "kube-apiserver"), shared.lab.Restart("kube-apiserver")); err != nil {
			t.Error(err)
		}
	}, "--revision", "HEAD")
	if code != 0 || !contains(output, "Healthy in development") {
		t.Errorf("exit %d, want 0 and a healthy component:\n%s", code, output)
	}
}

// testInterrupt expects that an interrupt ends the program, while the requested reconciliations continue.
func (n *tenant) testInterrupt(ctx context.Context, t *testing.T) {
	t.Helper()
	pausePart(t, "kustomize-controller")
	code, output := n.reconcileAndAct(ctx, t, "oc-"+n.Namespace+"-namespaces  asked", func(tool *os.Process) { _ = tool.Signal(os.Interrupt) }, "--full")
	if want := "still running in the cluster: Kustomization flux-system/oc-" + n.Namespace + "-namespaces"; code != 130 || !contains(output, want) {
		t.Errorf("exit %d, want 130 and %q:\n%s", code, want, output)
	}
}

// reconcileAndAct runs reconcile, and calls act when it prints a text. It returns the exit code and the output.
func (n *tenant) reconcileAndAct(ctx context.Context, t *testing.T, text string, act func(*os.Process), args ...string) (int, string) {
	t.Helper()
	r := n.runAndActOnStderr(ctx, t, text, act, append([]string{"reconcile", "greeter-service", "--wait"}, args...)...)
	return r.exit, r.stdout + r.stderr
}

// runAndActOnStderr runs a command in the tenant's clone, and calls act when its standard error contains a text.
func (n *tenant) runAndActOnStderr(ctx context.Context, t *testing.T, text string, act func(*os.Process), args ...string) result {
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
	output := readOutput(t, stderr, text, func() { act(cmd.Process) })
	_ = cmd.Wait()
	return result{stdout.String(), output, cmd.ProcessState.ExitCode()}
}

// readOutput reads until EOF, and calls then at the first line that contains a text. It returns the output.
func readOutput(t *testing.T, from io.Reader, text string, then func()) string {
	t.Helper()
	var output strings.Builder
	lines := bufio.NewScanner(from)
	for lines.Scan() {
		output.WriteString(lines.Text() + "\n")
		if then != nil && contains(lines.Text(), text) {
			then()
			then = nil
		}
	}
	if then != nil {
		t.Errorf("no line of the output contains %q", text)
	}
	return output.String()
}

func isDeleted(u *unstructured.Unstructured) error {
	if u != nil {
		return fmt.Errorf("the object still exists")
	}
	return nil
}
