package engine_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
)

// TestLacks: only a revision that is known not to contain the wanted one lacks it. Doubt is no proof.
func TestLacks(t *testing.T) {
	t.Parallel()
	answers := func(included, known bool) func(string) (bool, bool) {
		return func(string) (bool, bool) { return included, known }
	}
	for name, c := range map[string]struct {
		contains func(string) (bool, bool)
		commit   string
		want     bool
	}{
		"NotContained": {answers(false, true), "abc", true},
		"Contained":    {answers(true, true), "abc", false},
		"Unknown":      {answers(false, false), "abc", false},
		"NoCommit":     {answers(false, true), "", false},
		"NoneWanted":   {nil, "abc", false},
	} {
		if got := (engine.Run{Contains: c.contains}).Lacks(c.commit); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestVerdicts: the zero value decides nothing; a repetition has its cause, delay and limit.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	if (engine.Verdict{}).Decision != engine.Undecided {
		t.Error("the zero Verdict decides")
	}
	for name, c := range map[string]struct{ want, got engine.Verdict }{
		"Is":     {engine.Verdict{Decision: engine.Running, Message: "applies"}, engine.Is(engine.Running, "applies")},
		"Repeat": {engine.Verdict{Decision: engine.Repeated, Message: "again", Cause: engine.Stale, Delay: time.Second, Most: 3}, engine.Repeat(engine.Stale, time.Second, 3, "again")},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
