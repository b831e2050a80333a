package text

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// wide is every object with its columns, then the last block of the tree and its evidence.
type wide struct{ tree }

// WriteWide writes every object of a trace with its columns.
func WriteWide(w io.Writer, t *trace.Trace, o style.Options) error {
	p := &wide{*newTree(o)}
	if err := p.table(p.rows(t)); err != nil {
		return err
	}
	p.Add("")
	p.conclude(t)
	p.allEvidence(t)
	return p.Write(w)
}

// These are the columns of OBJECT and SUMMARY.
const (
	objectColumn  = 2
	summaryColumn = 7
)

// table has a line for each object. A terminal that is too narrow for it gets the long columns below each line, wrapped.
func (p *wide) table(rows [][]string) error {
	whole := style.Table{Header: []string{"ENVIRONMENT", "RUNG", "OBJECT", "STATE", "CURRENT", "REVISION", "AGE", "SUMMARY"}, Rows: rows}
	if p.Options.Width <= 0 || whole.Width() <= p.Options.Width {
		return p.AddTable(whole)
	}
	short := style.Table{Header: withoutLong(whole.Header)}
	for _, row := range rows {
		short.Rows = append(short.Rows, withoutLong(row))
	}
	lines, err := short.Lines()
	if err != nil {
		return err
	}
	p.Add(lines[0])
	for i, row := range rows {
		p.Add(lines[i+1])
		if row[objectColumn] != "-" {
			p.AddIndented(row[objectColumn], 4)
		}
		p.AddIndented(row[summaryColumn], 4)
	}
	return nil
}

func withoutLong(cells []string) []string {
	return append(slices.Clone(cells[:objectColumn]), cells[objectColumn+1:summaryColumn]...)
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
