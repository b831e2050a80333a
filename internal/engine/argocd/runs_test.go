package argocd

import (
	"slices"
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

// TestHistoryOf expects the successful syncs, the newest first.
func TestHistoryOf(t *testing.T) {
	t.Parallel()
	o := reconciletest.Object(t, `{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: a}, status: {history: [
	  {revision: main, deployedAt: "2026-11-21T11:00:00Z"}, {revisions: [charts, "0123456789012345678901234567890123456789"], deployedAt: "2026-11-21T12:00:00Z"}, {revision: b}]}}`)
	noon, before := reconciletest.Noon, reconciletest.Noon.Add(-time.Hour)
	want := []engine.Applied{{Revision: "sha1:0123456789012345678901234567890123456789", First: noon, Last: noon, Runs: 1}, {Revision: "main", First: before, Last: before, Runs: 1}}
	if got := (Engine{}).History(o.Body); !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}
