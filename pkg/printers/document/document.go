// Package document lays out lines for a terminal or a pipe: indentation, wrapping, commands, log lines.
package document

import (
	"fmt"
	"io"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Document is text for people, line by line.
type Document struct {
	Options  style.Options
	Lines    []string
	Commands []string // those among the lines, as they are printed
}

// Add adds a line, which no CI runner takes for a command.
func (d *Document) Add(line string) {
	d.Lines = append(d.Lines, escape.WorkflowCommand(strings.TrimRight(line, " ")))
}

// AddIndented adds text, wrapped to the terminal's width.
func (d *Document) AddIndented(text string, indent int) {
	if text = d.Options.ToASCII(escape.Line(text)); text == "" {
		return
	}
	for _, line := range style.Wrap(d.Options.ToASCII(d.Options.Elide(text)), d.Options.TextWidth(indent)) {
		d.Add(strings.Repeat(" ", indent) + line)
	}
}

// AddLogs shows the last words of a container; the rest is for wide.
func (d *Document) AddLogs(f trace.Finding) {
	const most = 6
	for _, e := range f.Evidence {
		if !e.IsLog() {
			continue
		}
		lines := escape.Lines(e.Value)
		d.AddIndented("last lines of the "+e.Path+":", 2)
		for _, line := range lines[max(0, len(lines)-most):] {
			d.AddIndented(line, 4)
		}
	}
}

// AddPath adds the objects that led to the one that a finding blames.
func (d *Document) AddPath(f trace.Finding) {
	var names []string
	for _, ref := range f.Path {
		if ref != f.Object && !ref.IsZero() && ref.Name != "" {
			names = append(names, style.ObjectName(ref))
		}
	}
	if len(names) > 0 {
		d.AddIndented("Path: "+strings.Join(append(names, style.ObjectName(f.Object)), " → "), 2)
	}
}

// AddCommands lists commands, one a line and never broken, so that they can be copied.
func (d *Document) AddCommands(groups []style.CommandGroup) {
	label := "  Next: "
	add := func(line string) {
		d.Add(label + line)
		label = "        "
	}
	for _, group := range groups {
		indent := ""
		if group.Heading != "" {
			add(group.Heading)
			indent = "  "
		}
		for _, command := range group.Commands {
			command = escape.Line(d.Options.NameProgram(command))
			add(indent + command)
			d.Commands = append(d.Commands, command)
		}
	}
}

// AddTable adds the lines of a table.
func (d *Document) AddTable(t style.Table) error {
	lines, err := t.Lines()
	for _, line := range lines {
		d.Add(line)
	}
	return err
}

// Write writes all lines.
func (d *Document) Write(w io.Writer) error {
	if _, err := io.WriteString(w, strings.Join(d.Lines, "\n")+"\n"); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}
