package text

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/change"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Live is a trace that is being watched.
type Live struct {
	Trace   *trace.Trace
	Changes []change.Change // in the order of time
	Begun   time.Time
	// Whole is set where the user scrolls: all lines of the ladder are drawn, from From on. Otherwise less of it is, where it does not fit.
	Whole bool
	From  int
	// Notes end the last line. Message replaces that line.
	Notes   []string
	Message string
}

// minChanges are shown even where the ladder must be shortened for them.
const minChanges = 3

const unlimited = 1 << 30

// DrawLive draws the ladder and, below it, the last changes, in at most height lines; 0 is unlimited.
func DrawLive(o style.Options, l Live, height int) string {
	if height <= 0 {
		height = unlimited
	}
	room := l.Room(height)
	lines := fit(o, l.Trace, room)
	if l.Whole {
		lines = LadderLines(o, l.Trace)
		from := max(min(l.From, len(lines)-room), 0)
		lines = slices.Clone(lines[from:min(from+room, len(lines))])
	}
	lines = append(lines, "")
	shown := max(min(len(l.Changes), height-len(lines)-1), 0)
	for _, c := range l.Changes[len(l.Changes)-shown:] {
		lines = append(lines, c.ScreenLine(o))
	}
	return strings.Join(append(lines[:min(len(lines), height-1)], StatusLine(o, l.status(), l.Message)), "\n")
}

// Room is how many of so many lines the ladder gets.
func (l Live) Room(height int) int { return max(height-2-min(len(l.Changes), minChanges, height/4), 1) }

// LadderLines are all lines of the ladder.
func LadderLines(o style.Options, t *trace.Trace) []string {
	p := newTree(o)
	p.ladder(t)
	return o.Break(p.Lines)
}

// StatusLine is the last line of a screen: a message, where there is one.
func StatusLine(o style.Options, status, message string) string {
	if message != "" {
		return o.Paint("1", o.Truncate(o.ToASCII(message), 0))
	}
	return o.Paint("2", o.Truncate(o.ToASCII(status), 0))
}

func (l Live) status() string {
	changes := "no change"
	switch n := len(l.Changes); {
	case n == 1:
		changes = "1 change"
	case n > 1:
		changes = fmt.Sprintf("%d changes", n)
	}
	return strings.Join(append([]string{fmt.Sprintf("%s since %s", changes, l.Begun.Format(time.TimeOnly))}, l.Notes...), "; ")
}

// fit is the most that fits into so many lines: the ladder, what is not well of it, or its last block, cut. Where only warnings are left
// to read, the rows come first.
func fit(o style.Options, t *trace.Trace, room int) []string {
	var lines []string
	draws := []func(*tree, *trace.Trace){(*tree).ladder, (*tree).abridged, (*tree).summaryOnly, (*tree).conclude}
	if isWell(t) && len(Explained(t)) > 0 {
		draws = []func(*tree, *trace.Trace){(*tree).ladder, (*tree).withWarnings}
	}
	for _, draw := range draws {
		p := newTree(o)
		draw(p, t)
		if lines = o.Break(p.Lines); len(lines) <= room {
			return lines
		}
	}
	return cut(o, lines, room)
}

func isWell(t *trace.Trace) bool {
	return t.Verdict == trace.VerdictHealthy || t.Verdict == trace.VerdictSuspended
}

// withWarnings is a healthy trace whose verdict, in the first line, counts the warnings: their text is below the rows.
func (p *tree) withWarnings(t *trace.Trace) {
	p.measure(t)
	conclusion{p}.healthy(t)
	p.header(t)
	p.Add("")
	p.plainRows(t)
	p.Add("")
	conclusion{p}.explain(t)
}

// cut reports in its last line how many lines are left out.
func cut(o style.Options, lines []string, room int) []string {
	if len(lines) <= room || room == 1 {
		return lines[:min(len(lines), room)]
	}
	more := fmt.Sprintf("  … %d more lines; scroll, or make the window taller", len(lines)-room+1)
	return append(lines[:room-1], o.Truncate(o.ToASCII(more), 0))
}

// abridged is the ladder without what is well.
func (p *tree) abridged(t *trace.Trace) {
	p.measure(t)
	p.header(t)
	p.Add("")
	p.unhealthy(t.Rungs, t.Failing, "")
	for _, e := range t.Environments {
		p.Add("  " + p.Options.Paint("1", escape.Line(e.Name)) + "  " + p.Options.Paint(style.VerdictColor(e.Verdict), style.VerdictWord(e)))
		if !style.IsUnbound(e) {
			p.unhealthy(e.Rungs, t.Failing, e.Name)
		}
	}
	p.Add("")
	p.conclude(t)
}

// plainRows are all rows, without the warnings of each.
func (p *tree) plainRows(t *trace.Trace) {
	plain := *t
	plain.Rungs = withoutWarnings(t.Rungs)
	plain.Environments = slices.Clone(t.Environments)
	for i := range plain.Environments {
		plain.Environments[i].Rungs = withoutWarnings(plain.Environments[i].Rungs)
	}
	p.rows(&plain)
}

func withoutWarnings(rungs []trace.Rung) []trace.Rung {
	plain := slices.Clone(rungs)
	for i, r := range plain {
		plain[i].Findings = slices.DeleteFunc(slices.Clone(r.Findings), func(f trace.Finding) bool { return f.Severity != trace.Error })
	}
	return plain
}

// summaryOnly is the last block, with what it is about.
func (p *tree) summaryOnly(t *trace.Trace) {
	p.header(t)
	p.Add("")
	p.conclude(t)
}

func (p *tree) unhealthy(rungs []trace.Rung, failing *trace.Failure, environment string) {
	for _, r := range withoutWarnings(rungs) {
		if r.State != trace.OK || r.Current == trace.Behind {
			p.rung(r, failing, environment)
		}
	}
}
