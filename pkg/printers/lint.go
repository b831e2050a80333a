package printers

import (
	"fmt"
	"io"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Lint prints what was found in a repository, by file and line, and closes with a count.
func (o Options) Lint(w io.Writer, all []Remark) error {
	t := &tree{options: o}
	for i, r := range all {
		if i > 0 {
			t.add("")
		}
		t.remark(r)
	}
	if len(all) > 0 {
		t.add("")
	}
	t.add(severities(all))
	return t.write(w)
}

func (p *tree) remark(r Remark) {
	place := escape(r.File)
	if r.Line > 0 {
		place = fmt.Sprintf("%s:%d", place, r.Line)
	}
	if place == "" {
		place = objectName(r.Object)
	}
	p.add(place + "  " + p.options.paint(severityColor(r.Severity), escape(r.Severity)) + "  " + escape(r.Code))
	p.indented(strings.Join(paragraphs(r.Message), " "), 2)
	p.indented(strings.Join(paragraphs(r.Hint), " "), 2)
}

func severityColor(severity string) string {
	switch severity {
	case "error":
		return "1;31"
	case "warning":
		return "33"
	case "info":
		return "36"
	}
	return "35"
}

// severities is the last line: how much there is of each severity.
func severities(all []Remark) string {
	count := map[string]int{}
	for _, r := range all {
		count[r.Severity]++
	}
	var parts []string
	for _, severity := range []string{"error", "warning", "info"} {
		switch n := count[severity]; {
		case n == 1 || n > 0 && severity == "info":
			parts = append(parts, fmt.Sprintf("%d %s", n, severity))
		case n > 1:
			parts = append(parts, fmt.Sprintf("%d %ss", n, severity))
		}
	}
	if len(parts) == 0 {
		return "nothing found"
	}
	return strings.Join(parts, ", ")
}

// remarkJSON is the data form of a Remark.
type remarkJSON struct {
	Code     string    `json:"code"`
	Severity string    `json:"severity"`
	Object   facts.Ref `json:"object"`
	Message  string    `json:"message"`
	Hint     string    `json:"hint,omitempty"`
	File     string    `json:"file,omitempty"`
	Line     int       `json:"line,omitempty"`
	Names    []string  `json:"names,omitempty"`
}

// LintJSON writes what was found as one document.
func LintJSON(w io.Writer, all []Remark) error {
	findings := make([]remarkJSON, 0, len(all))
	for _, r := range all {
		findings = append(findings, remarkJSON{r.Code, r.Severity, r.Object, r.Message, r.Hint, r.File, r.Line, r.Names})
	}
	return lineJSON(w, struct {
		APIVersion string       `json:"apiVersion"`
		Kind       string       `json:"kind"`
		Findings   []remarkJSON `json:"findings"`
	}{APIVersion, "Lint", findings})
}
