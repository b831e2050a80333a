//go:build !race

package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/docs/findings"
	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

const (
	pageDir       = "../../docs/findings"
	exampleHeader = "\n## Example\n"
)

// conclusion begins the last block of a trace that is not healthy.
var conclusion = regexp.MustCompile(`(?m)^(?:Failed at: |Progressing, not failed:|Unknown, not failed:)`)

// aboutLab is the part of a fault that says how it was recorded.
var aboutLab = regexp.MustCompile(` \([^()]* in the lab\)`)

// TestExamples: the page of a code has the end of the trace of a recorded scenario with that cause, and no other example.
func TestExamples(t *testing.T) {
	t.Parallel()
	examples := recordedExamples(t)
	if len(examples) < 70 {
		t.Errorf("%d pages have an example, want at least 70", len(examples))
	}
	for _, code := range findings.Codes() {
		path := filepath.Join(pageDir, code+".md")
		have, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		want, _, _ := strings.Cut(string(have), exampleHeader)
		if example, recorded := examples[code]; recorded {
			want += exampleHeader + "\n" + example
		}
		if *update {
			if err := os.WriteFile(path, []byte(want), 0o600); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if diff := cmp.Diff(string(have), want); diff != "" {
			t.Errorf("the example of %s is not current; write it with make golden (-have +want)\n%s", code, diff)
		}
	}
}

// recordedExamples are the examples by code: of several scenarios with one cause, the one that fails with the shortest end.
func recordedExamples(t *testing.T) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(scenarioDir)
	if err != nil {
		t.Fatal(err)
	}
	examples := map[string]string{}
	for _, e := range entries {
		s := factstest.Scenario(t, e.Name())
		code := causeOf(assess.Assess(s, s.TakenAt))
		tree := treeOf(t, e.Name())
		at := conclusion.FindStringIndex(tree)
		fault, err := os.ReadFile(filepath.Join(scenarioDir, e.Name(), "fault"))
		if code == "" || at == nil || err != nil {
			continue
		}
		example := aboutLab.ReplaceAllString(strings.TrimSpace(string(fault)), "") + "\n\n```\n" + tree[at[0]:] + "```\n"
		if title, _, _ := strings.Cut(example, "\n"); strings.Contains(title, "the lab") {
			t.Errorf("%s: %q: a reader of the page does not know the lab", e.Name(), title)
		}
		if known, found := examples[code]; !found || isBetterExample(example, known) {
			examples[code] = example
		}
	}
	return examples
}

// isBetterExample reports whether an example shows a failure and the other does not, or else is shorter.
func isBetterExample(example, known string) bool {
	const failed = "\nFailed at: "
	if fails := strings.Contains(example, failed); fails != strings.Contains(known, failed) {
		return fails
	}
	return len(example) < len(known)
}

// treeOf is the trace of a scenario as TestScenarios expects it.
func treeOf(t *testing.T, scenario string) string {
	t.Helper()
	if *update { // TestScenarios may not have written it yet
		tree, _ := run(t, "trace", "--snapshot", filepath.Join(scenarioDir, scenario, "snapshot.yaml"))
		return tree
	}
	tree, err := os.ReadFile(filepath.Join(scenarioDir, scenario, "want.tree"))
	if err != nil {
		t.Fatal(err)
	}
	return string(tree)
}

// causeOf is the code that the end of a trace explains; "" where it explains none.
func causeOf(t *trace.Trace) string {
	if t.Failing != nil {
		return string(t.Failing.Code)
	}
	state, known := map[trace.Verdict]trace.State{trace.VerdictProgressing: trace.Progressing, trace.VerdictUnknown: trace.Unknown}[t.Verdict]
	rungs := slices.Clone(t.Rungs)
	for _, e := range t.Environments {
		rungs = append(rungs, e.Rungs...)
	}
	for _, r := range rungs {
		if known && r.State == state && len(r.Findings) > 0 {
			return string(r.Findings[0].Code)
		}
	}
	return ""
}
