package printers

import (
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

func currency(c trace.Currency) string {
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

// style is how a state looks.
type style struct {
	mark, ascii, color string
}

// Marks differ in shape, and colours in more than red against green, so that neither is needed for the other.
func styleOf(s trace.State) style {
	switch s {
	case trace.OK:
		return style{"✓", "+", "32"}
	case trace.Failed:
		return style{"✗", "x", "1;31"}
	case trace.Progressing:
		return style{"◌", "~", "36"}
	case trace.Suspended:
		return style{"‖", "=", "33"}
	case trace.Blocked:
		return style{"–", "-", "2"}
	case trace.Unknown:
		return style{"?", "?", "35"}
	}
	return style{"?", "?", "35"}
}

// reportedStyle is that of an OK that rests on the report of another: nobody has looked.
func reportedStyle() style { return style{"≈", "o", "33"} }

// styleOfRung tells what was seen from what was only reported.
func styleOfRung(r trace.Rung) style {
	if r.State == trace.OK && r.Reported {
		return reportedStyle()
	}
	return styleOf(r.State)
}

// wordOfRung is the state as a word.
func wordOfRung(r trace.Rung) string {
	if r.State == trace.OK && r.Reported {
		return "reported"
	}
	return strings.ToLower(r.State.String())
}

func verdictWord(e trace.Environment) string {
	word := map[trace.Verdict]string{
		trace.VerdictHealthy: "healthy", trace.VerdictFailed: "failed", trace.VerdictProgressing: "progressing",
		trace.VerdictUnknown: "unknown", trace.VerdictSuspended: "undeployed",
	}[e.Verdict]
	if notBound(e) {
		return "not bound"
	}
	if e.Current == trace.Behind && e.Verdict != trace.VerdictSuspended {
		word += ", behind"
	}
	return word
}

// notBound: an environment without a binding has that one rung only.
func notBound(e trace.Environment) bool {
	return e.Verdict == trace.VerdictSuspended && len(e.Rungs) == 1
}

func verdictColor(v trace.Verdict) string {
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
