package assess

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

func TestEveryRungHasOneAssessor(t *testing.T) {
	t.Parallel()
	ladder := map[trace.Scope][]trace.RungID{}
	for _, step := range trace.Ladder() {
		ladder[step.Scope] = append(ladder[step.Scope], step.ID)
	}
	assessed := map[trace.Scope][]trace.RungID{
		trace.Shared:         slices.Collect(maps.Keys(sharedAssessors())),
		trace.PerEnvironment: slices.Collect(maps.Keys(environmentAssessors())),
	}
	for _, ids := range []map[trace.Scope][]trace.RungID{ladder, assessed} {
		for _, of := range ids {
			slices.Sort(of)
		}
	}
	if diff := cmp.Diff(ladder, assessed); diff != "" {
		t.Errorf("rungs without an assessor, or assessors without a rung (-ladder +assessors):\n%s", diff)
	}
}

func TestResultsAreInTheOrderOfTheLadder(t *testing.T) {
	t.Parallel()
	w := assesstest.Healthy(t)
	got := Assess(w.Snapshot, w.TakenAt)
	var ids []trace.RungID
	for _, r := range append(slices.Clone(got.Rungs), got.Environments[0].Rungs...) {
		ids = append(ids, r.ID)
	}
	if diff := cmp.Diff(trace.Rungs(), ids); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
