//go:build !race

package openchoreoapi_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/openchoreoapi"
	"github.com/kubectl-choreo/kubectl-choreo/internal/openchoreoapi/apitest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

var update = flag.Bool("update", false, "write the expected differences")

// throughAPI is a Snapshot with the same answers of the control plane, and those of the API to all that was requested of planes.
func throughAPI(t *testing.T, s *facts.Snapshot, source *openchoreoapi.Source) *facts.Snapshot {
	t.Helper()
	through := facts.New(s.Subject, s.TakenAt)
	through.Wanted, through.Changes = s.Wanted, s.Changes
	for _, o := range s.Objects() {
		if o.Ref.Plane == facts.Control {
			through.Put(o)
			if o.Ref.Kind == "RenderedRelease" {
				source.Note(o)
			}
		}
	}
	for _, events := range []bool{false, true} {
		for _, l := range s.Lists() { // events are requested a round trip later
			switch {
			case (l.Query.Kind == "Event") != events:
			case l.Query.Plane == facts.Control:
				through.PutList(l, nil)
			default:
				through.PutList(source.List(t.Context(), l.Query))
			}
		}
	}
	for _, o := range s.Objects() {
		if o.Ref.Plane != facts.Control && o.Ref.Kind != "Event" && o.Ref.Kind != "Pod" && through.Object(o.Ref).Outcome == facts.NotAsked {
			through.Put(source.Get(t.Context(), o.Ref))
		}
	}
	for _, l := range s.Logs() {
		through.PutLog(source.Log(t.Context(), l.Query))
	}
	return through
}

// onThePlane are the rungs that a plane decides, one line each.
func onThePlane(tr *trace.Trace) []string {
	var lines []string
	for _, e := range tr.Environments {
		for _, r := range e.Rungs {
			if slices.Contains([]trace.RungID{trace.RungCell, trace.RungResource, trace.RungPod, trace.RungEndpoint}, r.ID) {
				var codes []string
				for _, f := range r.Findings {
					codes = append(codes, string(f.Code))
				}
				lines = append(lines, fmt.Sprintf("%s %s: %s %s [%s]", e.Name, r.ID, r.State, r.Summary, strings.Join(codes, ", ")))
			}
		}
	}
	return append(lines, fmt.Sprintf("verdict: %s", tr.Verdict))
}

// TestEveryScenario compares the trace by a context with the trace through the API, in each recorded scenario. The differences are those
// that docs/multi-cluster.md explains.
func TestEveryScenario(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir(filepath.Join("..", "..", "testdata", "scenarios"))
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	same := 0
	for _, entry := range entries {
		if _, err := os.Stat(filepath.Join("..", "..", "testdata", "scenarios", entry.Name(), "snapshot.yaml")); err != nil {
			continue
		}
		s := factstest.Scenario(t, entry.Name())
		if !slices.ContainsFunc(s.Objects(), func(o facts.Object) bool { return o.Ref.Plane != facts.Control }) {
			continue
		}
		direct := onThePlane(assess.Assess(s, s.TakenAt))
		through := onThePlane(assess.Assess(throughAPI(t, s, sourceOf(apitest.Of(s))), s.TakenAt))
		if slices.Equal(direct, through) {
			same++
			continue
		}
		fmt.Fprintf(&got, "%s\n", entry.Name())
		for i := range direct {
			if i < len(through) && direct[i] != through[i] {
				fmt.Fprintf(&got, "  context  %s\n  API      %s\n", direct[i], through[i])
			}
		}
	}
	fmt.Fprintf(&got, "%d scenarios are the same\n", same)
	golden := filepath.Join("testdata", "differences")
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, _ := os.ReadFile(golden)
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
