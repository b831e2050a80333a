package text

import (
	"fmt"
	"io"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/data"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/steps"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Report is what came of a reconcile.
type Report struct {
	Begun, Ended time.Time
	Steps        []steps.Step   // of what delivers, each after all that it needs
	Times        []steps.Timed  // of what was requested and waited for
	Retriggered  []facts.Ref    // in order
	Traces       []*trace.Trace // of the components that were waited for, or of the one whose delivery failed
	Waited       bool           // the components were waited for
	Late         bool           // the time ran out
}

// isReconciled reports whether everything that delivers is as wanted.
func (r Report) isReconciled() bool {
	for _, s := range r.Steps {
		if s.Look != trace.OK {
			return false
		}
	}
	return true
}

// reportEvent is the last line of the events in JSON.
type reportEvent struct {
	APIVersion  string        `json:"apiVersion"`
	Kind        string        `json:"kind"`
	Seconds     float64       `json:"seconds"`
	TimedOut    bool          `json:"timedOut"`
	Steps       []steps.Step  `json:"steps"`
	Retriggered []facts.Ref   `json:"woken,omitempty"`
	Components  []reportTrace `json:"components,omitempty"`
}

// reportTrace is what a trace comes to.
type reportTrace struct {
	Subject facts.Subject  `json:"subject"`
	Wanted  trace.Wanted   `json:"wanted"`
	Verdict trace.Verdict  `json:"verdict"`
	Current trace.Currency `json:"current"`
	Failing *trace.Failure `json:"failing"`
}

// Document is the report as data.
func (r Report) Document() any {
	e := reportEvent{APIVersion: data.APIVersion, Kind: "ReconcileReport", Seconds: r.Ended.Sub(r.Begun).Seconds(), TimedOut: r.Late, Steps: r.Steps, Retriggered: r.Retriggered}
	for _, t := range r.Traces {
		e.Components = append(e.Components, reportTrace{t.Subject, t.Wanted, t.Verdict, t.Current, t.Failing})
	}
	return e
}

// WriteReport prints the answer: what was reconciled, or what failed and what was therefore not attempted; what was re-triggered; the
// last block of the trace; the times.
func WriteReport(o style.Options, w io.Writer, r Report) error {
	p := newTree(o)
	p.addHeadline(r)
	for _, s := range r.Steps {
		p.addFailedStep(s)
	}
	for _, ref := range r.Retriggered {
		p.AddIndented("Re-triggered "+style.ObjectName(ref)+".", 2)
	}
	for _, t := range r.Traces {
		p.addComponent(t, r, len(r.Traces) > 1)
	}
	if err := p.Write(w); err != nil {
		return err
	}
	if len(r.Times) == 0 {
		return nil
	}
	if _, err := fmt.Fprintln(w); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return steps.WriteTimes(o, w, r.Begun, r.Times)
}

func (p *tree) addHeadline(r Report) {
	took := style.Seconds(r.Ended.Sub(r.Begun))
	switch {
	case r.Late:
		p.Add(p.Options.Paint("1;31", "Timed out after "+took+".") + " Triggered runs continue in the cluster.")
	case len(r.Steps) == 0:
		p.Add("Nothing to reconcile: no Flux or Argo CD object delivers it.")
	case r.isReconciled():
		p.Add(p.Options.Paint("32", "Reconciled in "+took+"."))
	default:
		p.Add(p.Options.Paint("1;31", "Failed after "+took+"."))
	}
}

// addFailedStep tells of an object that is not as wanted.
func (p *tree) addFailedStep(s steps.Step) {
	if s.Look == trace.OK {
		return
	}
	line := s.Name() + " " + steps.Spaced(s.State)
	if len(s.After) > 0 && s.Look == trace.Blocked {
		p.AddIndented(line+", after "+style.ObjectNames(s.After)+".", 2)
		return
	}
	p.AddIndented(line+":", 2)
	for _, told := range escape.Lines(s.Message) {
		p.AddIndented(told, 4)
	}
}

// addComponent is what a component came to: one line where there are several and it is well.
func (p *tree) addComponent(t *trace.Trace, r Report, several bool) {
	if !r.Waited && t.Verdict != trace.VerdictFailed {
		return // that the rest waits for the delivery needs no words
	}
	if several && t.Verdict == trace.VerdictHealthy {
		return
	}
	p.Add("")
	if several {
		p.Add(p.Options.Paint("1", escape.Line(t.Subject.Component)) + ", namespace " + escape.Line(t.Subject.Namespace))
	}
	p.conclude(t)
}
