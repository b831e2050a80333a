package assesstest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Case is what a trace comes to when the healthy world is changed in one place.
type Case struct {
	Change func(w World)
	Want   Outcome
}

// Check assesses the healthy world with each change.
func Check(t *testing.T, assess func(*facts.Snapshot, time.Time) *trace.Trace, cases map[string]Case) {
	t.Helper()
	healthy := Healthy(t)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			c.Change(w)
			got := assess(w.Snapshot, w.TakenAt)
			if diff := cmp.Diff(c.Want, OutcomeOf(got)); diff != "" {
				t.Errorf("(-want +got)\n%s\n%s", diff, Summaries(got))
			}
		})
	}
}
