package linttest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/rules"
	"github.com/kubectl-choreo/kubectl-choreo/internal/schemas"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// Schemas are the schemas, once for all tests: to compile the rules takes longer than all else.
var Schemas = sync.OnceValue(schemas.New)

// Findings are those of all rules.
func Findings(t *testing.T, r *manifest.Repository) []index.Finding {
	t.Helper()
	ix := rules.Check(r, Schemas(), "")
	if ix.Err != nil {
		t.Fatal(ix.Err)
	}
	return ix.Findings
}

// Lines are the findings in a form to compare, without what was not checked.
func Lines(t *testing.T, r *manifest.Repository) []string {
	t.Helper()
	all := Findings(t, r)
	var lines []string
	for _, f := range all {
		if f.Code != "ReferencesNotChecked" {
			lines = append(lines, fmt.Sprintf("%s %s %s", f.Place.File, f.Severity, f.Code))
		}
		if f.Message == "" || strings.Contains(f.Message, "\n") {
			t.Errorf("%s: the message %q is not one sentence", f.Code, f.Message)
		}
	}
	return lines
}

// LinesOf are the findings about the objects of one file, added to the shop, with line and message.
func LinesOf(t *testing.T, text string) []string {
	t.Helper()
	file, err := manifest.Parse("a.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	r := Repository(t, Shop+BackComponent(""))
	for i := range file.Documents {
		d := &file.Documents[i]
		r.Objects = append(r.Objects, manifest.Object{Ref: d.Ref, Body: d.Body, Document: d, File: d.Place.File})
	}
	var lines []string
	for _, f := range Findings(t, r) {
		if f.Place.File == "a.yaml" {
			lines = append(lines, fmt.Sprintf("%d %s %s: %s", f.Place.Line, f.Severity, f.Code, f.Message))
		}
	}
	return lines
}

// Without removes the lines with a code.
func Without(lines []string, code string) []string {
	var kept []string
	for _, l := range lines {
		if !strings.HasSuffix(l, " "+code) {
			kept = append(kept, l)
		}
	}
	return kept
}

// Case adds one fault to the shop, or what looks like one.
type Case struct {
	Add  string
	Want []string
}

// CompareLines runs all rules over each case, and compares file, severity and code.
func CompareLines(t *testing.T, cases map[string]Case) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := Lines(t, Repository(t, Shop+c.Add))
			slices.Sort(got)
			if diff := cmp.Diff(c.Want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// CompareMessages runs rules over the shop and more, and compares file, severity, code and message.
func CompareMessages(t *testing.T, name, text string, want []string) {
	t.Helper()
	var got []string
	for _, line := range Messages(t, Repository(t, Shop+text), "") {
		if !strings.HasPrefix(line, "checked as") {
			got = append(got, line)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", name, diff)
	}
}

// Messages are the findings with their messages, without what was not checked; at last, which releases of OpenChoreo were assumed.
func Messages(t *testing.T, r *manifest.Repository, release string) []string {
	t.Helper()
	ix := rules.Check(r, Schemas(), release)
	if ix.Err != nil {
		t.Fatal(ix.Err)
	}
	var lines []string
	for _, f := range ix.Findings {
		if f.Code != "ReferencesNotChecked" {
			lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", f.Place.File, f.Severity, f.Code, f.Message)))
		}
	}
	return append(lines, "checked as "+strings.Join(ix.Versions.Used(), " "))
}

// Of are the findings with a code, with file, severity and message, in one text.
func Of(t *testing.T, r *manifest.Repository, code string) string {
	t.Helper()
	var lines []string
	for _, line := range Messages(t, r, "") {
		if strings.Contains(line, " "+code+" ") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}
