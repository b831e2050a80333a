package printers

import (
	"fmt"
	"io"
	"slices"
	"strings"

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
	for _, kind := range alike(r.Causes) {
		shown := min(len(kind), inFull)
		for _, c := range kind[:shown] {
			p.Add("")
			addCause(p, c, len(r.Results) > 1)
		}
		addLikewise(p, kind[shown:])
	}
	for _, one := range r.Results {
		if err := addProbes(p, one); err != nil {
			return err
		}
	}
	p.Add("")
	p.Add(o.Paint(decisionColor(r.Decision()), r.headline()) + ", after " + style.Seconds(r.Ended.Sub(r.Begun)) + ".")
	return p.Write(w)
}

// alike puts causes together that differ only in their component, such as many releases that are missing, each of its own component.
func alike(causes []verify.Cause) [][]verify.Cause {
	var groups [][]verify.Cause
	for _, c := range causes {
		at := slices.IndexFunc(groups, func(g []verify.Cause) bool {
			return g[0].Decision == c.Decision && g[0].Rung == c.Rung && g[0].Code == c.Code
		})
		if at < 0 {
			groups = append(groups, []verify.Cause{c})
			continue
		}
		groups[at] = append(groups[at], c)
	}
	return groups
}

// inFull is how many causes of a kind are printed with all that is known; the others would only be more of the same.
const inFull = 3

// addLikewise lists the further causes of a kind, each on a line.
func addLikewise(d *document.Document, causes []verify.Cause) {
	for i, c := range causes {
		if i == 0 {
			d.Add("")
			d.Add(fmt.Sprintf("%s: %s   %s, %d more:", c.Decision, c.Rung, escape.Line(string(c.Code)), len(causes)))
		}
		d.AddIndented(strings.Join(c.Names(), ", ")+": "+escape.Line(style.Shorten(c.Message)), 2)
	}
}

func decisionColor(d verify.Decision) string {
	switch d {
	case verify.Passed:
		return "32"
	case verify.Failed:
		return "1;31"
	case verify.Pending:
		return "36"
	case verify.Undecided:
		return "35"
	}
	return "35"
}

// addCause adds one block: what failed, its object and message, what it means, which components it affects, and the next commands.
func addCause(d *document.Document, c verify.Cause, several bool) {
	where := string(c.Rung)
	if !several && len(c.Subjects) == 1 && len(c.Subjects[0].Environments) > 0 {
		where += " (" + escape.Line(strings.Join(c.Subjects[0].Environments, ", ")) + ")"
	}
	d.Add(d.Options.Paint(decisionColor(c.Decision), strings.TrimSuffix(c.Decision.String()+": "+where, ": ")) + "   " + escape.Line(string(c.Code)))
	if name := style.ObjectName(c.Object); name != "" {
		if age := d.Options.Age(c.Since); age != "" {
			name += ", since " + age
		}
		d.AddIndented(name+":", 2)
	}
	for _, line := range escape.Lines(style.Shorten(c.Message)) {
		d.AddIndented(line, 4)
	}
	d.AddLogs(c.Finding)
	d.AddIndented(style.Sentence(c.Hint), 2)
	d.AddPath(c.Finding)
	if several {
		names := c.Names()
		d.AddIndented(fmt.Sprintf("Affects %s%s.", counted(len(names)), strings.Join(names, ", ")), 2)
	}
	d.AddCommands(style.Commands(c.Finding))
}

// counted says how many names follow, where they are more than one sees.
func counted(count int) string {
	if count < 4 {
		return ""
	}
	return fmt.Sprintf("%d components: ", count)
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
