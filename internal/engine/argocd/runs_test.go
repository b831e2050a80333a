package argocd

import (
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile/reconciletest"
)

// TestRuns expects the last sync that has ended.
func TestRuns(t *testing.T) {
	t.Parallel()
	for operation, want := range map[string]engine.Runs{
		`{}`: {},
		`{startedAt: "2026-11-21T12:00:00Z", phase: Running}`:                     {},
		`{startedAt: "2026-11-21T11:59:30Z", finishedAt: "2026-11-21T12:00:00Z"}`: {LastEnd: reconciletest.Noon, LastDuration: 30 * time.Second},
		`{startedAt: "2026-11-21T12:00:01Z", finishedAt: "2026-11-21T12:00:00Z"}`: {LastEnd: reconciletest.Noon},
	} {
		o := reconciletest.Object(t, `{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: a}, status: {operationState: `+operation+`}}`)
		if got := (Engine{}).Runs(o.Body); got != want {
			t.Errorf("%s: %+v, want %+v", operation, got, want)
		}
	}
}
