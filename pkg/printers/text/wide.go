package text

import (
	"cmp"
	"fmt"
	"io"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// wide is every object with its columns, then the last block of the tree and its evidence.
type wide struct{ tree }

// WriteWide writes every object of a trace with its columns.
func WriteWide(w io.Writer, t *trace.Trace, o style.Options) error {
	p := &wide{*newTree(o)}
	header := []string{"ENVIRONMENT", "RUNG", "OBJECT", "STATE", "CURRENT", "REVISION", "AGE", "SUMMARY"}
	if err := p.AddTable(style.Table{Header: header, Rows: p.rows(t)}); err != nil {
		return err
	}
	p.Add("")
	p.conclude(t)
	p.allEvidence(t)
	return p.Write(w)
}

func (p *wide) rows(t *trace.Trace) [][]string {
	var rows [][]string
	each(t, func(r trace.Rung, environment string) {
		parts := r.Parts
		if len(parts) == 0 {
			parts = []trace.Part{{
				Object: r.Object, State: r.State, Current: r.Current, Revision: r.Revision, Since: r.Since, Summary: r.Summary, Live: true,
			}}
		}
		for _, part := range parts {
			rows = append(rows, p.row(environment, r, part))
		}
	})
	return rows
}

func (p *wide) row(environment string, r trace.Rung, part trace.Part) []string {
	state := part.State.String()
	if r.Reported && part.State == trace.OK && len(r.Parts) == 0 {
		state = "Reported"
	}
	summary := escape.Line(part.Summary)
	if !part.Live {
		summary += " (as last reported by OpenChoreo)"
	}
	return []string{
		cmp.Or(escape.Line(environment), "-"), string(r.ID), cmp.Or(style.ObjectName(part.Object), "-"), state, style.CurrencyWord(part.Current),
		cmp.Or(style.Revision(part.Revision, true), "-"), cmp.Or(p.Options.Age(part.Since), "-"), p.Options.ToASCII(summary),
	}
}

// allEvidence lists what every finding rests on.
func (p *wide) allEvidence(t *trace.Trace) {
	each(t, func(r trace.Rung, environment string) {
		for _, f := range r.Findings {
			p.Add("")
			p.AddIndented(fmt.Sprintf("%s %s (%s): %s", style.Place(r.ID, environment), f.Code, f.Severity, cmp.Or(style.ObjectName(f.Object), "-")), 0)
			for _, e := range f.Evidence {
				for i, line := range escape.Lines(e.Value) {
					if i == 0 {
						line = e.Path + " = " + line
					}
					p.AddIndented(line, 2)
				}
			}
		}
	})
}
