package e2e

import (
	"context"
	"testing"
	"time"
)

// TestFrozenController: every Kustomization says Ready=True, because who should apply the new commit does not run. A
// frozen controller breaks all tenants, so this test runs alone.
func TestFrozenController(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	s := scenario{name: "kustomization-behind", limit: time.Minute, want: want{exit: 0, verdict: "Healthy"}}
	n := s.healthyTenant(ctx, t)
	s.await(ctx, t, n)
	freeze(t, "kustomize-controller")
	if err := image("1.0.1")(ctx, n); err != nil {
		t.Fatal(err)
	}
	s.limit = 4 * time.Minute
	s.want = want{
		exit: 2, verdict: "Failed", rung: "kustomization", code: "KustomizationBehind", kind: "Kustomization", object: "oc-TENANT-namespaces", message: "applied main@sha1:",
	}
	s.await(ctx, t, n)
	if *record {
		s.record(ctx, t, n)
	}
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
