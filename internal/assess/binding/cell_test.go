package binding_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestCellFindings: the reason why a cell fails, and what else is wrong with the binding in Git, are findings of their own.
func TestCellFindings(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	cell := func(w assesstest.World) facts.Object { return w.One("ProjectReleaseBinding", "-development") }
	// disabled is a note on the delivery, which stands beside any state of the cell.
	disabled := func(w assesstest.World) {
		cell(w).Body.SetAnnotations(map[string]string{kinds.FluxKustomize + "/reconcile": "disabled"})
	}
	ready := func(w assesstest.World) {
		w.Condition(cell(w), time.Hour, "Ready", "False", "ProjectReleaseNotFound", "not ready")
	}
	for name, c := range map[string]struct {
		change func(w assesstest.World)
		state  trace.State
		want   []string
	}{
		"StaleAndDisabled": {func(w assesstest.World) {
			disabled(w)
			ready(w)
			w.Condition(cell(w), time.Hour, "Synced", "False", "ProjectReleaseNotFound", `ProjectRelease "x" not found`)
		}, trace.Failed, []string{`error ProjectReleaseNotFound: ProjectRelease "x" not found`, "warning ReconcileDisabled"}},
		"WaitsAndDisabled": {func(w assesstest.World) {
			disabled(w)
			ready(w)
			w.Condition(cell(w), time.Second, "NamespaceReady", "False", "NamespaceProgressing", "being made")
		}, trace.Progressing, []string{"warning ReconcileDisabled"}},
		"OfAnOlderGeneration": {func(w assesstest.World) {
			ready(w)
			w.Condition(cell(w), time.Hour, "Synced", "False", "RenderingFailed", "of the generation before")
			w.Observed(cell(w), "Synced", cell(w).Body.GetGeneration()-1)
			w.Condition(cell(w), time.Hour, "ResourcesReady", "False", "ResourceApplyFailed", "of this generation")
		}, trace.Failed, []string{"error ProjectReleaseBindingNotReady: of this generation"}},
		"BeingDeleted": {func(w assesstest.World) {
			ready(w)
			w.Condition(cell(w), time.Hour, "Synced", "False", "RenderingFailed", "of before the deletion")
			w.Set(cell(w), w.TakenAt.Add(-time.Hour).UTC().Format(time.RFC3339), "metadata", "deletionTimestamp")
		}, trace.Failed, []string{"error Terminating: " + cell(assesstest.Healthy(t)).Ref.String() + " is being deleted; blocked by finalizer openchoreo.dev/projectreleasebinding-cleanup"}},
	} {
		w := healthy.Copy(t)
		c.change(w)
		var rung trace.Rung
		for _, r := range assess.Assess(w.Snapshot, w.TakenAt).Environments[0].Rungs {
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

// TestCellFails breaks the ProjectReleaseBinding and the namespace of the cell.
func TestCellFails(t *testing.T) {
	t.Parallel()
	const dev = "development"
	assesstest.Check(t, assess.Assess, map[string]assesstest.Case{
		"CellNotReady": {Change: func(w assesstest.World) {
			w.Condition(w.One("ProjectReleaseBinding", "-development"), time.Hour, "Ready", "False", "RenderingFailed", "x")
			w.Condition(w.One("ProjectReleaseBinding", "-development"), time.Hour, "Synced", "False", "RenderingFailed", "Failed to render manifests")
		}, Want: assesstest.Failed(trace.RungCell, dev, trace.CodeProjectReleaseBindingNotReady, "ProjectReleaseBinding")},
		"CellNamespaceGoneUnderAReadyBinding": {Change: func(w assesstest.World) {
			w.Answer(w.One("Namespace", strings.TrimPrefix(w.Cell("development"), "dp")), facts.Absent)
		}, Want: assesstest.Failed(trace.RungCell, dev, trace.CodeCellNamespaceNotFound, "Namespace")},
	})
}
