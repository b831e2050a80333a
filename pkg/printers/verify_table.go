package printers

import (
	"fmt"
	"io"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/document"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// table is for people: the components, then each cause once, with what to type, then what all of it comes to.
func (r VerifyReport) table(w io.Writer, o Options, t style.Table) error {
	p := &document.Document{Options: o}
	if err := p.AddTable(t); err != nil {
		return err
	}
	addCauses(p, r.Causes, causeDetail{several: len(r.Results) > 1})
	for _, one := range r.Results {
		if err := addProbes(p, one); err != nil {
			return err
		}
	}
	p.Add("")
	p.Add(o.Paint(decisionColor(r.Decision()), r.headline()) + ", after " + style.Seconds(r.Ended.Sub(r.Begun)) + ".")
	return p.Write(w)
}

// addProbes adds the answers of endpoints.
func addProbes(d *document.Document, one verify.Result) error {
	if len(one.Probes) == 0 {
		return nil
	}
	d.Add("")
	d.Add(escape.Line(one.Trace.Subject.Component) + " endpoints:")
	answers := style.Table{Header: []string{"ENVIRONMENT", "URL", "ANSWER"}}
	for _, probe := range one.Probes {
		answers.Rows = append(answers.Rows, []string{escape.Line(probe.Environment), escape.Line(probe.URL), escape.Line(answer(probe))})
	}
	return d.AddTable(answers)
}

func answer(p verify.Probe) string {
	text := fmt.Sprintf("%d in %s", p.Status, milliseconds(p))
	if p.Error != "" {
		text = p.Error
	}
	if p.Through != "" {
		text += ", through pod " + p.Through
	}
	return text
}

func milliseconds(p verify.Probe) string { return fmt.Sprintf("%.0f ms", 1000*p.Seconds) }
