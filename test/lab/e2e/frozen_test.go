package e2e

import (
	"context"
	"errors"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab"
)

// TestFrozenControllers: every condition says yes, because who should have said no does not run. Freezing a controller
// breaks all tenants, so this test runs alone.
func TestFrozenControllers(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	behind := scenario{name: "kustomization-behind", limit: 4 * time.Minute, want: want{
		exit: 2, verdict: "Failed", rung: "kustomization", code: "KustomizationBehind", kind: "Kustomization", object: "oc-TENANT-namespaces", message: "applied main@sha1:",
	}}
	old := scenario{name: "old-generation-ready", args: []string{"-e", "development"}, limit: 4 * time.Minute, want: want{
		exit: 2, verdict: "Failed", rung: "rendered", environment: "development", code: "GenerationNotApplied", kind: "RenderedRelease", object: "greeter-service-development", message: "rendered generation 2, but the plane has generation 1",
	}}
	behindTenant, oldTenant := behind.healthyTenant(ctx, t), old.healthyTenant(ctx, t)
	freeze(t, "cluster-agent-default")
	if err := image("1.0.1")(ctx, oldTenant); err != nil {
		t.Fatal(err)
	}
	if err := shared.lab.WaitFor(ctx, oldTenant.Choreo("ReleaseBinding", "greeter-service-development"), secondGenerationReady); err != nil {
		t.Fatal(err)
	}
	freeze(t, "kustomize-controller")
	if err := image("1.0.1")(ctx, behindTenant); err != nil {
		t.Fatal(err)
	}
	behind.await(ctx, t, behindTenant)
	old.await(ctx, t, oldTenant)
	if *record {
		behind.record(ctx, t, behindTenant)
		old.record(ctx, t, oldTenant)
	}
}

// secondGenerationReady is the lie: the binding is Ready for the new generation, by the health of the old one.
func secondGenerationReady(u *unstructured.Unstructured) error {
	if err := lab.HasCondition(u, "Ready", "True", "Ready"); err != nil {
		return err
	}
	if u.GetGeneration() != 2 {
		return errors.New("it has not seen the new release")
	}
	return nil
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
