package e2e

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
)

// TestReconcileFails: what cannot heal ends the run long before its time is out, in the words of who refuses.
func TestReconcileFails(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 12*time.Minute)
	defer cancel()
	n := scenario{name: "reconcile-fails" + *suffix}.healthyTenant(ctx, t)
	workload := filepath.Join(n.ComponentDir("greeter-service"), "workload.yaml")
	fails := func(name string, says []string, edit func(c *gitops.Checkout) error) {
		t.Run(name, func(t *testing.T) {
			n.push(ctx, t, "break: "+name, edit)
			n.reconcile(ctx, t, outcome{exit: 2, says: says, within: 2 * slow}, "greeter-service", "--wait", "--revision", "HEAD")
			if _, err := n.Revert(ctx); err != nil {
				t.Fatal(err)
			}
			n.reconcile(ctx, t, outcome{exit: 0, says: []string{"Healthy in development"}, within: 2 * slow}, "greeter-service", "--wait", "--revision", "HEAD")
		})
	}
	fails("Build", []string{"Failed after", "MalformedYAMLError", "workload.yaml", "KustomizationBuildFailed"}, func(c *gitops.Checkout) error {
		return c.Write(workload, "spec:\n  endpoints: {http: {port: [9090}\n")
	})
	fails("DryRun", []string{"Failed after", ".spec.replicaz: field not declared in schema", "KustomizationDryRunFailed"}, func(c *gitops.Checkout) error {
		return c.Set(filepath.Join(c.ComponentDir("greeter-service"), "component.yaml"), int64(3), "spec", "replicaz")
	})
	fails("Dependency", []string{"oc-TENANT-platform failed", "oc-TENANT-projects not attempted"}, func(c *gitops.Checkout) error {
		return c.Write(filepath.Join("namespaces", c.Options.Namespace, "platform", "qa.yaml"), "apiVersion: openchoreo.dev/v1alpha1\nkind: [Environment\n")
	})
	fails("Image", []string{"Reconciled in", "ImagePullBackOff"}, func(c *gitops.Checkout) error {
		_, err := c.Release("greeter-service", "missing", "development")
		return err
	})
	t.Run("HealthCheck", func(t *testing.T) {
		n.push(ctx, t, "break the image", func(c *gitops.Checkout) error {
			_, err := c.Release("greeter-service", "missing", "development")
			return err
		})
		n.reconcile(ctx, t, outcome{exit: 2, says: []string{"ImagePullBackOff"}, within: 2 * slow}, "greeter-service", "--wait", "--revision", "HEAD")
		n.waitsForHealth(ctx, t, "30s")
		n.reconcile(ctx, t, outcome{exit: 2, says: []string{"Failed after", "health check failed after", "ImagePullBackOff"}, within: 2 * slow}, "greeter-service", "--full")
		// Long before the time-out of the Kustomization, the component's own trace says what cannot heal.
		n.waitsForHealth(ctx, t, "10m")
		n.reconcile(ctx, t, outcome{exit: 2, says: []string{"Failed after", "Running health checks", "ImagePullBackOff"}, within: 2 * slow}, "greeter-service", "--full", "--wait")
	})
}

// waitsForHealth lets the Kustomization wait until all that it applied is healthy.
func (n *tenant) waitsForHealth(ctx context.Context, t *testing.T, timeout string) {
	t.Helper()
	if err := shared.lab.Patch(ctx, n.Kustomization("projects"), fmt.Sprintf(`{"spec":{"wait":true,"timeout":%q}}`, timeout)); err != nil {
		t.Fatal(err)
	}
}
