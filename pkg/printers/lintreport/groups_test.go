package lintreport

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/ci"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// many are findings of as many causes as wanted, each at as many objects.
func many(severity string, causes, objects int) []ci.Annotation {
	var all []ci.Annotation
	for c := range causes {
		for o := range objects {
			all = append(all, ci.Annotation{
				Code: "SchemaViolation", Severity: severity, Message: fmt.Sprintf("no field %d", c), Cause: fmt.Sprintf("%s-%d", severity, c),
				File: fmt.Sprintf("%s-%02d-%02d.yaml", severity, c, o), Line: 1, Object: facts.Ref{Kind: "Project", Name: fmt.Sprintf("p%d", o)},
			})
		}
	}
	return all
}

// TestLintCollapsesByCause: people read a cause once, programs read all findings.
func TestLintCollapsesByCause(t *testing.T) {
	t.Parallel()
	r := Report{FailOn: trace.Error, Findings: append(many("error", 1, 40), many("warning", 1, 2)...)}
	want := `error-00-00.yaml:1  error  SchemaViolation
  no field 0
  and 39 more like it, 40 objects in all: error-00-01.yaml:1, error-00-02.yaml:1, error-00-03.yaml:1, …

warning-00-00.yaml:1  warning  SchemaViolation
  no field 0
  and 1 more like it, 2 objects in all: warning-00-01.yaml:1

CODE             SEVERITY  FINDINGS  CAUSES
SchemaViolation  error     40        1
SchemaViolation  warning   2         1

40 errors, 2 warnings
To explain a code, run kubectl choreo explain CODE
Checked: no objects
`
	if diff := cmp.Diff(want, string(printerstest.Printed(t, r, "table"))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if rows := strings.Count(string(printerstest.Printed(t, r, "markdown")), "\n| "); rows != 4 { // with the head
		t.Errorf("%d rows of markdown, want 2 causes", rows-2)
	}
	for _, format := range []string{"json", "yaml", "sarif", "junit"} {
		text := string(printerstest.Printed(t, r, format))
		if n := strings.Count(text, "error-0\"") + strings.Count(text, "cause: error-0\n") + strings.Count(text, "(cause error-0)"); n != 40 {
			t.Errorf("%s: %d findings have their cause, want 40", format, n)
		}
		if format == "json" && !strings.Contains(text, `"objects": {}`) {
			t.Errorf("what was checked is not in\n%s", text)
		}
	}
}

// TestLintGitHubLimits: GitHub shows 10 annotations of each level. The worst are annotated, and the others are listed.
func TestLintGitHubLimits(t *testing.T) {
	t.Parallel()
	r := Report{FailOn: trace.Error, Findings: append(many("warning", 12, 1), append(many("error", 12, 1), ci.Annotation{
		Code: "NeverApplied", Severity: "error", Message: "twice", Cause: "x", File: "x.yaml",
	}, ci.Annotation{Code: "NeverApplied", Severity: "error", Message: "twice", Cause: "x", File: "y.yaml"})...)}
	lines := strings.Split(strings.TrimSpace(string(printerstest.Printed(t, r, "github"))), "\n")
	if len(lines) != 20+1+5+1 {
		t.Fatalf("%d lines\n%s", len(lines), strings.Join(lines, "\n"))
	}
	for i, line := range lines {
		prefix := map[bool]string{true: "::error ", false: "::warning "}[i < 10]
		if i < 20 != strings.HasPrefix(line, prefix) {
			t.Errorf("line %d: %s", i+1, line)
		}
	}
	if !strings.Contains(lines[0], "file=x.yaml") || !strings.Contains(lines[0], "And 1 more like it: y.yaml.") {
		t.Errorf("the cause of two findings is not the first: %s", lines[0])
	}
	want := []string{
		"GitHub shows 10 annotations of each severity for a step. Without annotation: 3 errors, 2 warnings",
		"error-09-00.yaml:1  error  SchemaViolation  Project p0: no field 9",
	}
	if diff := cmp.Diff(want, lines[20:22]); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
