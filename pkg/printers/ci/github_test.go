package ci

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
)

// TestGitHub: each annotation is one command on one line, whatever its texts hold.
func TestGitHub(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := WriteGitHub(&out, remarks()); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != 4 {
		t.Fatalf("%d lines, want one for each remark:\n%s", len(lines), out.String())
	}
	var names []string
	for _, line := range lines {
		names = append(names, printerstest.ReadWorkflowCommand(t, line).Name)
	}
	if diff := cmp.Diff([]string{"error", "warning", "notice", "error"}, names); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	first := printerstest.ReadWorkflowCommand(t, lines[0])
	want := map[string]string{"file": "apps/a b,c:d.yaml", "line": "7", "title": "KustomizationBuildFailed (40 components)"}
	if diff := cmp.Diff(want, first.Properties); diff != "" {
		t.Errorf("properties (-want +got)\n%s", diff)
	}
	if !strings.Contains(first.Data, "%0A::error::x, a=1\n::stop-commands::t\n# title") {
		t.Errorf("the data is %q", first.Data)
	}
	if second := printerstest.ReadWorkflowCommand(t, lines[1]); len(second.Properties) != 2 || !strings.Contains(second.Properties["title"], "http://evil") {
		t.Errorf("properties %q", second.Properties)
	}
}

// TestGitHubCommand: a command has the level of GitHub, its place if one is known, and the code with the subject as title.
func TestGitHubCommand(t *testing.T) {
	t.Parallel()
	for want, a := range map[string]Annotation{
		"::error title=Unknown::\n":                                          {},
		"::error title=A::m\n":                                               {Code: "A", Severity: "error", Message: "m"},
		"::error title=A::100%25 m\n":                                        {Code: "A", Severity: "fatal", Message: "100% m"},
		"::warning title=A (shop%2C demo)::m\n":                              {Code: "A", Severity: "warning", Subject: "shop, demo", Message: "m"},
		"::notice title=A::m%0An\n":                                          {Code: "A", Severity: "info", Message: "m\nn"},
		"::notice file=a%3Ab.yaml,title=A::m%0AFile: a:b.yaml\n":             {Code: "A", Severity: "info", Message: "m", File: "a:b.yaml"},
		"::notice file=d/a.yaml,line=1,title=A::m%0AFile: d/a.yaml:1\n":      {Code: "A", Severity: "info", Message: "m", File: "d/a.yaml", Line: 1},
		"::error title=A::Kustomization flux-system/apps:%0Am%0AH is set.\n": {Code: "A", Object: apps, Message: "m", Hint: "h is set", Line: 3},
	} {
		if diff := cmp.Diff(want, printerstest.Written(t, func(w io.Writer) error { return WriteGitHub(w, []Annotation{a}) })); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

// TestWithinGitHubLimits: GitHub shows the first ten annotations of each level. A severity that it does not know is an error.
func TestWithinGitHubLimits(t *testing.T) {
	t.Parallel()
	var all []Annotation
	for i := range 12 {
		for _, severity := range []string{"warning", "info", "error"} {
			all = append(all, Annotation{Severity: severity, Line: i + 1})
		}
	}
	all = append(all, Annotation{Line: 13})
	shown, left := WithinGitHubLimits(all)
	if diff := cmp.Diff(all[:30], shown); diff != "" {
		t.Errorf("shown (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(all[30:], left); diff != "" {
		t.Errorf("left (-want +got)\n%s", diff)
	}
	if shown, left = WithinGitHubLimits(all[:3]); len(shown) != 3 || left != nil {
		t.Errorf("%d shown, %d left of 3", len(shown), len(left))
	}
}
