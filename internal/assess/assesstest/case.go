package assesstest

import (
	"strings"
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

// EngineCase is what a trace comes to when another engine delivers the component.
type EngineCase struct {
	Change  func(w World)
	Want    Outcome
	Current trace.Currency
	Words   string // in the summary, hint or message of some rung
}

// Check assesses the healthy world with the change.
func (c EngineCase) Check(t *testing.T, assess func(*facts.Snapshot, time.Time) *trace.Trace) {
	t.Helper()
	w := Healthy(t)
	c.Change(w)
	got := assess(w.Snapshot, w.TakenAt)
	if diff := cmp.Diff(c.Want, OutcomeOf(got)); diff != "" {
		t.Errorf("(-want +got)\n%s\n%s", diff, Summaries(got))
	}
	if got.Current != c.Current {
		t.Errorf("current is %v, want %v", got.Current, c.Current)
	}
	all := Summaries(got)
	for _, r := range got.Rungs {
		for _, f := range r.Findings {
			all += "\n" + string(f.Code) + ": " + f.Message
		}
	}
	if !strings.Contains(all, c.Words) {
		t.Errorf("no rung says %q:\n%s", c.Words, all)
	}
}

// Replaced replaces parts of a text: old and new in turn.
func Replaced(text string, pairs ...string) string {
	return strings.NewReplacer(pairs...).Replace(text)
}
