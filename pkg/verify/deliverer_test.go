package verify

import (
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestWantedSeen: the time at which the source got the wanted commit, and none for another commit.
func TestWantedSeen(t *testing.T) {
	t.Parallel()
	s := factstest.Scenario(t, "kustomization-build-fails")
	tr := assess.Assess(s, s.TakenAt)
	if got := WantedSeen(tr, s); got.IsZero() || s.TakenAt.Sub(got) > time.Hour {
		t.Errorf("seen at %s, taken at %s", got, s.TakenAt)
	}
	tr.Wanted.Revision = "main@sha1:0123456789012345678901234567890123456789"
	if got := WantedSeen(tr, s); !got.IsZero() {
		t.Errorf("another commit was seen at %s", got)
	}
	tr.Wanted = trace.Wanted{}
	if got := WantedSeen(tr, s); !got.IsZero() {
		t.Errorf("no commit was seen at %s", got)
	}
}

// TestDelivererRefs: each object of the rung, or the only one.
func TestDelivererRefs(t *testing.T) {
	t.Parallel()
	tr := traced(t, "healthy")
	refs := DelivererRefs(tr)
	if len(refs) < 2 || refs[0].Kind != "Kustomization" {
		t.Errorf("%v", refs)
	}
	one := healthyTrace()
	if refs := DelivererRefs(one); len(refs) != 1 || refs[0].Name != "delivery" {
		t.Errorf("%v", refs)
	}
}

// TestWithoutRungs: the result keeps what a report shows, and its trace stays as it is.
func TestWithoutRungs(t *testing.T) {
	t.Parallel()
	tr := healthyTrace()
	slim := Result{Trace: tr}.WithoutRungs().Trace
	if len(slim.Rungs)+len(slim.Environments) > 0 || slim.Verdict != tr.Verdict || slim.Subject.Component != "greeter" || len(tr.Rungs) == 0 {
		t.Errorf("%+v", slim)
	}
}
