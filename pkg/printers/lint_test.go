package printers

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func linted() []Remark {
	return []Remark{
		{Code: "ReferencesNotChecked", Severity: "info", Object: facts.Ref{Kind: "ClusterTrait"}, Message: "not checked"},
		{Code: "EnvironmentNotFound", Severity: "error", Message: "a\x1b[2Jb names \u202ec", Hint: "is d meant?", File: "a/b\x07.yaml", Line: 3},
		{Code: "NeverApplied", Severity: "error", Message: "e", File: "f.yaml"},
	}
}

// TestLint: file and line first, and text of files cannot command the terminal.
func TestLint(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := (Options{}).Lint(&out, linted()); err != nil {
		t.Fatal(err)
	}
	want := `ClusterTrait  info  ReferencesNotChecked
  not checked

a/b\x07.yaml:3  error  EnvironmentNotFound
  a\x1b[2Jb names \u202ec
  is d meant?

f.yaml  error  NeverApplied
  e

2 errors, 1 info
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	out.Reset()
	if err := (Options{Color: true, Width: 40}).Lint(&out, linted()[1:2]); err != nil || !strings.Contains(out.String(), "\x1b[1;31merror\x1b[0m") {
		t.Errorf("%v %q", err, out.String())
	}
	out.Reset()
	if err := (Options{}).Lint(&out, nil); err != nil || out.String() != "nothing found\n" {
		t.Errorf("%v %q", err, out.String())
	}
}

func TestLintJSON(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := LintJSON(&out, linted()); err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil || strings.ContainsAny(out.String(), "\x1b\x07\u202e") {
		t.Errorf("%v %q", err, out.String())
	}
	findings, _ := got["findings"].([]any)
	if got["apiVersion"] != APIVersion || got["kind"] != "Lint" || len(findings) != 3 {
		t.Errorf("%v", got)
	}
	out.Reset()
	if err := LintJSON(&out, nil); err != nil || !strings.Contains(out.String(), `"findings":[]`) {
		t.Errorf("%v %q: lists are never null", err, out.String())
	}
}
