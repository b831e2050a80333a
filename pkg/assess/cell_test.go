package assess

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestCellFindings: the reason why a cell fails, and what else is wrong with the binding in Git, are findings of their own.
func TestCellFindings(t *testing.T) {
	t.Parallel()
	cell := func(w world) facts.Object { return w.one("ProjectReleaseBinding", "-development") }
	// disabled is a note on the delivery, which stands beside any state of the cell.
	disabled := func(w world) {
		cell(w).Body.SetAnnotations(map[string]string{kinds.FluxKustomize + "/reconcile": "disabled"})
	}
	ready := func(w world) {
		w.condition(cell(w), hour, "Ready", "False", "ProjectReleaseNotFound", "not ready")
	}
	for name, c := range map[string]struct {
		change func(w world)
		state  trace.State
		want   []string
	}{
		"StaleAndDisabled": {func(w world) {
			disabled(w)
			ready(w)
			w.condition(cell(w), hour, "Synced", "False", "ProjectReleaseNotFound", `ProjectRelease "x" not found`)
		}, trace.Failed, []string{`error ProjectReleaseNotFound: ProjectRelease "x" not found`, "warning ReconcileDisabled"}},
		"WaitsAndDisabled": {func(w world) {
			disabled(w)
			ready(w)
			w.condition(cell(w), time.Second, "NamespaceReady", "False", "NamespaceProgressing", "being made")
		}, trace.Progressing, []string{"warning ReconcileDisabled"}},
		"OfAnOlderGeneration": {func(w world) {
			ready(w)
			w.condition(cell(w), hour, "Synced", "False", "RenderingFailed", "of the generation before")
			w.observed(cell(w), "Synced", cell(w).Body.GetGeneration()-1)
			w.condition(cell(w), hour, "ResourcesReady", "False", "ResourceApplyFailed", "of this generation")
		}, trace.Failed, []string{"error ProjectReleaseBindingNotReady: of this generation"}},
		"BeingDeleted": {func(w world) {
			ready(w)
			w.condition(cell(w), hour, "Synced", "False", "RenderingFailed", "of before the deletion")
			w.set(cell(w), w.TakenAt.Add(-hour).UTC().Format(time.RFC3339), "metadata", "deletionTimestamp")
		}, trace.Failed, []string{"error Terminating: " + cell(healthyWorld(t)).Ref.String() + " is being deleted; it waits for openchoreo.dev/projectreleasebinding-cleanup"}},
	} {
		w := healthyWorld(t)
		c.change(w)
		var rung trace.Rung
		for _, r := range Assess(w.Snapshot, w.TakenAt).Environments[0].Rungs {
			if r.ID == trace.RungCell {
				rung = r
			}
		}
		var got []string
		for _, f := range rung.Findings {
			line := string(f.Severity) + " " + string(f.Code)
			if f.Severity == trace.Error {
				line += ": " + f.Message
			}
			got = append(got, line)
		}
		if diff := cmp.Diff(c.want, got); diff != "" || rung.State != c.state {
			t.Errorf("%s: %v, want %v (-want +got)\n%s", name, rung.State, c.state, diff)
		}
	}
}

// observed changes the generation that a condition was written for.
func (w world) observed(o facts.Object, condition string, generation int64) {
	w.t.Helper()
	conditions := []any{}
	for _, c := range kinds.Items(o.Body, "status", "conditions") {
		if c["type"] == condition {
			c["observedGeneration"] = generation
		}
		conditions = append(conditions, c)
	}
	w.set(o, conditions, "status", "conditions")
}
