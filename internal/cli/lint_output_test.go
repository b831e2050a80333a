package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/lintreport"
)

// TestLintFormats: each is alone on stdout, none changes the exit code, and those that know places name each planted fault.
func TestLintFormats(t *testing.T) {
	t.Parallel()
	dir := lintClone(t, "faults")
	for _, format := range lintreport.Formats() {
		stdout, stderr, exit := runIn(t, nil, "lint", dir, "--base", "main", "-o", format)
		if exit != 2 || stderr != "" || stdout == "" {
			t.Errorf("%s: exit %d, %d bytes; %s", format, exit, len(stdout), stderr)
		}
	}
	stdout, _, _ := runIn(t, nil, "lint", dir, "--base", "main", "-o", "github")
	for _, want := range planted(t, dir) { // an annotation, or a line below them
		place, code, _ := strings.Cut(want, " ")
		file, line, _ := strings.Cut(place, ":")
		annotated := strings.Contains(stdout, fmt.Sprintf("file=%s,line=%s,title=%s::", file, line, code))
		listed := strings.Contains(stdout, "\n"+place+"  error  "+code+"  ") || strings.Contains(stdout, "\n"+place+"  warning  "+code+"  ")
		if !annotated && !listed && !strings.Contains(stdout, place) {
			t.Errorf("neither annotation nor line for %s", want)
		}
	}
	for _, command := range []string{"::error ", "::warning "} {
		if n := strings.Count(stdout, command); n == 0 || n > 10 {
			t.Errorf("%d times %s, want 10 at most", n, command)
		}
	}
}

func TestLintTable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := "apiVersion: openchoreo.dev/v1alpha1\nkind: Workload\nmetadata: {name: w, namespace: shop}\nspec:\n  owner: {projectName: p, componentName: c}\n  container:\n    image: i\n    env:\n      - key: A\n"
	if err := os.WriteFile(filepath.Join(dir, "w.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	want := dir + `/w.yaml:5  info  ReferencesNotChecked
  this reference to kind Component was not checked: this repository declares no Component
  what they name must be in the cluster, or come from another repository

` + dir + `/w.yaml:9  warning  ValueAmbiguous
  A has neither value nor valueFrom
  it is empty when it runs; say value: "" where that is meant

1 warning, 1 info
To explain a code, run kubectl choreo explain CODE
Checked: 1 cluster; 1 OpenChoreo object
`
	stdout, _, exit := runIn(t, nil, "lint", dir)
	if diff := cmp.Diff(want, stdout); diff != "" || exit != 0 {
		t.Errorf("exit %d (-want +got)\n%s", exit, diff)
	}
	if _, _, exit := runIn(t, nil, "lint", dir, "--fail-on", "warning"); exit != 2 {
		t.Errorf("with --fail-on warning: exit %d, want 2", exit)
	}
}
