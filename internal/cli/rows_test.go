//go:build !race

package cli

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// faultName is the name of a fault that ends a summary, or its first part: a code of ours, or a reason of a controller.
var faultName = regexp.MustCompile(`(?:^|: )([A-Z][a-z]+(?:[A-Z][A-Za-z]*)*)(?:$|,| \()`)

// TestRowsNameTheirFault: the row of a rung that failed names the fault as its finding or the conclusion does, because a reader looks for the
// name of the row in the conclusion, in the list of findings and in `explain`.
func TestRowsNameTheirFault(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir(scenarioDir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		s := factstest.Scenario(t, e.Name())
		result := assess.Assess(s, s.TakenAt)
		rungs := slices.Clone(result.Rungs)
		for _, environment := range result.Environments {
			rungs = append(rungs, environment.Rungs...)
		}
		for _, r := range rungs {
			m := faultName.FindStringSubmatch(r.Summary)
			if r.State != trace.Failed || m == nil {
				continue
			}
			isHeadline := result.Failing != nil && string(result.Failing.Code) == m[1] // of the rung that this one follows from
			if !isHeadline && !slices.ContainsFunc(r.Findings, func(f trace.Finding) bool { return string(f.Code) == m[1] }) {
				t.Errorf("%s: rung %s has %q, but its findings are %v", e.Name(), r.ID, r.Summary, r.Findings)
			}
		}
	}
}
