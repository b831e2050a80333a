package result

import (
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

func TestCause(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		cause                Cause
		notFound, notChecked bool
		rung                 trace.RungID
	}{
		"Own":        {cause: Cause{}},
		"NotFound":   {cause: NotFound(), notFound: true},
		"NotChecked": {cause: NotChecked(), notChecked: true},
		"OtherRung":  {cause: CausedBy(trace.RungPod), rung: trace.RungPod},
		"NoRung":     {cause: CausedBy("")},
	} {
		if c.cause.IsNotFound() != c.notFound || c.cause.IsNotChecked() != c.notChecked || c.cause.Rung() != c.rung {
			t.Errorf("%s: not found %t, not checked %t, rung %q", name, c.cause.IsNotFound(), c.cause.IsNotChecked(), c.cause.Rung())
		}
	}
	if CausedBy("") != (Cause{}) {
		t.Error("a rung that no other rung explains is not its own cause")
	}
}

// TestNotAskedKeepsTheCause: what is known of the cause is not forgotten because something else was not read.
func TestNotAskedKeepsTheCause(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ before, want Cause }{
		"Nothing known": {Cause{}, NotChecked()},
		"Other rung":    {CausedBy(trace.RungPod), CausedBy(trace.RungPod)},
		"Not found":     {NotFound(), NotFound()},
	} {
		j := New(trace.RungResource, facts.Ref{})
		j.Cause = c.before
		if !j.NoAnswer(facts.Ref{Kind: "Pod"}, facts.NotAsked, "") || j.Cause != c.want {
			t.Errorf("%s: %+v, want %+v", name, j.Cause, c.want)
		}
	}
}
