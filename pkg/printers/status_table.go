package printers

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/document"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// table is for people: what is in trouble first, then each cause once, with what to type, then what all of it comes to.
func (r StatusReport) table(w io.Writer, o Options, rows int) error {
	shown, hidden := r.listed(rows)
	return r.write(w, o, shown, narrowest(shown, o), hidden, causeDetail{full: fullCauses, lines: 5, most: 8})
}

// wide has a row for each component and environment, and more columns.
func (r StatusReport) wide(w io.Writer, o Options) error {
	var all []statusRow
	for _, one := range r.troubleFirst() {
		all = append(all, rowsOf(one, func(verify.Cell) bool { return true })...)
	}
	return r.write(w, o, all, rowTable(all, o, wideColumns), hiddenComponents{}, causeDetail{})
}

// fullCauses is how many causes an overview prints with all that is known; trace has it of the others.
const fullCauses = 3

func (r StatusReport) write(w io.Writer, o Options, shown []statusRow, t style.Table, hidden hiddenComponents, detail causeDetail) error {
	p := &document.Document{Options: o}
	if err := addRows(p, shown, t); err != nil {
		return err
	}
	p.AddIndented(hidden.words(), 0)
	detail.several, detail.qualified, detail.word = len(r.Results) > 1, severalNamespaces(shown), causeWord
	addCauses(p, r.Causes, detail)
	if len(p.Lines) > 0 {
		p.Add("")
	}
	for _, line := range r.conclusion(o) {
		p.Add(line)
	}
	return p.Write(w)
}

// conclusion is the headline as a sentence, on as many lines as it needs.
func (r StatusReport) conclusion(o Options) []string {
	lines := style.Wrap(r.Headline()+".", o.TextWidth(0))
	for i := range lines {
		lines[i] = o.Paint(decisionColor(r.Decision()), lines[i])
	}
	return lines
}

// Screen is the overview as far as a terminal of that height has room: what all of it comes to, then what is in trouble, and the causes.
// problem is why it is not up to date.
func (r StatusReport) Screen(o Options, height int, problem string) string {
	const leastRows, rest = 5, 2 // rest is for the last line and the cursor
	var text strings.Builder
	_ = r.table(&text, o, max(leastRows, min(mostRows, height/2-rest))) // a builder takes everything
	head := r.conclusion(o)
	lines := strings.Split(strings.TrimSuffix(text.String(), "\n"), "\n")
	lines = slices.Concat(head, []string{o.Truncate(o.ToASCII(escape.Line(problem)), 0)}, lines[:max(len(lines)-len(head)-1, 0)])
	if hidden := len(lines) - (height - rest); height > rest && hidden > 0 {
		lines = append(lines[:height-rest], o.ToASCII(fmt.Sprintf("… %d more lines; press q to print all", hidden)))
	}
	return strings.Join(lines, "\n")
}

func (h hiddenComponents) words() string {
	var parts []string
	for _, one := range []struct {
		count int
		word  string
	}{{h.trouble, "in trouble"}, {h.warned, "with warnings or drift"}, {h.healthy, "healthy"}} {
		if one.count > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", one.count, one.word))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "Components not listed: " + strings.Join(parts, ", ") + "; -o wide lists all."
}

// causeWord begins the heading of a cause.
func causeWord(d verify.Decision) string {
	switch d {
	case verify.Failed:
		return "Failed"
	case verify.Pending:
		return "Not ready"
	case verify.Undecided:
		return "Unknown"
	case verify.Passed:
		return "Healthy"
	}
	return "Unknown"
}

// Decision is the worst of all components.
func (r StatusReport) Decision() verify.Decision {
	d := verify.Passed
	for _, one := range r.Results {
		d = d.Worse(one.Decision)
	}
	return d
}

// addRows adds the table, a row on a line, however long its names are. On a terminal, a row begins with its mark, in its colour; the
// table itself measures no colours.
func addRows(p *document.Document, shown []statusRow, t style.Table) error {
	if len(shown) == 0 {
		return nil
	}
	lines, err := t.Lines()
	if err != nil {
		return err
	}
	for i, line := range lines {
		line = p.Options.Truncate(line, 0)
		if p.Options.Marks && i > 0 && i <= len(shown) {
			look := shown[i-1].look()
			mark := cmp.Or(map[bool]string{true: look.ASCII}[p.Options.ASCII], look.Mark)
			line = p.Options.Paint(look.Color, mark) + strings.TrimPrefix(line, mark)
		}
		p.Add(line)
	}
	return nil
}

// look is the mark of a row. What runs well gets another than that of health if its component fails above its environments, if it is
// behind, or if there is a warning.
func (row statusRow) look() style.Style {
	state := row.cell.Verdict.State()
	if state != trace.OK {
		return style.Of(state)
	}
	if r, ok := row.one.ReasonIn(""); ok {
		return style.Of(r.Decision.State())
	}
	switch {
	case row.cell.Current == trace.Behind:
		return style.Of(trace.Progressing)
	case row.cause() != "":
		return style.Style{Mark: "!", ASCII: "!", Color: "33"}
	}
	return style.OfRung(trace.Rung{State: state, Reported: row.cell.Reported})
}

// state is the state in words.
func (row statusRow) state() string {
	word := style.RungWord(trace.Rung{State: row.cell.Verdict.State(), Reported: row.cell.Reported})
	if row.cell.Current == trace.Behind && row.cell.Verdict != trace.VerdictSuspended {
		word += ", behind"
	}
	return word
}

// columns are how much the table of an overview says.
type columns uint8

const (
	wideColumns columns = iota // with project, commit, and the whole names of releases and images
	everything
	tagsOnly // of images
	withoutRelease
	withoutImage
	withoutAge // and without drift
	withoutCause
)

// narrowest is the table with as many columns as the terminal has room for.
func narrowest(shown []statusRow, o Options) style.Table {
	for c := everything; c < withoutCause; c++ {
		if t := rowTable(shown, o, c); o.Width <= 0 || t.Width() <= o.Width {
			return t
		}
	}
	return rowTable(shown, o, withoutCause)
}

// column is a heading, and what a row has there.
type column struct {
	heading string
	text    func(statusRow) string
}

func rowTable(shown []statusRow, o Options, c columns) style.Table {
	all := columnsOf(shown, o, c)
	t := style.Table{}
	for _, one := range all {
		t.Header = append(t.Header, one.heading)
	}
	for _, row := range shown {
		var cells []string
		for _, one := range all {
			cells = append(cells, one.text(row))
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

func columnsOf(shown []statusRow, o Options, c columns) []column {
	some := func(has func(statusRow) bool) bool { return slices.ContainsFunc(shown, has) }
	subject := func(row statusRow) (string, string, string) {
		s := row.one.Trace.Subject
		return s.Namespace, s.Project, s.Component
	}
	all := []struct {
		column
		shown bool
	}{
		{column{"", func(row statusRow) string {
			return cmp.Or(map[bool]string{true: row.look().ASCII}[o.ASCII], row.look().Mark)
		}}, o.Marks},
		{column{"NAMESPACE", func(row statusRow) string { n, _, _ := subject(row); return escape.Line(n) }}, c == wideColumns || severalNamespaces(shown)},
		{column{"PROJECT", func(row statusRow) string { _, p, _ := subject(row); return orDash(p) }}, c == wideColumns},
		{column{"COMPONENT", func(row statusRow) string { _, _, n := subject(row); return escape.Line(n) }}, true},
		{column{"ENVIRONMENT", func(row statusRow) string { return escape.Line(row.cell.Environment) }}, true},
		{column{"STATE", statusRow.state}, true},
		{column{"RELEASE", func(row statusRow) string { return row.release(c) }}, c < withoutRelease},
		{column{"COMMIT", func(row statusRow) string { return cmp.Or(style.Revision(row.cell.Commit, true), "-") }}, c == wideColumns},
		{column{"IMAGE", func(row statusRow) string { return row.image(c) }}, c < withoutImage},
		{column{"AGE", func(row statusRow) string { return cmp.Or(o.Age(row.cell.Since), "-") }}, c < withoutAge},
		{column{"DRIFT", func(row statusRow) string { return row.drift(o) }}, c == wideColumns || c < withoutAge && some(func(row statusRow) bool { return row.cell.Drift > 0 })},
		{column{"CAUSE", func(row statusRow) string { return orDash(string(row.cause())) }}, c == wideColumns || c < withoutCause && some(func(row statusRow) bool { return row.cause() != "" })},
	}
	var columns []column
	for _, one := range all {
		if one.shown {
			columns = append(columns, one.column)
		}
	}
	return columns
}

func severalNamespaces(rows []statusRow) bool {
	return slices.ContainsFunc(rows, func(row statusRow) bool {
		return row.one.Trace.Subject.Namespace != rows[0].one.Trace.Subject.Namespace
	})
}

func orDash(text string) string { return cmp.Or(escape.Line(text), "-") }

func (row statusRow) release(c columns) string {
	if c == wideColumns {
		return orDash(row.cell.Release)
	}
	return cmp.Or(shortRelease(row.cell.Release, row.one.Trace.Subject.Component), "-")
}

// image is the image that runs: with its registry, without, or only what follows its name.
func (row statusRow) image(c columns) string {
	name := trace.ImageName(row.cell.Image)
	switch {
	case c == wideColumns:
		name = row.cell.Image
	case c >= tagsOnly:
		name = name[max(strings.IndexAny(name, ":@"), 0):]
	}
	return orDash(name)
}

// drift is how much differs, and since when, as far as that is known.
func (row statusRow) drift(o Options) string {
	switch age := o.Age(row.cell.DriftSince); {
	case row.cell.Drift == 0:
		return "-"
	case age == "":
		return fmt.Sprint(row.cell.Drift)
	default:
		return fmt.Sprintf("%d, %s", row.cell.Drift, age)
	}
}
