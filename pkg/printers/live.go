package printers

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Live is a trace that is being watched.
type Live struct {
	Trace   *trace.Trace
	Changes []Change // in the order of time
	Begun   time.Time
	Ends    string // what ends it, in a few words
}

// leastChanges are shown even where the ladder must be shortened for them.
const leastChanges = 3

const unlimited = 1 << 30

// Live draws the ladder and, below it, the last changes, in at most height lines; 0 is unlimited. Where the ladder does not
// fit, less of it is drawn.
func (o Options) Live(l Live, height int) string {
	if height <= 0 {
		height = unlimited
	}
	below := 2 + min(len(l.Changes), leastChanges, height/4)
	lines := append(o.fitting(l.Trace, max(height-below, 1)), "")
	shown := max(min(len(l.Changes), height-len(lines)-1), 0)
	for _, c := range l.Changes[len(l.Changes)-shown:] {
		lines = append(lines, c.drawn(o))
	}
	lines = append(lines, o.paint("2", o.cut(l.status(), 0)))
	return strings.Join(lines[:min(len(lines), height)], "\n")
}

func (l Live) status() string {
	changes := "no change"
	switch n := len(l.Changes); {
	case n == 1:
		changes = "1 change"
	case n > 1:
		changes = fmt.Sprintf("%d changes", n)
	}
	return fmt.Sprintf("%s since %s; %s", changes, l.Begun.Format(time.TimeOnly), l.Ends)
}

// fitting is the most that fits into so many lines: the ladder, what is not well of it, or its last block, cut.
func (o Options) fitting(t *trace.Trace, room int) []string {
	var lines []string
	for _, draw := range []func(*tree, *trace.Trace){(*tree).ladder, (*tree).brief, (*tree).briefest, (*tree).closing} {
		p := newTree(o)
		draw(p, t)
		if lines = p.lines; len(lines) <= room {
			return lines
		}
	}
	if room == 1 {
		return lines[:1]
	}
	more := fmt.Sprintf("  … %d more lines; a taller window shows them", len(lines)-room+1)
	return append(lines[:room-1], o.cut(o.ascii(more), 0))
}

// brief is the ladder without what is well.
func (p *tree) brief(t *trace.Trace) {
	p.header(t)
	p.add("")
	p.unwell(t.Rungs, t.Failing, "")
	for _, e := range t.Environments {
		p.add("  " + p.options.paint("1", escape(e.Name)) + "  " + p.options.paint(verdictColor(e.Verdict), verdictWord(e)))
		if !notBound(e) {
			p.unwell(e.Rungs, t.Failing, e.Name)
		}
	}
	p.add("")
	p.closing(t)
}

// briefest is the last block, with what it is about.
func (p *tree) briefest(t *trace.Trace) {
	p.header(t)
	p.add("")
	p.closing(t)
}

func (p *tree) unwell(rungs []trace.Rung, failing *trace.Failure, environment string) {
	for _, r := range rungs {
		if r.State != trace.OK || r.Current == trace.Behind {
			r.Findings = slices.DeleteFunc(slices.Clone(r.Findings), func(f trace.Finding) bool { return f.Severity != trace.Error })
			p.rung(r, failing, environment)
		}
	}
}
