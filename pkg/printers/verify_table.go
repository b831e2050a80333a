package printers

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// table is for people: the components, then each cause once, with what to type, then what all of it comes to.
func (r VerifyReport) table(w io.Writer, o Options, t Table) error {
	table := plainTable(w)
	table.Header(t.Header)
	if err := table.Bulk(t.Rows); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	if err := table.Render(); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	p := &tree{options: o}
	for _, c := range r.Causes {
		p.add("")
		p.cause(c, len(r.Results) > 1)
	}
	for _, one := range r.Results {
		p.probes(one)
	}
	p.add("")
	p.add(o.paint(decisionColor(r.Decision()), r.headline()) + ", after " + seconds(r.Ended.Sub(r.Begun)) + ".")
	return p.write(w)
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

// cause is one block: what, who is to blame and says so, what it means, whom of several it holds, what to type.
func (p *tree) cause(c verify.Cause, several bool) {
	where := string(c.Rung)
	if !several && len(c.Subjects) == 1 && len(c.Subjects[0].Environments) > 0 {
		where += ", in " + escape(strings.Join(c.Subjects[0].Environments, ", "))
	}
	p.add(p.options.paint(decisionColor(c.Decision), strings.TrimSuffix(c.Decision.String()+": "+where, ": ")) + "   " + escape(string(c.Code)))
	if name := objectName(c.Object); name != "" {
		if age := p.options.age(c.Since); age != "" {
			name += ", since " + age
		}
		p.indented(name+":", 2)
	}
	for _, line := range paragraphs(c.Message) {
		p.indented(line, 4)
	}
	p.evidence(c.Finding)
	p.indented(asSentence(c.Hint), 2)
	p.path(c.Finding)
	if several {
		names := c.Names()
		p.indented(fmt.Sprintf("It holds %s%s.", counted(len(names)), strings.Join(names, ", ")), 2)
	}
	p.next(slices.Concat(c.Next, []string{"kubectl choreo explain " + string(c.Code)}))
}

// counted says how many names follow, where they are more than one sees.
func counted(count int) string {
	if count < 4 {
		return ""
	}
	return fmt.Sprintf("%d components: ", count)
}

func (p *tree) probes(one verify.Result) {
	for i, probe := range one.Probes {
		if i == 0 {
			p.add("")
			p.add(escape(one.Trace.Subject.Component) + " answers:")
		}
		answer := fmt.Sprintf("%d in %s", probe.Status, milliseconds(probe))
		if probe.Error != "" {
			answer = probe.Error
		}
		if probe.Through != "" {
			answer += ", through pod " + probe.Through
		}
		p.indented(fmt.Sprintf("%s  %s  %s", probe.Environment, probe.URL, answer), 2)
	}
}

func milliseconds(p verify.Probe) string { return fmt.Sprintf("%.0f ms", 1000*p.Seconds) }

// matrix is component by environment.
func (r VerifyReport) matrix(o Options) Table {
	environments := verify.Environments(r.Results)
	t := Table{Header: r.heading("GATE")}
	for _, e := range environments {
		t.Header = append(t.Header, strings.ToUpper(escape(e)))
	}
	for _, one := range r.Results {
		row := r.names(one, strings.ToLower(one.Decision.String()))
		for _, e := range environments {
			row = append(row, o.cell(one, e))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// heading has the namespace where there are several.
func (r VerifyReport) heading(more ...string) []string {
	if r.severalNamespaces() {
		return append([]string{"NAMESPACE", "COMPONENT"}, more...)
	}
	return append([]string{"COMPONENT"}, more...)
}

func (r VerifyReport) names(one verify.Result, more ...string) []string {
	s := one.Trace.Subject
	if r.severalNamespaces() {
		return append([]string{escape(s.Namespace), escape(s.Component)}, more...)
	}
	return append([]string{escape(s.Component)}, more...)
}

func (r VerifyReport) severalNamespaces() bool {
	return slices.ContainsFunc(r.Results, func(one verify.Result) bool {
		return one.Trace.Subject.Namespace != r.Results[0].Trace.Subject.Namespace
	})
}

// cell is how a component stands in an environment: state, release, age, and what differs from the next environment.
func (o Options) cell(one verify.Result, environment string) string {
	at := slices.IndexFunc(one.Cells, func(c verify.Cell) bool { return c.Environment == environment })
	if at < 0 || !one.Cells[at].Bound {
		return "-"
	}
	c := one.Cells[at]
	words := []string{o.cellState(c)}
	for _, word := range []string{escape(string(c.Failing)), shortRelease(c.Release, one.Trace.Subject.Component), o.age(c.Since)} {
		if word != "" {
			words = append(words, word)
		}
	}
	text := strings.Join(words, " ")
	if c.Current == trace.Behind {
		text += ", behind"
	}
	if order := orderWords(c); order != "" {
		text += ", " + order
	}
	return text
}

func (o Options) cellState(c verify.Cell) string {
	plain := o
	plain.Color = false // a table measures its cells
	return strings.TrimSpace(plain.state(stateOf(c.Verdict)))
}

// stateOf is the mark of a verdict.
func stateOf(v trace.Verdict) trace.State {
	switch v {
	case trace.Healthy:
		return trace.OK
	case trace.Broken:
		return trace.Failed
	case trace.Unsettled:
		return trace.Progressing
	case trace.Still:
		return trace.Suspended
	case trace.Undecided:
		return trace.Unknown
	}
	return trace.Unknown
}

// shortRelease leaves the component out of the name of its release, where it begins with it.
func shortRelease(release, component string) string {
	short := strings.TrimPrefix(release, component+"-")
	if short == "" {
		short = release
	}
	return escape(short)
}

func orderWords(c verify.Cell) string {
	switch c.Order {
	case verify.Ahead:
		return "ahead of " + escape(c.Next)
	case verify.Older:
		return "older than " + escape(c.Next)
	case verify.Same, verify.OrderUnknown:
	}
	return ""
}

// list is a line for each component and environment, with commit and image.
func (r VerifyReport) list(o Options) Table {
	t := Table{Header: r.heading("ENVIRONMENT", "GATE", "STATE", "CURRENT", "RELEASE", "COMMIT", "IMAGE", "AGE", "NEXT")}
	for _, one := range r.Results {
		for _, c := range one.Cells {
			if !c.Bound {
				continue
			}
			t.Rows = append(t.Rows, r.names(one,
				escape(c.Environment), strings.ToLower(one.Decision.String()), o.cellState(c), currency(c.Current), dash(escape(c.Release)),
				dash(commit(c.Commit, true)), dash(escape(c.Image)), dash(o.age(c.Since)), dash(orderWords(c))))
		}
	}
	return t
}
