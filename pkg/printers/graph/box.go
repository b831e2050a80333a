package graph

import (
	"strings"

	"github.com/clipperhouse/displaywidth"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// boxWidth is that of the text in a box, in cells: a picture with wider ones must be scaled down to be seen.
const boxWidth = 40

func rootBox(t *trace.Trace) box {
	state := t.Verdict.State()
	head := style.Of(state).Mark + " " + escape.Line(t.Subject.Component) + ": " + t.Verdict.String()
	if t.Current == trace.Behind {
		head += ", behind"
	}
	lines := []string{head, "namespace " + escape.Line(t.Subject.Namespace)}
	if t.Wanted.Revision != "" {
		lines = append(lines, "wanted revision: "+style.Revision(t.Wanted.Revision, true))
	}
	return box{id: "root", state: state, lines: fitLines(lines, 6)}
}

// headOf is the mark, the names and the state of rungs that look alike, and what they carry.
func headOf(r trace.Rung, names string) string {
	head := style.OfRung(r).Mark + " " + names + ": " + style.RungWord(r)
	switch {
	case r.Current == trace.Behind:
		return head + ", behind"
	case style.IsCommit(r.Revision):
		return head + ", " + style.Revision(r.Revision, false)
	}
	return head
}

// fitLines wraps lines to the width of a box, and cuts what is more than so many. A word that is too long is broken: no one
// copies from a picture.
func fitLines(lines []string, most int) []string {
	var all []string
	for _, line := range lines {
		var words []string
		for _, word := range strings.Fields(line) {
			words = append(words, pieces(word, boxWidth)...)
		}
		if len(words) > 0 {
			all = append(all, style.Fill(words, boxWidth)...)
		}
	}
	if len(all) > most {
		all = append(all[:most-1], displaywidth.TruncateString(all[most-1], boxWidth-2, "")+" …")
	}
	return all
}

func pieces(word string, width int) []string {
	var all []string
	for style.Cells(word) > width {
		piece := displaywidth.TruncateString(word, width, "")
		if piece == "" {
			break
		}
		if at := strings.LastIndexAny(piece, "/-.:"); at > len(piece)/2 {
			piece = piece[:at+1]
		}
		all, word = append(all, piece), word[len(piece):]
	}
	return append(all, word)
}
