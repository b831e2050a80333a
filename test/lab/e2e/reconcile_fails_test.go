package e2e

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
)

// TestReconcileFails expects that permanent failures end the run before its timeout, with the message of the controller.
func TestReconcileFails(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 12*time.Minute)
	defer cancel()
	n := scenario{name: "reconcile-fails" + *suffix}.healthyTenant(ctx, t)
	workload := filepath.Join(n.ComponentDir("greeter-service"), "workload.yaml")
	testFailure := func(name string, texts []string, edit func(c *gitops.Checkout) error) {
		t.Run(name, func(t *testing.T) {
			n.push(ctx, t, "break: "+name, edit)
			n.reconcile(ctx, t, outcome{exit: 2, contains: texts, within: 2 * slow}, "greeter-service", "--wait", "--revision", "HEAD")
			if _, err := n.Revert(ctx); err != nil {
				t.Fatal(err)
			}
			n.reconcile(ctx, t, outcome{exit: 0, contains: []string{"Healthy in development"}, within: 2 * slow}, "greeter-service", "--wait", "--revision", "HEAD")
		})
	}
	testFailure("Build", []string{"Failed after", "MalformedYAMLError", "workload.yaml", "KustomizationBuildFailed"}, func(c *gitops.Checkout) error {
		return c.Write(workload, "spec:\n  endpoints: {http: {port: [9090}\n")
	})
	testFailure("DryRun", []string{"Failed after", ".spec.replicaz: field not declared in schema", "KustomizationDryRunFailed"}, func(c *gitops.Checkout) error {
		return c.Set(filepath.Join(c.ComponentDir("greeter-service"), "component.yaml"), int64(3), "spec", "replicaz")
	})
	testFailure("Dependency", []string{"oc-TENANT-platform failed", "oc-TENANT-projects not attempted"}, func(c *gitops.Checkout) error {
		return c.Write(filepath.Join("namespaces", c.Options.Namespace, "platform", "qa.yaml"), "apiVersion: openchoreo.dev/v1alpha1\nkind: [Environment\n")
	})
	testFailure("Image", []string{"Reconciled in", "ImagePullBackOff"}, func(c *gitops.Checkout) error {
		_, err := c.Release("greeter-service", "missing", "development")
		return err
	})
	t.Run("HealthCheck", func(t *testing.T) {
		n.push(ctx, t, "break the image", func(c *gitops.Checkout) error {
			_, err := c.Release("greeter-service", "missing", "development")
			return err
		})
		n.reconcile(ctx, t, outcome{exit: 2, contains: []string{"ImagePullBackOff"}, within: 2 * slow}, "greeter-service", "--wait", "--revision", "HEAD")
		n.enableWait(ctx, t, "30s")
		n.reconcile(ctx, t, outcome{exit: 2, contains: []string{"Failed after", "health check failed after", "ImagePullBackOff"}, within: 2 * slow}, "greeter-service", "--full")
		// The trace of the component reports the permanent failure before the timeout of the Kustomization.
		n.enableWait(ctx, t, "10m")
		n.reconcile(ctx, t, outcome{exit: 2, contains: []string{"Failed after", "Running health checks", "ImagePullBackOff"}, within: 2 * slow}, "greeter-service", "--full", "--wait")
	})
}

// enableWait sets spec.wait of the Kustomization.
func (n *tenant) enableWait(ctx context.Context, t *testing.T, timeout string) {
	t.Helper()
	if err := shared.lab.Patch(ctx, n.Kustomization("projects"), fmt.Sprintf(`{"spec":{"wait":true,"timeout":%q}}`, timeout)); err != nil {
		t.Fatal(err)
	}
}
