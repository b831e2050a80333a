package cmdutil

import (
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

func TestExitCode(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		trace trace.Trace
		want  int
	}{
		"ZeroTrace":         {trace.Trace{}, 4},
		"HealthyAndCurrent": {trace.Trace{Verdict: trace.VerdictHealthy, Current: trace.Current}, 0},
		"HealthyByHand":     {trace.Trace{Verdict: trace.VerdictHealthy}, 0},
		"HealthyButBehind":  {trace.Trace{Verdict: trace.VerdictHealthy, Current: trace.Behind}, 3},
		"UndeployedOnAsk":   {trace.Trace{Verdict: trace.VerdictSuspended, Current: trace.Current}, 0},
		"Progressing":       {trace.Trace{Verdict: trace.VerdictProgressing}, 3},
		"Undecided":         {trace.Trace{Verdict: trace.VerdictUnknown}, 4},
		"Failed":            {trace.Trace{Verdict: trace.VerdictFailed}, 2},
		"NoSuchVerdict":     {trace.Trace{Verdict: 200}, 4},
	} {
		if got := ExitCode(&c.trace); got != c.want {
			t.Errorf("%s: exit code %d, want %d", name, got, c.want)
		}
	}
}

func TestDecisionCodes(t *testing.T) {
	t.Parallel()
	for d, want := range map[verify.Decision]int{verify.Passed: 0, verify.Failed: 2, verify.Pending: 3, verify.Undecided: 4, 200: 4} {
		if got := decisionCode(d); got != want {
			t.Errorf("%s: exit %d, want %d", d, got, want)
		}
	}
}
