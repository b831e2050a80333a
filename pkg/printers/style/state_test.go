package style

import (
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

func TestCurrencyWord(t *testing.T) {
	t.Parallel()
	for c, want := range map[trace.Currency]string{trace.Current: "yes", trace.Behind: "behind", trace.CurrencyUnknown: "-", 77: "-"} {
		if got := CurrencyWord(c); got != want {
			t.Errorf("%d: %q, want %q", c, got, want)
		}
	}
}

// TestStyles: neither colour nor UTF-8 is needed to tell one state from another.
func TestStyles(t *testing.T) {
	t.Parallel()
	styles := map[string]Style{"reported": OfRung(trace.Rung{State: trace.OK, Reported: true})}
	for s := trace.Unknown; s <= trace.Blocked; s++ {
		styles[s.String()] = Of(s)
	}
	for name, a := range styles {
		for other, b := range styles {
			if name != other && (a.Mark == b.Mark || a.ASCII == b.ASCII) {
				t.Errorf("%s and %s look alike: %+v, %+v", name, other, a, b)
			}
		}
	}
	if got := Of(77); got != Of(trace.Unknown) {
		t.Errorf("a state of tomorrow looks like %+v", got)
	}
	if Of(trace.OK).Color != "32" || Of(trace.Failed).Color != "1;31" {
		t.Errorf("OK %+v is green, Failed %+v bold and red", Of(trace.OK), Of(trace.Failed))
	}
}

// TestVerdictColor: a verdict has the colour of the state of the same meaning.
func TestVerdictColor(t *testing.T) {
	t.Parallel()
	for v := trace.VerdictUnknown; v <= trace.VerdictSuspended; v++ {
		if got, want := VerdictColor(v), Of(v.State()).Color; got != want {
			t.Errorf("%s: %s, want %s", v, got, want)
		}
	}
	if got := VerdictColor(77); got != VerdictColor(trace.VerdictUnknown) {
		t.Errorf("a verdict of tomorrow: %s", got)
	}
}

func TestVerdictWord(t *testing.T) {
	t.Parallel()
	one, two := make([]trace.Rung, 1), make([]trace.Rung, 2)
	for name, c := range map[string]struct {
		e    trace.Environment
		want string
	}{
		"Zero":              {trace.Environment{}, "unknown"},
		"Healthy":           {trace.Environment{Verdict: trace.VerdictHealthy, Current: trace.Current, Rungs: two}, "healthy"},
		"HealthyBehind":     {trace.Environment{Verdict: trace.VerdictHealthy, Current: trace.Behind, Rungs: two}, "healthy, behind"},
		"Failed":            {trace.Environment{Verdict: trace.VerdictFailed, Rungs: one}, "failed"},
		"ProgressingBehind": {trace.Environment{Verdict: trace.VerdictProgressing, Current: trace.Behind}, "progressing, behind"},
		"NotBound":          {trace.Environment{Verdict: trace.VerdictSuspended, Rungs: one}, "not deployed"},
		"Undeployed":        {trace.Environment{Verdict: trace.VerdictSuspended, Current: trace.Behind, Rungs: two}, "undeployed"},
	} {
		if got := VerdictWord(c.e); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
