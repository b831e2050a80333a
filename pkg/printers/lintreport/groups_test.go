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

// TestGroups: findings of one cause and one severity are one group, in the order of the first of each; without a cause each is its own.
func TestGroups(t *testing.T) {
	t.Parallel()
	finding := func(cause, severity string, line int) ci.Annotation {
		return ci.Annotation{Cause: cause, Severity: severity, File: "a.yaml", Line: line}
	}
	all := []ci.Annotation{finding("x", "error", 1), finding("", "error", 2), finding("y", "error", 3), finding("x", "warning", 4), finding("", "error", 5), finding("x", "error", 6)}
	want := []group{{all[0], all[5]}, {all[1]}, {all[2]}, {all[3]}, {all[4]}}
	if diff := cmp.Diff(want, groups(all)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestFirstOfAGroup: a group has the text of its first finding, the number of objects at which the cause shows, and three more places.
func TestFirstOfAGroup(t *testing.T) {
	t.Parallel()
	at := func(file string, object string, names ...string) ci.Annotation {
		one := ci.Annotation{Code: "A", Message: file + object, File: file, Names: names}
		if object != "" {
			one.Object = facts.Ref{Kind: "Project", Name: object}
		}
		return one
	}
	for want, g := range map[string]group{
		"":                              {at("a", "p", "x", "y")},
		"and 1 more like it: b":         {at("a", "p"), at("b", "p")},
		"and 1 more like it: Project p": {at("a", ""), at("", "p")},
		"and 1 more like it, 2 objects in all: b":                     {at("a", "p"), at("b", "q")},
		"and 2 more like it, 3 objects in all: b, c":                  {at("a", "p"), at("b", "q", "q", "r"), at("c", "", "r", "")},
		"and 3 more like it, 4 objects in all: b, c, d":               {at("a", "p"), at("b", "q"), at("c", "r"), at("d", "s")},
		"and 4 more like it, 5 objects in all: b, c, d, …":            {at("a", "p"), at("b", "q"), at("c", "r"), at("d", "s"), at("e", "t")},
		"and 1 more like it, 2 objects in all: a space.yaml, in text": {at("a", "p"), at("a space.yaml, in text", "q")},
	} {
		first := g[0]
		first.Names, first.More = nil, want
		if diff := cmp.Diff(first, g.first()); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

// TestCodes: the table counts findings and causes of each code and severity, the worst and most frequent first, unless each code occurs once.
func TestCodes(t *testing.T) {
	t.Parallel()
	finding := func(code, severity, cause string) ci.Annotation {
		return ci.Annotation{Code: code, Severity: severity, Cause: cause}
	}
	for name, c := range map[string]struct {
		all  []ci.Annotation
		want [][]string
	}{
		"Nothing":    {nil, nil},
		"EachOnce":   {[]ci.Annotation{finding("A", "error", "1"), finding("B", "error", "2"), finding("A", "warning", "1")}, nil},
		"OneCause":   {[]ci.Annotation{finding("A", "error", "1"), finding("A", "error", "1")}, [][]string{{"A", "error", "2", "1"}}},
		"TwoCauses":  {[]ci.Annotation{finding("A", "error", "1"), finding("A", "error", "2")}, [][]string{{"A", "error", "2", "2"}}},
		"Frequent":   {[]ci.Annotation{finding("A", "error", "1"), finding("B", "error", "2"), finding("B", "error", "3")}, [][]string{{"B", "error", "2", "2"}, {"A", "error", "1", "1"}}},
		"Severities": {[]ci.Annotation{finding("A", "info", "1"), finding("A", "info", "1"), finding("C", "warning", "3"), finding("B", "error", "2")}, [][]string{{"B", "error", "1", "1"}, {"C", "warning", "1", "1"}, {"A", "info", "2", "1"}}},
		"NoSeverity": {[]ci.Annotation{finding("A", "warning", "1"), finding("A", "warning", "1"), finding("", "", "2")}, [][]string{{"Unknown", "", "1", "1"}, {"A", "warning", "2", "1"}}},
	} {
		if diff := cmp.Diff(c.want, codes(c.all).Rows); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
