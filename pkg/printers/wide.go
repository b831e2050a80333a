package printers

import (
	"cmp"
	"fmt"
	"io"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// wide is every object with its columns, then the last block of the tree and its evidence.
type wide struct{ tree }

// writeWide writes every object of a trace with its columns.
func writeWide(w io.Writer, t *trace.Trace, o Options) error {
	p := &wide{*newTree(o)}
	header := []string{"ENVIRONMENT", "RUNG", "OBJECT", "STATE", "CURRENT", "REVISION", "AGE", "SUMMARY"}
	if err := p.table(Table{header, p.rows(t)}); err != nil {
		return err
	}
	p.add("")
	p.closing(t)
	p.allEvidence(t)
	return p.write(w)
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
			rows = append(rows, p.row(environment, string(r.ID), part))
		}
	})
	return rows
}

func (p *wide) row(environment, rung string, part trace.Part) []string {
	summary := escape(part.Summary)
	if !part.Live {
		summary += " (as last reported by OpenChoreo)"
	}
	return []string{
		cmp.Or(escape(environment), "-"), rung, cmp.Or(objectName(part.Object), "-"), part.State.String(), currency(part.Current),
		cmp.Or(commit(part.Revision, true), "-"), cmp.Or(p.options.age(part.Since), "-"), p.options.ascii(summary),
	}
}

// allEvidence lists what every finding rests on.
func (p *wide) allEvidence(t *trace.Trace) {
	each(t, func(r trace.Rung, environment string) {
		for _, f := range r.Findings {
			p.add("")
			p.indented(fmt.Sprintf("%s %s (%s): %s", place(r.ID, environment), f.Code, f.Severity, cmp.Or(objectName(f.Object), "-")), 0)
			for _, e := range f.Evidence {
				for i, line := range paragraphs(e.Value) {
					if i == 0 {
						line = e.Path + " = " + line
					}
					p.indented(line, 2)
				}
			}
		}
	})
}
