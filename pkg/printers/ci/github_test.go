package ci

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
)

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
