package flux

import (
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile/reconciletest"
)

// TestRuns expects the end and the duration of the newest run, and the sums of all entries. A history of releases counts no runs.
func TestRuns(t *testing.T) {
	t.Parallel()
	const newest = `{lastReconciled: "2026-11-21T12:00:00Z", lastReconciledDuration: 295.2ms, lastReconciledStatus: ReconciliationSucceeded, totalReconciliations: 3}`
	const failed = `{lastReconciled: "2026-11-21T11:00:00Z", lastReconciledDuration: 5m1s, lastReconciledStatus: HealthCheckFailed, totalReconciliations: 2}`
	for history, want := range map[string]engine.Runs{
		`[]`:                               {},
		`[` + newest + `]`:                 {LastEnd: reconciletest.Noon, LastDuration: 295200 * time.Microsecond, Total: 3},
		`[` + newest + `, ` + failed + `]`: {LastEnd: reconciletest.Noon, LastDuration: 295200 * time.Microsecond, Total: 5, Failed: 2},
		`[` + failed + `, ` + newest + `]`: {LastEnd: reconciletest.Noon.Add(-time.Hour), LastDuration: 301 * time.Second, Total: 5, Failed: 2},
		`[{lastReconciled: "2026-11-21T12:00:00Z", lastReconciledDuration: soon}]`: {LastEnd: reconciletest.Noon},
		`[{lastDeployed: "2026-11-21T12:00:00Z", status: deployed}]`:               {},
	} {
		o := reconciletest.Object(t, `{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: a}, status: {history: `+history+`}}`)
		if got := (Object{}).Runs(o.Body); got != want {
			t.Errorf("%s: %+v, want %+v", history, got, want)
		}
	}
	if got := (Object{}).Runs(nil); got != (engine.Runs{}) {
		t.Errorf("of nothing: %+v", got)
	}
}
