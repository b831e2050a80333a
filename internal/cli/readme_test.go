package cli

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
)

// TestPictureInREADME: what it shows is what a terminal of 80 columns shows of a recorded scenario. -update writes it anew.
func TestPictureInREADME(t *testing.T) {
	t.Parallel()
	const path, call = "../../README.md", "$ kubectl choreo trace greeter-service -e staging\n"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), call)
	have, after, closed := strings.Cut(rest, "```\n")
	if !found || !closed {
		t.Fatalf("README.md has no block with %q", call)
	}
	want := readmePicture(t, "release-stale-not-found", "staging")
	if *update {
		if err := os.WriteFile(path, []byte(before+call+want+"```\n"+after), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(have, want); diff != "" {
		t.Errorf("README.md is not current; write it with make golden (-have +want)\n%s", diff)
	}
}

func readmePicture(t *testing.T, scenario, environment string) string {
	t.Helper()
	s := factstest.Scenario(t, scenario)
	s.Subject.Environments = []string{environment}
	printer, err := printers.New("tree", printers.Options{Marks: true, Width: 80, Now: s.TakenAt})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := printer.Print(&out, assess.Assess(s, s.TakenAt)); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
