package lintreport

import (
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// TestAgainst: the last line counts what an API server has checked, and each reason why not.
func TestAgainst(t *testing.T) {
	t.Parallel()
	for want, a := range map[string]manifest.Against{
		"Against prod: no changed objects":            {Context: "prod"},
		"Against prod: 1 changed object: 1 accepted":  {Context: "prod", Changed: 1, Accepted: 1},
		`Against a\x1b: 2 changed objects: 2 refused`: {Context: "a\x1b", Changed: 2, Refused: 2},
		"Against prod: 3 changed objects: 3 not checked (2 Secrets, 1 without an answer)": {
			Context: "prod", Changed: 3, NotChecked: map[manifest.NotChecked]int{manifest.IsSecret: 2, manifest.NoAnswer: 1},
		},
	} {
		if got := againstText(a); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	words := map[string]bool{}
	for _, reason := range manifest.ReasonsNotChecked() {
		words[reasonWords(reason, 1)] = true
	}
	if len(words) != len(manifest.ReasonsNotChecked()) {
		t.Errorf("two reasons have the same words: %v", words)
	}
	r := linted()
	r.Coverage.Against = &manifest.Against{Context: "prod", Changed: 2, Accepted: 1, NotChecked: map[manifest.NotChecked]int{manifest.Forbidden: 1}}
	for format, want := range map[string]string{
		"table":      "object that nothing applies. Against prod: 2 changed objects: 1 accepted, 1 not checked (1 forbidden). 3 findings suppressed",
		"yaml":       "  against:\n    accepted: 1\n    changed: 2\n    context: prod\n    notChecked:\n      forbidden: 1\n    refused: 0\n",
		"prometheus": `choreo_lint_against_objects{result="notChecked"} 1`,
	} {
		var out strings.Builder
		if err := r.Print(&out, format, style.Options{}); err != nil || !strings.Contains(out.String(), want) {
			t.Errorf("%s: %v\n%s", format, err, out.String())
		}
	}
}
