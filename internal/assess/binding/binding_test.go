package binding_test

import (
	"slices"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestConflictOfTheBinding: OpenChoreo tries again at once where somebody else wrote the RenderedRelease before it; only what stays
// is a failure.
func TestConflictOfTheBinding(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	for age, want := range map[time.Duration]trace.State{5 * time.Second: trace.Progressing, 3 * time.Minute: trace.Failed} {
		w := healthy.Copy(t)
		w.Condition(w.One("ReleaseBinding", "-development"), age, "ReleaseSynced", "False", "ReleaseUpdateFailed",
			`Failed to reconcile dataplane Release: Operation cannot be fulfilled on renderedreleases.openchoreo.dev "greeter-service-development": `+
				"the object has been modified; please apply your changes to the latest version and try again")
		var got trace.State
		for _, e := range assess.Assess(w.Snapshot, w.TakenAt).Environments {
			if i := slices.IndexFunc(e.Rungs, func(r trace.Rung) bool { return r.ID == trace.RungBinding }); e.Name == "development" {
				got = e.Rungs[i].State
			}
		}
		if got != want {
			t.Errorf("after %s: %s, want %s", age, got, want)
		}
	}
}

// TestBindingFails sets the conditions of the ReleaseBinding.
func TestBindingFails(t *testing.T) {
	t.Parallel()
	const dev = "development"
	assesstest.Check(t, assess.Assess, map[string]assesstest.Case{
		"StaleNotFoundOfAnEnvironment": {Change: func(w assesstest.World) {
			w.Condition(w.One("ReleaseBinding", "-development"), time.Minute, "ReleaseSynced", "False", "EnvironmentNotFound", `Environment "development" not found`)
		}, Want: assesstest.Failed(trace.RungBinding, dev, trace.CodeStaleNotFound, "ReleaseBinding")},
		"RenderingFails": {Change: func(w assesstest.World) {
			w.Condition(w.One("ReleaseBinding", "-development"), time.Hour, "ReleaseSynced", "False", "RenderingFailed", "Failed to render resources: …")
		}, Want: assesstest.Failed(trace.RungBinding, dev, trace.CodeRenderingFailed, "ReleaseBinding")},
		"ConnectionsPendingForAWhile": {Change: func(w assesstest.World) {
			w.Condition(w.One("ReleaseBinding", "-development"), time.Second, "ConnectionsResolved", "False", "ConnectionsPending", "1 connections pending")
		}, Want: assesstest.Outcome{Verdict: trace.VerdictProgressing}},
		"ConnectionsPendingForEver": {Change: func(w assesstest.World) {
			w.Condition(w.One("ReleaseBinding", "-development"), time.Hour, "ConnectionsResolved", "False", "ConnectionsPending", "1 connections pending")
		}, Want: assesstest.Failed(trace.RungBinding, dev, trace.CodeConnectionsPending, "ReleaseBinding")},
	})
}
