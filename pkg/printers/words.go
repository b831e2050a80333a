package printers

import (
	"cmp"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/util/duration"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

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

// called names this program, in a text of ours, as its user does.
func (o Options) called(text string) string {
	return strings.ReplaceAll(text, "kubectl choreo ", cmp.Or(o.Program, "kubectl choreo")+" ")
}

func (o Options) paint(color, text string) string {
	if !o.Color || color == "" || text == "" {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

// state is the mark on a terminal and the word in a pipe, padded to its column.
func (o Options) state(s trace.State) string { return o.look(styleOf(s), strings.ToLower(s.String())) }

// rungState is the same for a rung, which may be only reported.
func (o Options) rungState(r trace.Rung) string { return o.look(styleOfRung(r), wordOfRung(r)) }

func (o Options) look(look style, word string) string {
	if !o.Marks {
		return o.paint(look.color, pad(word, len("progressing")))
	}
	if o.ASCII {
		return o.paint(look.color, look.ascii)
	}
	return o.paint(look.color, look.mark)
}

// ascii replaces the few characters of our own that are not ASCII.
func (o Options) ascii(s string) string {
	if !o.ASCII {
		return s
	}
	return strings.NewReplacer("→", "->", "–", "-", "…", "...").Replace(s)
}

// room is the width of text behind an indent; 0 is unlimited. Longer lines than these are hard to read, however wide the
// terminal is.
func (o Options) room(indent int) int {
	if o.Width <= 0 {
		return 0
	}
	return max(min(o.Width, 120)-indent, 20)
}

// age is how long ago t was, "" when that is not known.
func (o Options) age(t time.Time) string {
	if t.IsZero() || o.Now.IsZero() {
		return ""
	}
	return duration.HumanDuration(max(o.Now.Sub(t), 0))
}

// commit shortens a Flux revision: seven characters of the commit, and the ref before it where asked.
func commit(revision string, withRef bool) string {
	ref, digest, found := strings.Cut(revision, "sha1:")
	if !found {
		return escape(revision)
	}
	short := facts.Short(digest)
	if ref = strings.TrimSuffix(ref, "@"); withRef && ref != "" {
		return escape(ref + "@" + short)
	}
	return escape(short)
}

// isCommit reports whether a rung's revision is a commit; releases already stand in the summary.
func isCommit(revision string) bool { return strings.Contains(revision, "sha1:") }

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
