package e2e

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/client"
)

// TestReconcileIsRefused expects that all blockers are reported before anything is written.
func TestReconcileIsRefused(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	n := scenario{name: "reconcile-refused" + *suffix}.healthyTenant(ctx, t)
	n.push(ctx, t, "run two", replicas(2))
	before := n.requestedAt(ctx, t)
	suspend := func(t *testing.T, o client.Object, value bool) {
		t.Helper()
		if err := shared.lab.Patch(ctx, o, fmt.Sprintf(`{"spec":{"suspend":%t}}`, value)); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("Suspended", func(t *testing.T) {
		suspend(t, n.Source(), true)
		suspend(t, n.Kustomization("platform"), true)
		defer suspend(t, n.Kustomization("platform"), false)
		defer suspend(t, n.Source(), false)
		n.reconcile(ctx, t, outcome{exit: 2, contains: []string{"Nothing was triggered", "GitRepository flux-system/oc-TENANT: ", "Kustomization flux-system/oc-TENANT-platform: ", "suspend"}, within: slow}, "greeter-service", "--wait")
	})
	t.Run("NoRight", func(t *testing.T) {
		kubeconfig, err := documentedRights()
		if err != nil {
			t.Fatal(err)
		}
		n.choreoAs(ctx, t, kubeconfig, outcome{exit: 4, contains: []string{"Nothing was triggered", "patch"}, within: slow}, "reconcile", "greeter-service", "--wait")
	})
	t.Run("DocumentedRights", func(t *testing.T) {
		kubeconfig, err := rightsToReconcile()
		if err != nil {
			t.Fatal(err)
		}
		n.choreoAs(ctx, t, kubeconfig, outcome{exit: 0, contains: []string{"oc-TENANT-projects"}, within: slow}, "reconcile", "greeter-service", "--dry-run")
	})
	t.Run("Cycle", func(t *testing.T) {
		set := func(dependsOn string) {
			if err := shared.lab.Patch(ctx, n.Kustomization("namespaces"), `{"spec":{"dependsOn":`+dependsOn+`}}`); err != nil {
				t.Fatal(err)
			}
		}
		set(`[{"name":"oc-` + n.Namespace + `-projects"}]`)
		defer set("null")
		n.reconcile(ctx, t, outcome{exit: 2, contains: []string{"oc-TENANT-projects -> ", "-> oc-TENANT-namespaces"}, within: slow}, "greeter-service", "--wait")
	})
	if after := n.requestedAt(ctx, t); after != before {
		t.Errorf("annotation %q was written despite blockers", after)
	}
	kubeconfig, err := rightsToReconcile()
	if err != nil {
		t.Fatal(err)
	}
	n.choreoAs(ctx, t, kubeconfig, outcome{exit: 0, contains: []string{"Healthy in development"}, within: slow}, "reconcile", "greeter-service", "--wait", "--revision", "HEAD")
}
