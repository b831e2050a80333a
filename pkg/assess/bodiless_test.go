package assess

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestFoundWithoutBody: a Source of another program may return an object that is Found and has no body. It is judged as one that was not
// read: without a panic, and never as healthy.
func TestFoundWithoutBody(t *testing.T) {
	t.Parallel()
	s := assesstest.Healthy(t)
	for _, o := range s.Objects() {
		if o.Outcome != facts.Found {
			continue
		}
		bodiless, unread := s.Copy(t), s.Copy(t)
		bodiless.Drop(o.Ref)
		bodiless.Put(facts.Object{Ref: o.Ref, Outcome: facts.Found})
		unread.Drop(o.Ref)
		unread.Put(facts.Object{Ref: o.Ref, Outcome: facts.Unreachable, Reason: "it was found without a body"})
		if diff := cmp.Diff(Assess(unread.Snapshot, s.TakenAt), Assess(bodiless.Snapshot, s.TakenAt)); diff != "" {
			t.Errorf("%s (-not read +without a body)\n%s", o.Ref, diff)
		}
	}
}
