package printers

import (
	"fmt"
	"io"
	"strings"
)

// Table is a heading and rows of as many cells.
type Table struct {
	Header []string
	Rows   [][]string
}

// Markdown writes a title, a table, which may be empty, and the remarks below it, as a job summary or a comment on a merge
// request shows them: CommonMark with the tables of GitHub. What is said is text, and never markup, whoever said it.
func Markdown(w io.Writer, title string, table Table, remarks []Remark) error {
	var out strings.Builder
	fmt.Fprintf(&out, "## %s\n", markdown(title))
	if len(table.Rows) > 0 {
		out.WriteString("\n" + row(table.Header) + "|" + strings.Repeat(" --- |", len(table.Header)) + "\n")
		for _, cells := range table.Rows {
			out.WriteString(row(cells))
		}
	}
	for _, r := range remarks {
		out.WriteString("\n" + section(r))
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
		out.WriteString(" " + markdown(c) + " |")
	}
	return out.String() + "\n"
}

// section is a remark: its code in bold, then each line as a paragraph of its own.
func section(r Remark) string {
	head := "**" + markdown(r.code()) + "**"
	if r.Severity != "" {
		head += ", " + markdown(r.Severity)
	}
	if r.Subject != "" {
		head += ": " + markdown(r.Subject)
	}
	lines := []string{"- " + head}
	for _, line := range r.lines() {
		lines = append(lines, "  "+markdown(line))
	}
	return strings.Join(lines, "\n\n") + "\n"
}

// markdown makes text harmless: a character that could begin markup, or end the cell of a table, is written as a character
// reference, so that every renderer shows it and none obeys it. That of a URL keeps it from becoming a link, and @ from
// calling somebody.
func markdown(s string) string {
	s = escape(s)
	var out strings.Builder
	for i, r := range s {
		if marksUp(s, i, r) {
			fmt.Fprintf(&out, "&#%d;", r)
			continue
		}
		out.WriteRune(r)
	}
	return out.String()
}

// marksUp reports whether the character at i of s could be more than text where it stands.
func marksUp(s string, i int, r rune) bool {
	switch r {
	case ':':
		return i == 0 || strings.HasPrefix(s[i+1:], "//")
	case '.':
		return strings.Trim(s[:i], "0123456789") == "" || strings.EqualFold(s[max(0, i-3):i], "www")
	case '-':
		return i == 0
	}
	return strings.ContainsRune("\\`*_{}[]<>#+|~!&@$=", r)
}
