package text

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/behind"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/document"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// tree is the ladder for people: what is there once, then each environment, then what to do.
type tree struct {
	document.Document
	widest int                 // of the summaries
	behind map[place]bool      // the rungs that are marked as behind
	noted  map[trace.Code]bool // warnings that were printed for all objects that have them
	counts map[trace.Code]int  // objects with a warning
}

// place is a rung of an environment, or of the shared ones.
type place struct {
	environment string
	rung        trace.RungID
}

func newTree(o style.Options) *tree {
	return &tree{Document: document.Document{Options: o}, noted: map[trace.Code]bool{}}
}

// WriteTree writes a trace as a tree.
func WriteTree(w io.Writer, t *trace.Trace, o style.Options) error {
	p := newTree(o)
	p.ladder(t)
	return p.Write(w)
}

// Summary is the last block of the tree.
func Summary(t *trace.Trace, o style.Options) []string {
	p := newTree(o)
	p.conclude(t)
	return p.Lines
}

// nameColumn is the width of the longest rung id.
const nameColumn = len(trace.RungEnvironment)

// ladder adds all of it.
func (p *tree) ladder(t *trace.Trace) {
	p.measure(t)
	p.header(t)
	p.Add("")
	p.rows(t)
	p.Add("")
	p.conclude(t)
}

func (p *tree) rows(t *trace.Trace) {
	for _, r := range t.Rungs {
		p.rung(r, t.Failing, "")
	}
	for _, e := range t.Environments {
		p.environment(e, t.Failing)
	}
}

func (p *tree) header(t *trace.Trace) {
	left := escape.Line(t.Subject.Component)
	where := "namespace " + escape.Line(t.Subject.Namespace)
	if t.Subject.Project != "" {
		where = "project " + escape.Line(t.Subject.Project) + ", " + where
	}
	wanted := "wanted revision: unknown"
	if t.Wanted.Revision != "" {
		wanted = fmt.Sprintf("wanted revision: %s (%s)", style.Revision(t.Wanted.Revision, true), style.Origin(t.Wanted.From))
	}
	for i, line := range p.spread(left+"   "+where, wanted) {
		if i == 0 {
			line = strings.Replace(line, left, p.Options.Paint("1", left), 1)
		}
		p.Add(line)
	}
}

// spread puts right at the right edge; where the terminal has no room for both, on a line of its own.
func (p *tree) spread(left, right string) []string {
	gap := 2
	if p.Options.Width > 0 {
		room := p.Options.Width - style.Cells(left) - style.Cells(right)
		if room < gap {
			return []string{left, "  " + right}
		}
		gap = min(room, max(gap, 82-style.Cells(left)-style.Cells(right)))
	}
	return []string{left + strings.Repeat(" ", gap) + right}
}

func (p *tree) environment(e trace.Environment, failing *trace.Failure) {
	p.Add("")
	word := style.VerdictWord(e)
	isFailed := func(r trace.Rung) bool { return r.State == trace.Failed }
	switch {
	case style.IsUnbound(e):
		word += " (no ReleaseBinding)"
	case e.Verdict == trace.VerdictFailed && failing != nil && failing.Environment == "" && !slices.ContainsFunc(e.Rungs, isFailed):
		word += ": blocked by " + string(failing.Rung)
	}
	p.Add("  " + p.Options.Paint("1", escape.Line(e.Name)) + "  " + p.Options.Paint(style.VerdictColor(e.Verdict), word))
	if style.IsUnbound(e) {
		return
	}
	for _, r := range e.Rungs {
		p.rung(r, failing, e.Name)
	}
}

// rung is one line, more where its summary is long, and a line for each finding that the last block does not report.
func (p *tree) rung(r trace.Rung, failing *trace.Failure, environment string) {
	prefix := "  " + p.Options.RungState(r) + " " + style.Pad(string(r.ID), nameColumn) + "  "
	indent := 2 + p.Options.StateWidth() + 1 + nameColumn + 2
	right := p.right(r, environment)
	room := 0
	if p.Options.Width > 0 {
		room = max(p.Options.Width-indent, 20)
	}
	summary := p.Options.ToASCII(escape.Line(r.Summary))
	shown, chain := style.Delivery(r)
	for i, line := range p.columns(p.Options.ToASCII(shown), right, room) {
		if i > 0 {
			line = strings.Repeat(" ", indent) + line
		} else {
			line = prefix + line
		}
		p.Add(p.linked(line, r))
	}
	if !r.Start.IsZero() {
		for _, line := range style.Wrap(p.Options.ToASCII("← "+escape.Line(r.Start.String())), room) {
			p.Add(strings.Repeat(" ", indent) + p.Options.Paint("1", line))
		}
	}
	for _, line := range style.Wrap(p.Options.ToASCII(chain), room) {
		if line != "" {
			p.Add(strings.Repeat(" ", indent) + p.Options.Paint("2", line))
		}
	}
	told := failing != nil && failing.Rung == r.ID && failing.Environment == environment
	for _, f := range r.Findings {
		if f.Severity == trace.Info || (told && f.Code == failing.Code) || escape.Line(f.Message) == summary {
			continue
		}
		p.note(f, indent, room)
	}
}

// right is what is at the right edge: the commit or "behind", and the age.
func (p *tree) right(r trace.Rung, environment string) string {
	revision := ""
	switch {
	case r.Current == trace.Behind:
		if p.behind[place{environment, r.ID}] {
			revision = "behind"
		}
	case style.IsCommit(r.Revision):
		revision = style.Revision(r.Revision, false)
	}
	return strings.TrimRight(fmt.Sprintf("%-7s %5s", revision, p.Options.Age(r.Since)), " ")
}

// The right column begins behind the longest summary, as far as there is room for it.
const (
	leastColumn  = 44
	widestColumn = 100 // a longer summary moves what is right of it alone
	rightWidth   = 14  // a commit and an age
)

// rightColumn is where the commit begins, counted from the summary: near the text, so that a wide terminal does not tear
// lines apart.
func (p *tree) rightColumn(room int) int {
	column := max(p.widest+2, leastColumn)
	if room == 0 {
		return column
	}
	return max(min(column, room-rightWidth), 0)
}

// measure finds out how wide the summaries are, and how many objects have a warning.
func (p *tree) measure(t *trace.Trace) {
	p.widest, p.counts, p.behind = 0, warningCounts(t), markedBehind(t)
	each(t, func(r trace.Rung, environment string) {
		if p.right(r, environment) == "" {
			return
		}
		shown, _ := style.Delivery(r)
		if width := style.Cells(p.Options.ToASCII(shown)); width+2 <= widestColumn {
			p.widest = max(p.widest, width)
		}
	})
}

// markedBehind are the rungs that are marked as behind: the first one on the way to an environment, and its pods. What lies between
// them follows from the first. An old project shows nothing about the pods: another object may deliver the component.
func markedBehind(t *trace.Trace) map[place]bool {
	marked := map[place]bool{}
	begun := map[string]bool{}
	first, _ := behind.First(t.Rungs)
	each(t, func(r trace.Rung, environment string) {
		if r.Current != trace.Behind {
			return
		}
		marked[place{environment, r.ID}] = r.ID == trace.RungPod && first.ID != trace.RungProject || !begun[""] && !begun[environment]
		begun[environment] = true
	})
	return marked
}

// leftOf is the room for the summary beside the right column.
func (p *tree) leftOf(room int, right string) int {
	if room == 0 || strings.TrimSpace(right) == "" {
		return room
	}
	blank := style.Cells(right) - style.Cells(strings.TrimLeft(right, " ")) // an age alone leaves the room of the commit
	return max(p.rightColumn(room)-2+blank, 20)
}

// columns sets a summary and what is right of it. Where the first line is a word too long to break, such as a URL,
// the right column moves to a line of its own.
func (p *tree) columns(summary, right string, room int) []string {
	lines := style.Wrap(summary, p.leftOf(room, right))
	shown := strings.TrimLeft(right, " ")
	column := p.rightColumn(room) + style.Cells(right) - style.Cells(shown)
	switch {
	case shown == "":
	case room == 0, style.Cells(lines[0])+2+style.Cells(shown) <= room:
		lines[0] = style.Pad(lines[0], max(column, style.Cells(lines[0])+2)) + shown
	default:
		lines = append(lines, style.Pad("", column)+shown)
	}
	return lines
}
