package printers

import (
	"fmt"
	"io"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// tree is the ladder for people: what is there once, then each environment, then what to do.
type tree struct{ document }

func newTree(o Options) *tree { return &tree{document{options: o}} }

// writeTree writes a trace as a tree.
func writeTree(w io.Writer, t *trace.Trace, o Options) error {
	p := newTree(o)
	p.ladder(t)
	return p.write(w)
}

// summaryLines is the last block of the tree.
func summaryLines(t *trace.Trace, o Options) []string {
	p := newTree(o)
	p.closing(t)
	return p.lines
}

// nameColumn is the width of the longest rung id.
const nameColumn = len(trace.RungEnvironment)

// ladder adds all of it.
func (p *tree) ladder(t *trace.Trace) {
	p.header(t)
	p.add("")
	for _, r := range t.Rungs {
		p.rung(r, t.Failing, "")
	}
	for _, e := range t.Environments {
		p.environment(e, t.Failing)
	}
	p.add("")
	p.closing(t)
}

func (p *tree) header(t *trace.Trace) {
	left := escape(t.Subject.Component)
	where := "namespace " + escape(t.Subject.Namespace)
	if t.Subject.Project != "" {
		where = "project " + escape(t.Subject.Project) + ", " + where
	}
	wanted := "wanted: unknown"
	if t.Wanted.Revision != "" {
		wanted = fmt.Sprintf("wanted %s (%s)", commit(t.Wanted.Revision, true), t.Wanted.From)
	}
	for i, line := range p.spread(left+"   "+where, wanted) {
		if i == 0 {
			line = strings.Replace(line, left, p.options.paint("1", left), 1)
		}
		p.add(line)
	}
}

// spread puts right at the right edge; where the terminal has no room for both, on a line of its own.
func (p *tree) spread(left, right string) []string {
	gap := 2
	if p.options.Width > 0 {
		room := p.options.Width - cells(left) - cells(right)
		if room < gap {
			return []string{left, "  " + right}
		}
		gap = min(room, max(gap, 82-cells(left)-cells(right)))
	}
	return []string{left + strings.Repeat(" ", gap) + right}
}

func (p *tree) environment(e trace.Environment, failing *trace.Failure) {
	p.add("")
	p.add("  " + p.options.paint("1", escape(e.Name)) + "  " + p.options.paint(verdictColor(e.Verdict), verdictWord(e)))
	if notBound(e) {
		return
	}
	for _, r := range e.Rungs {
		p.rung(r, failing, e.Name)
	}
}

// rung is one line, more where its summary is long, and a line for each finding that the last block does not tell.
func (p *tree) rung(r trace.Rung, failing *trace.Failure, environment string) {
	prefix := "  " + p.options.rungState(r) + " " + pad(string(r.ID), nameColumn) + "  "
	indent := 2 + p.options.stateWidth() + 1 + nameColumn + 2
	right := p.right(r)
	room := 0
	if p.options.Width > 0 {
		room = max(p.options.Width-indent, 20)
	}
	summary := p.options.ascii(escape(r.Summary))
	for i, line := range p.columns(summary, right, room) {
		if i > 0 {
			line = strings.Repeat(" ", indent) + line
		} else {
			line = prefix + line
		}
		p.add(line)
	}
	told := failing != nil && failing.Rung == r.ID && failing.Environment == environment
	for _, f := range r.Findings {
		if f.Severity == trace.Info || (told && f.Code == failing.Code) || escape(f.Message) == summary {
			continue
		}
		p.note(f, indent, room)
	}
}

// right is what stands at the right edge: the commit or "behind", and the age.
func (p *tree) right(r trace.Rung) string {
	revision := ""
	switch {
	case r.Current == trace.Behind:
		revision = "behind"
	case isCommit(r.Revision):
		revision = commit(r.Revision, false)
	}
	return strings.TrimRight(fmt.Sprintf("%-7s %5s", revision, p.options.age(r.Since)), " ")
}

// rightColumn is where the commit begins, counted from the summary: near the text, so that a wide terminal does not tear
// lines apart.
func rightColumn(room int) int {
	switch {
	case room == 0:
		return 44
	case room >= 100:
		return 64
	}
	return max(min(44, room-14), 0)
}

// leftOf is the room for the summary beside the right column.
func (p *tree) leftOf(room int, right string) int {
	if room == 0 || strings.TrimSpace(right) == "" {
		return room
	}
	blank := cells(right) - cells(strings.TrimLeft(right, " ")) // an age alone leaves the room of the commit
	return max(rightColumn(room)-2+blank, 20)
}

// columns sets a summary and what stands right of it. Where the first line is a word too long to break, such as a URL,
// the right column moves to a line of its own.
func (p *tree) columns(summary, right string, room int) []string {
	lines := wrap(summary, p.leftOf(room, right))
	shown := strings.TrimLeft(right, " ")
	column := rightColumn(room) + cells(right) - cells(shown)
	switch {
	case shown == "":
	case room == 0, cells(lines[0])+2+cells(shown) <= room:
		lines[0] = pad(lines[0], max(column, cells(lines[0])+2)) + shown
	default:
		lines = append(lines, pad("", column)+shown)
	}
	return lines
}

func (p *tree) note(f trace.Finding, indent, room int) {
	text := "! " + p.options.ascii(escape(f.Message))
	for i, line := range wrap(text, room) {
		if i > 0 {
			line = "  " + line
		}
		p.add(strings.Repeat(" ", indent) + p.options.paint("2", line))
	}
}
