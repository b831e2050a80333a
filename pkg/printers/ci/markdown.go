package ci

import (
	"fmt"
	"io"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// WriteMarkdown writes a title, a table, which may be empty, the remarks below it, and a last paragraph, which may be empty, as a job summary or a comment on a merge
// request shows them: CommonMark with the tables of GitHub. What is said is text, and never markup, whoever said it.
func WriteMarkdown(w io.Writer, title string, table style.Table, remarks []Annotation, last string) error {
	var out strings.Builder
	fmt.Fprintf(&out, "## %s\n", escape.Markdown(title))
	if len(table.Rows) > 0 {
		out.WriteString("\n" + row(table.Header) + "|" + strings.Repeat(" --- |", len(table.Header)) + "\n")
		for _, cells := range table.Rows {
			out.WriteString(row(cells))
		}
	}
	for _, r := range remarks {
		out.WriteString("\n" + section(r))
	}
	if last != "" {
		out.WriteString("\n" + escape.Markdown(last) + "\n")
	}
	if _, err := io.WriteString(w, out.String()); err != nil {
		return fmt.Errorf("write markdown: %w", err)
	}
	return nil
}

func row(cells []string) string {
	var out strings.Builder
	out.WriteString("|")
	for _, c := range cells {
		out.WriteString(" " + escape.Markdown(c) + " |")
	}
	return out.String() + "\n"
}

// section is a remark: its code in bold, then each line as a paragraph of its own.
func section(r Annotation) string {
	head := "**" + escape.Markdown(r.CodeOrUnknown()) + "**"
	if r.Severity != "" {
		head += ", " + escape.Markdown(r.Severity)
	}
	if r.Subject != "" {
		head += ": " + escape.Markdown(r.Subject)
	}
	lines := []string{"- " + head}
	for _, line := range r.lines() {
		lines = append(lines, "  "+escape.Markdown(line))
	}
	if len(r.Next) > 0 {
		lines = append(lines, "  Next:", commandBlock(r.Next))
	}
	return strings.Join(lines, "\n\n") + "\n"
}

// commandBlock is a block of code in a list item. A command is one line, so nothing in it can end the block: it is indented, and has no fence.
func commandBlock(commands []string) string {
	var lines []string
	for _, command := range commands {
		lines = append(lines, "      "+escape.WorkflowCommand(escape.Line(command)))
	}
	return strings.Join(lines, "\n")
}
