package style

import (
	"cmp"
	"strings"
	"time"

	"github.com/clipperhouse/displaywidth"
	"k8s.io/apimachinery/pkg/util/duration"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Options of a Printer. The zero value is what a pipe gets: words, no colour, UTF-8, lines of any length.
type Options struct {
	Color bool
	ASCII bool // the terminal cannot show more
	Marks bool // states as marks; else as words
	Links bool // the terminal has hyperlinks
	Width int  // in cells; 0 is unlimited
	Now   time.Time
	// Program is how the user calls this program; "" is kubectl choreo. What is for people names it so; data and reports never do, as
	// whoever reads them may call it otherwise.
	Program  string
	Snapshot *facts.Snapshot // what the page shows of each object; it is shown as it is, so mask it first
}

// Truncate shortens the line that begins after so many cells to the width of the terminal.
func (o Options) Truncate(line string, behind int) string {
	line = strings.TrimRight(line, " ")
	if o.Width <= 0 {
		return line
	}
	return displaywidth.TruncateString(line, max(o.Width-behind-1, 10), o.ToASCII("…"))
}

// NameProgram names this program, in a text of ours, as its user does.
func (o Options) NameProgram(text string) string {
	return strings.ReplaceAll(text, "kubectl choreo ", cmp.Or(o.Program, "kubectl choreo")+" ")
}

// Paint colours text, where colours are wanted.
func (o Options) Paint(color, text string) string {
	if !o.Color || color == "" || text == "" {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

// State is the mark on a terminal and the word in a pipe, padded to its column.
func (o Options) State(s trace.State) string { return o.padState(Of(s), strings.ToLower(s.String())) }

// RungState is the same for a rung, which may be only reported.
func (o Options) RungState(r trace.Rung) string { return o.padState(OfRung(r), RungWord(r)) }

func (o Options) padState(padState Style, word string) string {
	if !o.Marks {
		return o.Paint(padState.Color, Pad(word, len("progressing")))
	}
	if o.ASCII {
		return o.Paint(padState.Color, padState.ASCII)
	}
	return o.Paint(padState.Color, padState.Mark)
}

// ToASCII replaces the few characters of our own that are not ASCII.
func (o Options) ToASCII(s string) string {
	if !o.ASCII {
		return s
	}
	return strings.NewReplacer("→", "->", "←", "<-", "–", "-", "…", "...").Replace(s)
}

// TextWidth is the width of text behind an indent; 0 is unlimited. Longer lines than these are hard to read, however wide the
// terminal is.
func (o Options) TextWidth(indent int) int {
	if o.Width <= 0 {
		return 0
	}
	return max(min(o.Width, 120)-indent, 20)
}

// Age is how long ago t was, "" when that is not known.
func (o Options) Age(t time.Time) string {
	if t.IsZero() || o.Now.IsZero() {
		return ""
	}
	return duration.HumanDuration(max(o.Now.Sub(t), 0))
}

// StateWidth is how many cells a state takes.
func (o Options) StateWidth() int {
	if o.Marks {
		return 1
	}
	return len("progressing")
}
