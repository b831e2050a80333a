package printers

import (
	"fmt"
	"io"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// wide is every object with its columns, then the last block of the tree and its evidence.
type wide struct {
	options Options
}

func (p *wide) Print(w io.Writer, t *trace.Trace) error {
	all := &tree{options: p.options}
	header := []string{"ENVIRONMENT", "RUNG", "OBJECT", "STATE", "CURRENT", "REVISION", "AGE", "SUMMARY"}
	if err := all.table(Table{header, p.rows(t)}); err != nil {
		return err
	}
	all.add("")
	all.closing(t)
	all.allEvidence(t)
	return all.write(w)
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
		dash(escape(environment)), rung, dash(objectName(part.Object)), part.State.String(), currency(part.Current),
		dash(commit(part.Revision, true)), dash(p.options.age(part.Since)), p.options.ascii(summary),
	}
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func currency(c trace.Currency) string {
	switch c {
	case trace.Current:
		return "yes"
	case trace.Behind:
		return "behind"
	case trace.CurrencyUnknown:
		return "-"
	}
	return "-"
}

// allEvidence lists what every finding rests on.
func (p *tree) allEvidence(t *trace.Trace) {
	each(t, func(r trace.Rung, environment string) {
		for _, f := range r.Findings {
			p.add("")
			p.indented(fmt.Sprintf("%s %s (%s): %s", place(r.ID, environment), f.Code, f.Severity, refName(f.Object)), 0)
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

func refName(ref facts.Ref) string { return dash(objectName(ref)) }
