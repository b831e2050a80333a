package text

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// repeated is from how many objects on a warning is printed once for all of them.
const repeated = 3

// note is a finding of a rung that does not fail, such as a warning.
func (p *tree) note(f trace.Finding, indent, room int) {
	if p.noted[f.Code] {
		return
	}
	message := escape.Line(style.Shorten(f.Message))
	if count := p.counts[f.Code]; f.Severity == trace.Warning && count >= repeated {
		p.noted[f.Code] = true
		message += fmt.Sprintf(" (and %d more objects)", count-1)
	}
	color := "33"
	if f.Severity == trace.Error {
		color = "31"
	}
	for i, line := range style.Wrap("! "+p.Options.ToASCII(p.Options.Elide(message)), room) {
		if i > 0 {
			line = "  " + line
		}
		p.Add(strings.Repeat(" ", indent) + p.Options.Paint(color, line))
	}
}

// warningCounts counts, by code, the objects that have a warning.
func warningCounts(t *trace.Trace) map[trace.Code]int {
	counts := map[trace.Code]int{}
	each(t, func(r trace.Rung, _ string) {
		for _, f := range r.Findings {
			if f.Severity == trace.Warning {
				counts[f.Code]++
			}
		}
	})
	return counts
}

// Warnings are the warnings of a trace in a few words, without one that the conclusion reports itself; "" where there is none.
func Warnings(t *trace.Trace, reported trace.Code) string {
	counts := warningCounts(t)
	delete(counts, reported)
	var codes []string
	for code, count := range counts {
		word := string(code)
		if count > 1 {
			word += fmt.Sprintf(" (%d objects)", count)
		}
		codes = append(codes, word)
	}
	slices.Sort(codes)
	switch len(codes) {
	case 0:
		return ""
	case 1:
		return "1 warning: " + codes[0]
	}
	return fmt.Sprintf("%d warnings: %s", len(codes), strings.Join(codes, ", "))
}

// linked makes links of what a line of a rung shows: the address of an endpoint, the commit of a source.
func (p *tree) linked(line string, r trace.Rung) string {
	if r.ID == trace.RungEndpoint {
		for _, address := range style.WebAddresses(line) {
			line = p.Options.LinkTo(line, address, address)
		}
	}
	if style.IsCommit(r.Revision) {
		return p.Options.LinkTo(line, style.Revision(r.Revision, false), p.commitPage(r.Revision))
	}
	return line
}
