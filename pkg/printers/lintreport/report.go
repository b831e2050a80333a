// Package lintreport prints the report of lint in all its formats.
package lintreport

import (
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/ci"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/data"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/document"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// Report is what was found in a repository.
type Report struct {
	Begun, Ended time.Time
	FailOn       trace.Severity  // the least severity that counts
	Findings     []ci.Annotation // sorted as they are to be printed; each File is from the folder that was read
	// Folder is what leads to that folder from where people are; InClone is what leads to it from the root of the repository,
	// from where programs read.
	Folder, InClone string
	// Coverage is what was checked.
	Coverage manifest.Coverage
	// Suppressed counts what was found and does not count.
	Suppressed Suppressed
}

// Decision is Failed where something was found that counts.
func (r Report) Decision() verify.Decision {
	for _, one := range r.Findings {
		if r.counts(one) {
			return verify.Failed
		}
	}
	return verify.Passed
}

func (r Report) counts(one ci.Annotation) bool {
	switch trace.Severity(one.Severity) {
	case trace.Info:
		return false
	case trace.Warning:
		return r.FailOn == trace.Warning
	case trace.Error:
	}
	return true
}

// Formats are the names that Print knows.
func Formats() []string {
	return []string{"table", "json", "yaml", "junit", "markdown", "github", "sarif", "prometheus"}
}

// Print writes the report in a format.
func (r Report) Print(w io.Writer, format string, o style.Options) error {
	switch format {
	case "", "table":
		return r.table(w, o)
	case "json":
		return data.Write(w, data.JSON, r.Document())
	case "yaml":
		return data.Write(w, data.YAML, r.Document())
	case "junit":
		return ci.WriteJUnit(w, "kubectl choreo lint", r.cases(), r.summary())
	case "markdown":
		return ci.WriteMarkdown(w, "Lint: "+severities(r.Findings), r.rows(), nil, r.summary())
	case "github":
		return r.github(w)
	case "sarif":
		return ci.WriteSARIF(w, r.annotations(), r.summary())
	case "prometheus":
		return r.prometheus(w)
	}
	return fmt.Errorf("unknown output format %q; use one of %s", format, strings.Join(Formats(), ", "))
}

// table is for people: each cause by file and line, the number of findings for each code, and what was checked.
func (r Report) table(w io.Writer, o style.Options) error {
	p := &document.Document{Options: o}
	for _, one := range firsts(r.in(r.Folder)) {
		addRemark(p, one)
		p.Add("")
	}
	if summary := codes(r.Findings); len(summary.Rows) > 0 {
		if err := p.AddTable(summary); err != nil {
			return err
		}
		p.Add("")
	}
	p.Add(severities(r.Findings))
	if len(r.Findings) > 0 {
		p.Add(p.Options.NameProgram("To explain a code, run kubectl choreo explain CODE"))
	}
	p.AddIndented(r.summary(), 0)
	return p.Write(w)
}

// addRemark adds a finding by file and line.
func addRemark(d *document.Document, r ci.Annotation) {
	place := r.Location()
	if place == "" {
		place = style.ObjectName(r.Object)
	}
	d.Add(place + "  " + d.Options.Paint(severityColor(r.Severity), escape.Line(r.Severity)) + "  " + r.CodeOrUnknown())
	d.AddIndented(r.Message, 2)
	d.AddIndented(r.Hint, 2)
	d.AddIndented(r.More, 2)
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

// severities reports how many findings there are of each severity.
func severities(all []ci.Annotation) string {
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

// below puts a folder before a file; what is no file stays so.
func below(folder, file string) string {
	if file == "" {
		return ""
	}
	return path.Join(folder, file)
}

// in returns the findings with their files below a folder.
func (r Report) in(folder string) []ci.Annotation {
	remarks := make([]ci.Annotation, 0, len(r.Findings))
	for _, one := range r.Findings {
		one.File = below(folder, one.File)
		remarks = append(remarks, one)
	}
	return remarks
}

// annotations are the findings with their files as programs read them.
func (r Report) annotations() []ci.Annotation {
	remarks := r.in(r.InClone)
	for i := range remarks {
		remarks[i].Names = nil
	}
	return remarks
}

// rows are the causes for a job summary, in which they are many.
func (r Report) rows() style.Table {
	t := style.Table{Header: []string{"SEVERITY", "CODE", "FILE", "MESSAGE"}}
	for _, one := range firsts(r.in(r.InClone)) {
		sentences := []string{one.Summary() + ".", style.Sentence(escape.Line(one.Hint)), style.Sentence(escape.Line(one.More))}
		t.Rows = append(t.Rows, []string{escape.Line(one.Severity), one.CodeOrUnknown(), one.Location(), strings.Join(strings.Fields(strings.Join(sentences, " ")), " ")})
	}
	return t
}

// github writes annotations for the worst causes, as many as GitHub shows, then one line for each of the others, and what was
// checked.
func (r Report) github(w io.Writer) error {
	shown, left := ci.WithinGitHubLimits(firstsOf(worstFirst(groups(r.in(r.InClone)))))
	if err := ci.WriteGitHub(w, shown); err != nil {
		return err
	}
	p := &document.Document{}
	if len(left) > 0 {
		p.Add("GitHub shows 10 annotations of each severity for a step. Without annotation: " + severities(left))
	}
	for _, one := range left {
		p.Add(placeOf(one) + "  " + escape.Line(one.Severity) + "  " + one.CodeOrUnknown() + "  " + one.Summary())
		p.AddIndented(one.More, 2)
	}
	p.Add(r.summary())
	return p.Write(w)
}

// cases: a file fails for a code, wherever in it, so that the name of a case outlives further lines. What does not count
// passes, and so does a repository in which nothing was found: CI systems take a report without cases for a mistake.
func (r Report) cases() []ci.Case {
	cases, at := []ci.Case{}, map[string]int{}
	for _, one := range r.annotations() {
		name := strings.TrimSpace(one.Code + " " + one.File)
		i, known := at[name]
		if !known {
			i, at[name] = len(cases), len(cases)
			cases = append(cases, ci.Case{Class: "kubectl-choreo.lint", Name: name, File: one.File, Line: one.Line, Outcome: ci.CasePassed})
		}
		cases[i].Annotations = append(cases[i].Annotations, one)
		if r.counts(one) {
			cases[i].Outcome = ci.CaseFailed
		}
	}
	if len(cases) == 0 {
		cases = append(cases, ci.Case{Class: "kubectl-choreo.lint", Name: "nothing found", Outcome: ci.CasePassed})
	}
	return cases
}
