package e2e

import (
	"context"
	"fmt"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/client"
)

// TestFrozenControllers pauses controllers: all conditions keep their previous values. It affects all tenants, so it does not run in
// parallel with other tests. Its own three tenants wait at the same time.
func TestFrozenControllers(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 12*time.Minute)
	defer cancel()
	webhookDown, notObserved, notReconciled := healthyScenario("webhook-down"), healthyScenario("generation-not-observed"), healthyScenario("kustomization-behind")
	webhookDown.fault = "OpenChoreo's manager hangs, and with it its webhooks, while a commit is to be applied"
	notObserved.fault = "OpenChoreo's manager hangs while somebody changes a ProjectReleaseBinding"
	notReconciled.fault = "kustomize-controller hangs while a commit is to be applied"
	tenants := map[string]*tenant{}
	for _, s := range []scenario{webhookDown, notObserved, notReconciled} {
		tenants[s.name] = s.healthyTenant(ctx, t)
		s.await(ctx, t, tenants[s.name])
	}
	pausePart(t, "openchoreo-manager")
	if err := image("1.0.1")(ctx, tenants[webhookDown.name]); err != nil {
		t.Fatal(err)
	}
	if err := shared.lab.Patch(ctx, tenants[notObserved.name].Choreo("ProjectReleaseBinding", "demo-development"), `{"spec":{"projectRelease":"ghost"}}`); err != nil {
		t.Fatal(err)
	}
	webhookDown.expect(ctx, t, tenants, failed("delivery", "", "WebhookUnavailable", "Kustomization", "oc-TENANT-projects", "failed calling webhook"))
	pausePart(t, "kustomize-controller")
	if err := image("1.0.1")(ctx, tenants[notReconciled.name]); err != nil {
		t.Fatal(err)
	}
	notObserved.expect(ctx, t, tenants, failed("cell", "development", "GenerationNotObserved", "ProjectReleaseBinding", "demo-development", "generation"))
	notReconciled.expect(ctx, t, tenants, failed("delivery", "", "KustomizationBehind", "Kustomization", "oc-TENANT-namespaces", "applied main@sha1:"))
	expireLease(ctx, t, "kustomize-controller-leader-election")
	notRunning := notReconciled
	notRunning.name, notRunning.namespace = "controller-not-running", notReconciled.name
	notRunning.fault = "kustomize-controller hangs, and its Lease is not renewed"
	notRunning.expect(ctx, t, tenants, failed("delivery", "", "ControllerNotRunning", "Lease", "kustomize-controller-leader-election", "has not renewed"))
}

// TestFrozenAgent pauses the agent: every condition of the ReleaseBinding is True for the new release while the old image runs, until
// the gateway detects the missing heartbeats. All tenants share the agent, so it does not run in parallel.
func TestFrozenAgent(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	s := healthyScenario("generation-not-applied")
	s.fault = "the agent hangs while a new image is released: every condition of the ReleaseBinding is True, and the old image runs"
	n := s.healthyTenant(ctx, t)
	s.await(ctx, t, n)
	pausePart(t, "cluster-agent-default")
	if err := image("1.0.1")(ctx, n); err != nil {
		t.Fatal(err)
	}
	s.expect(ctx, t, map[string]*tenant{s.name: n}, want{exit: 3, verdict: "Progressing", progressing: "development/rendered", contains: "but the data plane has generation 1"})
}

func healthyScenario(name string) scenario {
	return scenario{name: name, timeout: time.Minute, want: want{exit: 0, verdict: "Healthy"}}
}

func (s scenario) expect(ctx context.Context, t *testing.T, tenants map[string]*tenant, w want) {
	t.Helper()
	s.timeout, s.want = 4*time.Minute, w
	n := tenants[s.tenantName()]
	s.await(ctx, t, n)
	if *record {
		recordAs(ctx, t, s.name, s)
	}
}

// expireLease creates a Lease that was renewed an hour ago. Controllers in the lab use no leader election.
func expireLease(ctx context.Context, t *testing.T, name string) {
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

func pausePart(t *testing.T, part string) {
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
