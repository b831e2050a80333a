package graph

import (
	"fmt"
	"strings"

	"github.com/clipperhouse/displaywidth"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// picture is the ladder as a graph, before it is written in the language of a program that draws: a root, the rungs that
// are there once, a branch for each environment, and the cause beside the rung that fails. Its ids are our own, its lines
// are escaped for a terminal, but not for that language.
type picture struct {
	root     box
	trunk    []box
	branches [][]box // each begins with the environment itself
	cause    *box
	caused   string // the id of the box that the cause belongs to
}

// box is one rung. State is told in the first line as well, so that nobody needs the colour.
type box struct {
	id    string
	state trace.State
	lines []string
}

// boxWidth is that of the text in a box, in cells: a picture with wider ones must be scaled down to be seen.
const boxWidth = 40

func pictureOf(t *trace.Trace) picture {
	p := picture{root: rootBox(t), trunk: boxes("", t.Rungs)}
	p.mark(t, "", "", t.Rungs)
	for i, e := range t.Environments {
		id := fmt.Sprintf("e%d", i)
		p.branches = append(p.branches, append([]box{environmentBox(id, e)}, boxes(id+"_", e.Rungs)...))
		p.mark(t, id+"_", e.Name, e.Rungs)
	}
	return p
}

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

func environmentBox(id string, e trace.Environment) box {
	state := e.Verdict.State()
	return box{id: id, state: state, lines: fitLines([]string{style.Of(state).Mark + " " + escape.Line(e.Name) + ": " + style.VerdictWord(e)}, 3)}
}

func boxes(prefix string, rungs []trace.Rung) []box {
	var all []box
	for _, r := range rungs {
		lines := []string{headOf(r), escape.Line(r.Summary)}
		all = append(all, box{id: prefix + string(r.ID), state: r.State, lines: fitLines(lines, 4)})
	}
	return all
}

// headOf is the mark, the name and the state of a rung, and what it carries.
func headOf(r trace.Rung) string {
	head := fmt.Sprintf("%s %s: %s", style.OfRung(r).Mark, r.ID, style.RungWord(r))
	switch {
	case r.Current == trace.Behind:
		return head + ", behind"
	case style.IsCommit(r.Revision):
		return head + ", " + style.Revision(r.Revision, false)
	}
	return head
}

// mark adds the cause, if it belongs to one of these rungs.
func (p *picture) mark(t *trace.Trace, prefix, environment string, rungs []trace.Rung) {
	f := t.Failing
	if f == nil || f.Environment != environment {
		return
	}
	for _, r := range rungs {
		if r.ID == f.Rung {
			lines := []string{"✗ fix first: " + escape.Line(string(f.Code)), style.ObjectName(f.Object), escape.Line(f.Message)}
			p.cause, p.caused = &box{id: "cause", state: trace.Failed, lines: fitLines(lines, 12)}, prefix+string(r.ID)
		}
	}
}

// fitLines wraps lines to the width of a box, and cuts what is more than so many. A word that is too long is broken: nobody
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

// all are the boxes, from the root down, the cause last.
func (p picture) all() []box {
	all := append([]box{p.root}, p.trunk...)
	for _, b := range p.branches {
		all = append(all, b...)
	}
	if p.cause != nil {
		all = append(all, *p.cause)
	}
	return all
}

// links are the edges, from the root down; the last rung of the trunk leads to every branch.
func (p picture) links() [][2]string {
	var all [][2]string
	chain := func(boxes []box, from string) string {
		for _, b := range boxes {
			all, from = append(all, [2]string{from, b.id}), b.id
		}
		return from
	}
	last := chain(p.trunk, p.root.id)
	for _, b := range p.branches {
		chain(b, last)
	}
	return all
}

// palette is how a state looks in a picture, on a light ground and on a dark one: the hues of Okabe and Ito, which people with any
// kind of colour vision tell apart, as borders of pale boxes; the line differs as well.
type palette struct{ fill, border, line string }

func paletteOf(s trace.State) palette {
	switch s {
	case trace.OK:
		return palette{"#e6f5f0", "#007a59", "solid"}
	case trace.Failed:
		return palette{"#fbe4d8", "#b34700", "bold"}
	case trace.Progressing:
		return palette{"#e3f1fa", "#0072b2", "dashed"}
	case trace.Suspended:
		return palette{"#fdf3dc", "#946200", "dashed"}
	case trace.Blocked:
		return palette{"#f0f0f0", "#6b6b6b", "dotted"}
	case trace.Unknown:
		return palette{"#f8e9f2", "#a0447a", "dotted"}
	}
	return palette{"#f8e9f2", "#a0447a", "dotted"}
}

// legend are the states in the order of their legend.
func legend() []trace.State {
	return []trace.State{trace.OK, trace.Failed, trace.Progressing, trace.Suspended, trace.Blocked, trace.Unknown}
}
