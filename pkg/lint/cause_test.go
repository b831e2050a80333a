package lint

import (
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/linttest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestCause: what must be fixed once has one cause, wherever it shows and on whichever line.
func TestCause(t *testing.T) {
	t.Parallel()
	about := func(code trace.Code, name, message, file string, line int) Finding {
		object, _, _ := strings.Cut(message, ": ") // counts only for variables
		return Finding{Finding: trace.Finding{Code: code, Object: facts.Ref{Kind: "Project", Name: name}, Message: message}, File: file, Line: line, Names: []string{object}}
	}
	for name, c := range map[string]struct {
		a, b Finding
		same bool
	}{
		"Missing":               {about("A", "a", "Project a names Environment qa", "a.yaml", 1), about("A", "b", "Project b names Environment qa", "b.yaml", 9), true},
		"OtherMissing":          {about("A", "a", "Project a names Environment qa", "a.yaml", 1), about("A", "a", "Project a names Environment qb", "a.yaml", 1), false},
		"OtherCode":             {about("A", "a", "m", "a.yaml", 1), about("B", "a", "m", "a.yaml", 1), false},
		"Index":                 {about("A", "a", "spec.env[3].x: no", "a.yaml", 1), about("A", "a", "spec.env[10].x: no", "a.yaml", 1), true},
		"Line":                  {about("A", "a", "also at c.yaml:3", "a.yaml", 1), about("A", "a", "also at c.yaml:12", "a.yaml", 1), true},
		"Folder":                {about("A", "a", "Project a is never applied: d/a.yaml", "d/a.yaml", 1), about("A", "b", "Project b is never applied: d/b.yaml", "d/b.yaml", 1), true},
		"OtherFolder":           {about("A", "a", "Project a is never applied: d/a.yaml", "d/a.yaml", 1), about("A", "b", "Project b is never applied: e/b.yaml", "e/b.yaml", 1), false},
		"Variable":              {about(trace.CodeKustomizationPostBuildFailed, "k", `ConfigMap a/b: not set: "Z"`, "a.yaml", 1), about(trace.CodeKustomizationPostBuildFailed, "k", `Secret c/d: not set: "Z"`, "c.yaml", 1), true},
		"OtherVariable":         {about(trace.CodeKustomizationPostBuildFailed, "k", `ConfigMap a/b: not set: "Z"`, "a.yaml", 1), about(trace.CodeKustomizationPostBuildFailed, "k", `ConfigMap a/b: not set: "Y"`, "a.yaml", 1), false},
		"SameVariableOfAnother": {about(trace.CodeKustomizationPostBuildFailed, "k", `ConfigMap a/b: not set: "Z"`, "a.yaml", 1), about(trace.CodeKustomizationPostBuildFailed, "l", `ConfigMap a/b: not set: "Z"`, "a.yaml", 1), false},
		"SecretsOfAFile":        {about(trace.CodePlaintextSecret, "a", "Project a holds k", "a.yaml", 1), about(trace.CodePlaintextSecret, "a", "Project a holds k", "a.yaml", 2), false},
		"Unused":                {about(trace.CodeSuppressionUnused, "", "no reference needs x", "a.yaml", 1), about(trace.CodeSuppressionUnused, "", "no reference needs y", "a.yaml", 2), true},
		"UnusedElsewhere":       {about(trace.CodeSuppressionUnused, "", "no reference needs x", "a.yaml", 1), about(trace.CodeSuppressionUnused, "", "no reference needs x", "b.yaml", 1), false},
		"LineOfAParser":         {about("A", "a", "yaml: line 3: tabs", "a.yaml", 3), about("A", "a", "yaml: line 14: tabs", "b.yaml", 14), true},
		"Count":                 {about("A", "a", "no field x; the same holds for 3 more", "a.yaml", 1), about("A", "a", "no field x", "a.yaml", 1), true},
		"Others":                {about("A", "a", "x, with 3 more, is unused", "a.yaml", 1), about("A", "a", "x, with 12 more, is unused", "a.yaml", 1), true},
		"WithoutFile":           {about("A", "a", "Project a is invalid", "", 0), about("A", "b", "Project b is invalid", "b.yaml", 1), true},
		"OtherKind":             {about("A", "a", "Project a is invalid", "a.yaml", 1), about("A", "b", "Environment b is invalid", "a.yaml", 1), false},
		"Secrets":               {about(trace.CodePlaintextSecret, "a", "Project a holds k", "a.yaml", 1), about(trace.CodePlaintextSecret, "b", "Project b holds k", "b.yaml", 1), false},
	} {
		if got := CauseOf(c.a) == CauseOf(c.b); got != c.same {
			t.Errorf("%s: one cause %t, want %t", name, got, c.same)
		}
	}
}

// TestMessagesHoldNoSecret, whatever they quote.
func TestMessagesHoldNoSecret(t *testing.T) {
	t.Parallel()
	r := linttest.Repository(t, linttest.Shop)
	token := "gh" + "p_aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3"
	r.Problems = []manifest.Problem{{Kind: manifest.NotBuilt, Message: "no " + token + ", no http://me:hunter2@example.com"}}
	report, err := check(r, linttest.Schemas(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Findings {
		if f.Code == trace.CodeKustomizationBuildFailed && f.Message != "no …, no http://…@example.com" {
			t.Errorf("the message is %q", f.Message)
		}
	}
}
