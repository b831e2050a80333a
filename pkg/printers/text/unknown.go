package text

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// unknown names what could not be read. Missing rights come in one sentence with one command, however many rungs lack them: one
// administrator grants them together.
func (p conclusion) unknown(t *trace.Trace) {
	var forbidden []trace.Finding
	var rungs []string
	each(t, func(r trace.Rung, _ string) {
		for _, f := range r.Findings {
			if r.State == trace.Unknown && f.Code == trace.CodeForbidden {
				forbidden = append(forbidden, f)
				rungs = append(rungs, string(r.ID))
			}
		}
	})
	p.Add(p.Options.Paint("35", "Unknown, not failed:"))
	each(t, func(r trace.Rung, environment string) {
		isFollowed := len(r.Findings) == 0 && len(forbidden) > 0 // it names no cause of its own
		if r.State == trace.Unknown && !isFollowed && !slices.ContainsFunc(r.Findings, isForbidden) {
			p.unknownRung(r, environment)
		}
	})
	if len(forbidden) > 0 {
		p.forbidden(forbidden, slices.Compact(rungs))
	}
}

func isForbidden(f trace.Finding) bool { return f.Code == trace.CodeForbidden }

func (p conclusion) unknownRung(r trace.Rung, environment string) {
	p.AddIndented(style.Place(r.ID, environment)+": "+escape.Line(r.Summary), 2)
	for _, f := range r.Findings {
		p.AddIndented(f.Message, 4)
		p.AddCommands(style.Commands(f))
	}
}

func (p conclusion) forbidden(findings []trace.Finding, rungs []string) {
	var objects []facts.Ref
	user, unknown := "you", []string{}
	for _, f := range findings {
		if !slices.Contains(objects, f.Object) {
			objects = append(objects, f.Object)
		}
		for _, e := range f.Evidence {
			if e.Path == trace.UserEvidence {
				user = escape.Line(e.Value)
			}
		}
	}
	for _, id := range rungs {
		if !slices.Contains(unknown, id) {
			unknown = append(unknown, id)
		}
	}
	what := "this object"
	if len(objects) > 1 {
		what = fmt.Sprintf("these %d objects", len(objects))
	}
	p.AddIndented(fmt.Sprintf("%s may not read %s. Unknown: %s.", user, what, strings.Join(unknown, ", ")), 2)
	for _, ref := range objects {
		p.AddIndented(style.ObjectName(ref), 4)
	}
	p.AddCommands(style.Commands(findings[0]))
}
