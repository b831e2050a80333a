package e2e

import (
	"context"
	"fmt"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/client"
)

// TestFrozenControllers: who should act does not run, and every condition keeps saying what was true before. A frozen
// controller breaks all tenants, so this test runs alone; the clocks of its three tenants run together.
func TestFrozenControllers(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 12*time.Minute)
	defer cancel()
	hooked, unseen, behind := frozenScenario("webhook-down"), frozenScenario("generation-not-observed"), frozenScenario("kustomization-behind")
	hooked.fault = "OpenChoreo's manager hangs, and with it its webhooks, while a commit is to be applied"
	unseen.fault = "OpenChoreo's manager hangs while somebody changes a ProjectReleaseBinding"
	behind.fault = "kustomize-controller hangs while a commit is to be applied"
	tenants := map[string]*tenant{}
	for _, s := range []scenario{hooked, unseen, behind} {
		tenants[s.name] = s.healthyTenant(ctx, t)
		s.await(ctx, t, tenants[s.name])
	}
	freeze(t, "openchoreo-manager")
	if err := image("1.0.1")(ctx, tenants[hooked.name]); err != nil {
		t.Fatal(err)
	}
	if err := shared.lab.Patch(ctx, tenants[unseen.name].Choreo("ProjectReleaseBinding", "demo-development"), `{"spec":{"projectRelease":"ghost"}}`); err != nil {
		t.Fatal(err)
	}
	hooked.expect(ctx, t, tenants, failed("delivery", "", "WebhookUnavailable", "Kustomization", "oc-TENANT-projects", "failed calling webhook"))
	freeze(t, "kustomize-controller")
	if err := image("1.0.1")(ctx, tenants[behind.name]); err != nil {
		t.Fatal(err)
	}
	unseen.expect(ctx, t, tenants, failed("cell", "development", "GenerationNotObserved", "ProjectReleaseBinding", "demo-development", "generation"))
	behind.expect(ctx, t, tenants, failed("delivery", "", "KustomizationBehind", "Kustomization", "oc-TENANT-namespaces", "applied main@sha1:"))
	lapse(ctx, t, "kustomize-controller-leader-election")
	gone := behind
	gone.name, gone.namespace = "controller-not-running", behind.name
	gone.fault = "kustomize-controller hangs, and its Lease is not renewed"
	gone.expect(ctx, t, tenants, failed("delivery", "", "ControllerNotRunning", "Lease", "kustomize-controller-leader-election", "has not renewed"))
}

// TestFrozenAgent: every condition of the ReleaseBinding is True for the new release while the old image runs, until the
// gateway misses the agent. It runs alone, as all tenants share the agent.
func TestFrozenAgent(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	s := frozenScenario("generation-not-applied")
	s.fault = "the agent hangs while a new image is released: every condition of the ReleaseBinding is True, and the old image runs"
	n := s.healthyTenant(ctx, t)
	s.await(ctx, t, n)
	freeze(t, "cluster-agent-default")
	if err := image("1.0.1")(ctx, n); err != nil {
		t.Fatal(err)
	}
	s.expect(ctx, t, map[string]*tenant{s.name: n}, want{exit: 3, verdict: "Progressing", waits: "development/rendered", says: "but the data plane has generation 1"})
}

func frozenScenario(name string) scenario {
	return scenario{name: name, limit: time.Minute, want: want{exit: 0, verdict: "Healthy"}}
}

func (s scenario) expect(ctx context.Context, t *testing.T, tenants map[string]*tenant, w want) {
	t.Helper()
	s.limit, s.want = 4*time.Minute, w
	n := tenants[s.tenantName()]
	s.await(ctx, t, n)
	if *record {
		recordAs(ctx, t, s.name, s)
	}
}

// lapse writes the Lease of a controller that was last renewed an hour ago: in the lab controllers elect no leader.
func lapse(ctx context.Context, t *testing.T, name string) {
	t.Helper()
	lease := client.Object{Kind: schema.GroupKind{Group: "coordination.k8s.io", Kind: "Lease"}, Namespace: "flux-system", Name: name}
	if err := shared.lab.Apply(ctx, "", fmt.Sprintf("apiVersion: coordination.k8s.io/v1\nkind: Lease\nmetadata: {name: %s, namespace: flux-system}\nspec: {holderIdentity: one, leaseDurationSeconds: 35, renewTime: %q}\n",
		name, time.Now().Add(-time.Hour).UTC().Format("2006-01-02T15:04:05.000000Z"))); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := shared.lab.Delete(ctx, lease); err != nil {
			t.Error(err)
		}
	})
}

func freeze(t *testing.T, part string) {
	t.Helper()
	if err := shared.lab.Pause(part); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := shared.lab.Continue(part); err != nil {
			t.Error(err)
		}
	})
}
