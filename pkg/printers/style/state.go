package style

import (
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// CurrencyWord reports whether the wanted revision is there.
func CurrencyWord(c trace.Currency) string {
	switch c {
	case trace.Current:
		return "yes"
	case trace.Behind:
		return "behind"
	case trace.CurrencyUnknown:
		return "-"
	}
	return "-"
}

// Style is how a state looks.
type Style struct {
	Mark, ASCII, Color string
}

// Of is how a state looks. Marks differ in shape, and colours in more than red against green, so that neither is needed for the other.
func Of(s trace.State) Style {
	switch s {
	case trace.OK:
		return Style{"✓", "+", "32"}
	case trace.Failed:
		return Style{"✗", "x", "1;31"}
	case trace.Progressing:
		return Style{"◌", "~", "36"}
	case trace.Suspended:
		return Style{"‖", "=", "33"}
	case trace.Blocked:
		return Style{"–", "-", "2"}
	case trace.Unknown:
		return Style{"?", "?", "35"}
	}
	return Style{"?", "?", "35"}
}

// reported is that of an OK that rests on the report of another: the plane was not read.
func reported() Style { return Style{"≈", "o", "33"} }

// OfRung tells what was seen from what was only reported.
func OfRung(r trace.Rung) Style {
	if r.State == trace.OK && r.Reported {
		return reported()
	}
	return Of(r.State)
}

// RungWord is the state as a word.
func RungWord(r trace.Rung) string {
	if r.State == trace.OK && r.Reported {
		return "reported"
	}
	return strings.ToLower(r.State.String())
}

// VerdictWord is the verdict on an environment as words.
func VerdictWord(e trace.Environment) string {
	word := map[trace.Verdict]string{
		trace.VerdictHealthy: "healthy", trace.VerdictFailed: "failed", trace.VerdictProgressing: "progressing",
		trace.VerdictUnknown: "unknown", trace.VerdictSuspended: "undeployed",
	}[e.Verdict]
	if IsUnbound(e) {
		return "not deployed"
	}
	if e.Current == trace.Behind && e.Verdict != trace.VerdictSuspended {
		word += ", behind"
	}
	return word
}

// IsUnbound reports whether an environment has no binding: such a one has that one rung only.
func IsUnbound(e trace.Environment) bool {
	return e.Verdict == trace.VerdictSuspended && len(e.Rungs) == 1
}

// VerdictColor is the colour of a verdict.
func VerdictColor(v trace.Verdict) string {
	switch v {
	case trace.VerdictHealthy:
		return "32"
	case trace.VerdictFailed:
		return "1;31"
	case trace.VerdictProgressing:
		return "36"
	case trace.VerdictSuspended:
		return "33"
	case trace.VerdictUnknown:
		return "35"
	}
	return "35"
}
