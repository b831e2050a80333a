// Package problem prints the events and the logs of what a watched trace blames.
package problem

import (
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/inspect"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/document"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// problem is what the objects of a trace that are to blame belong to.
type problem struct {
	places  []string
	objects []facts.Ref
}

// problemOf is the rung that fails; where none does, those that are progressing or unknown.
func problemOf(t *trace.Trace) problem {
	var p problem
	visit := func(r trace.Rung, environment string) {
		f := t.Failing
		isBlamed := f != nil && f.Rung == r.ID && f.Environment == environment
		if isBlamed || (f == nil && (r.State == trace.Failed || r.State == trace.Progressing || r.State == trace.Unknown)) {
			p.places = append(p.places, style.Place(r.ID, environment))
			p.addRung(r)
		}
	}
	for _, r := range t.Rungs {
		visit(r, "")
	}
	for _, e := range t.Environments {
		for _, r := range e.Rungs {
			visit(r, e.Name)
		}
	}
	if t.Failing != nil {
		p.addFinding(t.Failing.Finding)
	}
	return p
}

func (p *problem) addRung(r trace.Rung) {
	for _, f := range r.Findings {
		p.addFinding(f)
	}
	p.add(r.Object)
	for _, part := range r.Parts {
		p.add(part.Object)
	}
}

func (p *problem) addFinding(f trace.Finding) { p.add(append([]facts.Ref{f.Object}, f.Path...)...) }

func (p *problem) add(refs ...facts.Ref) {
	for _, ref := range refs {
		if ref.Name != "" && !slices.Contains(p.objects, ref) {
			p.objects = append(p.objects, ref)
		}
	}
}

// begin adds what the lines are about, and reports whether there is anything.
func (p problem) begin(d *document.Document, what string) bool {
	if len(p.places) == 0 {
		d.AddIndented("No rung is failed, progressing or unknown: no "+what+" to show.", 0)
		return false
	}
	d.AddIndented(strings.Join(p.places, ", "), 0)
	return true
}

// EventLines are the Warning events about the objects of the rung that fails, as far as they were read.
func EventLines(o style.Options, t *trace.Trace, s *facts.Snapshot) []string {
	d, p := &document.Document{Options: o}, problemOf(t)
	if !p.begin(d, "events") {
		return d.Lines
	}
	var without []string
	for _, ref := range p.objects {
		detail := inspect.Inspect(s, ref)
		switch {
		case len(detail.Warnings) > 0:
			d.Add("")
			d.AddIndented(style.ObjectName(ref)+":", 2)
			for _, w := range detail.Warnings {
				ago := ""
				if age := o.Age(w.Last); age != "" {
					ago = ", " + age + " ago"
				}
				d.AddIndented(w.Reason+ago+": "+w.Message, 4)
			}
		case detail.Events.Outcome != facts.Found:
			d.Add("")
			d.AddIndented(style.ObjectName(ref)+": events "+style.OutcomeWords(detail.Events.Outcome, detail.Events.Reason), 2)
		default:
			without = append(without, style.ObjectName(ref))
		}
	}
	if len(without) > 0 {
		d.Add("")
		d.AddIndented("No Warning event was read about "+strings.Join(without, ", ")+".", 2)
	}
	return d.Lines
}

// LogLines are the last lines of the containers of the rung that fails, as far as they were read.
func LogLines(o style.Options, t *trace.Trace, s *facts.Snapshot) []string {
	d, p := &document.Document{Options: o}, problemOf(t)
	if !p.begin(d, "logs") {
		return d.Lines
	}
	read := false
	for _, ref := range p.objects {
		for _, l := range inspect.Inspect(s, ref).Logs {
			read = true
			d.Add("")
			addLog(d, l)
		}
	}
	if !read {
		d.Add("")
		d.AddIndented("No log was read. Only the logs of containers that crashed are read.", 2)
	}
	return d.Lines
}

func addLog(d *document.Document, l facts.Log) {
	name := "container " + l.Query.Container + " of " + style.ObjectName(l.Query.Pod)
	if l.Query.Previous {
		name += ", previous run"
	}
	switch {
	case l.Outcome != facts.Found:
		d.AddIndented(name+": log "+style.OutcomeWords(l.Outcome, l.Reason), 2)
	case len(l.Lines) == 0:
		d.AddIndented(name+": the log is empty", 2)
	default:
		d.AddIndented(name+":", 2)
		for _, line := range l.Lines {
			d.AddIndented(line, 4)
		}
	}
}
