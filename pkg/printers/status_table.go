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
	for _, one := range r.TroubleFirst() {
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
