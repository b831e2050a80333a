package flux

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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

// TestHistoryOf expects the revision and the times of each entry that has a revision. After a failed health check all is applied.
func TestHistoryOf(t *testing.T) {
	t.Parallel()
	o := reconciletest.Object(t, `{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: a}, status: {history: [
	  {firstReconciled: "2026-11-21T10:00:00Z", lastReconciled: "2026-11-21T11:00:00Z", lastReconciledStatus: HealthCheckFailed, totalReconciliations: 3, metadata: {revision: main@sha1:a}},
	  {firstReconciled: "2026-11-21T09:00:00Z", lastReconciled: "2026-11-21T09:00:00Z", lastReconciledStatus: ReconciliationFailed, totalReconciliations: 1, metadata: {revision: main@sha1:b}},
	  {firstReconciled: "2026-11-21T08:00:00Z", lastReconciled: "2026-11-21T08:00:00Z", lastReconciledStatus: ReconciliationSucceeded, totalReconciliations: 1}]}}`)
	at := func(hour int) time.Time { return time.Date(2026, 11, 21, hour, 0, 0, 0, time.UTC) }
	want := []engine.Applied{{Revision: "main@sha1:a", First: at(10), Last: at(11), Runs: 3}, {Revision: "main@sha1:b", First: at(9), Last: at(9), Runs: 1, Failed: true}}
	if diff := cmp.Diff(want, Object{}.History(o.Body)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	source := reconciletest.Object(t, `{apiVersion: source.toolkit.fluxcd.io/v1, kind: GitRepository, metadata: {name: a}, status: {artifact: {revision: main@sha1:c, lastUpdateTime: "2026-11-21T10:00:00Z"}}}`)
	want = []engine.Applied{{Revision: "main@sha1:c", First: at(10), Last: at(10), Runs: 1}}
	if diff := cmp.Diff(want, Sources{}.History(source.Body)); diff != "" {
		t.Errorf("source (-want +got)\n%s", diff)
	}
}
