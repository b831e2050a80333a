package printers

import (
	"fmt"
	"io"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// document is text for people, line by line.
type document struct {
	options Options
	lines   []string
}

// add adds a line, which no CI runner takes for a command.
func (d *document) add(line string) {
	d.lines = append(d.lines, unobeyed(strings.TrimRight(line, " ")))
}

// indented adds text, wrapped to the terminal's width.
func (d *document) indented(text string, indent int) {
	if text = d.options.ascii(escape(text)); text == "" {
		return
	}
	for _, line := range wrap(text, d.options.room(indent)) {
		d.add(strings.Repeat(" ", indent) + line)
	}
}

// evidence shows the last words of a container; the rest is for wide.
func (d *document) evidence(f trace.Finding) {
	const most = 6
	for _, e := range f.Evidence {
		if !e.IsLog() {
			continue
		}
		lines := paragraphs(e.Value)
		d.indented("the "+e.Path+" ends:", 2)
		for _, line := range lines[max(0, len(lines)-most):] {
			d.indented(line, 4)
		}
	}
}

// path adds the objects that led to the one that a finding blames.
func (d *document) path(f trace.Finding) {
	var names []string
	for _, ref := range f.Path {
		if ref != f.Object && !ref.IsZero() && ref.Name != "" {
			names = append(names, objectName(ref))
		}
	}
	if len(names) > 0 {
		d.indented("Seen from "+strings.Join(append(names, objectName(f.Object)), " → ")+".", 2)
	}
}

// next lists commands, one a line and never broken, so that they can be copied.
func (d *document) next(commands []string) {
	for i, command := range commands {
		label := "        "
		if i == 0 {
			label = "  Next: "
		}
		d.add(label + escape(d.options.called(command)))
	}
}

// table adds the lines of a table.
func (d *document) table(t Table) error {
	lines, err := t.lines()
	for _, line := range lines {
		d.add(line)
	}
	return err
}

// write writes all lines.
func (d *document) write(w io.Writer) error {
	if _, err := io.WriteString(w, strings.Join(d.lines, "\n")+"\n"); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}
