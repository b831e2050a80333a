package assess

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts/snapshotfile"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestWhatIsNotSeenIsNeverHealthy takes away each object that a verdict rests on, in every way in which it can be
// unknown: the answer must be that it could not be decided, and never that it is missing.
func TestWhatIsNotSeenIsNeverHealthy(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	needed := []string{"GitRepository", "Kustomization", "Project", "Component", "Workload", "ComponentRelease", "Environment", "ClusterDataPlane", "ReleaseBinding"}
	for _, kind := range needed {
		for _, unknown := range []facts.Outcome{facts.Forbidden, facts.Unreachable} {
			w := healthy.Copy(t)
			for _, o := range w.Objects() {
				if o.Ref.Kind == kind {
					w.Answer(o, unknown)
				}
			}
			got := Assess(w.Snapshot, w.TakenAt)
			if got.Verdict != trace.VerdictUnknown {
				t.Errorf("%s %s: verdict %s, failing %+v; want Unknown", kind, unknown, got.Verdict, got.Failing)
			}
		}
	}
}

func TestEmptySnapshotIsUndecided(t *testing.T) {
	t.Parallel()
	s := facts.New(facts.Subject{Namespace: "default", Component: "greeter"}, time.Unix(0, 0))
	got := Assess(s, time.Unix(0, 0))
	if got.Verdict != trace.VerdictUnknown || got.Failing != nil {
		t.Errorf("verdict %s, failing %+v", got.Verdict, got.Failing)
	}
	if len(got.Rungs) != 6 {
		t.Errorf("%d rungs, want the six that are there once", len(got.Rungs))
	}
}

// TestAssessOnlyReads: the same snapshot gives the same trace, however often, and is left as it was.
func TestAssessOnlyReads(t *testing.T) {
	t.Parallel()
	w := assesstest.Healthy(t)
	text := func(v any) string {
		out, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	var before strings.Builder
	if err := snapshotfile.Write(&before, w.Snapshot, snapshotfile.WriteOptions{IncludeValues: true}); err != nil {
		t.Fatal(err)
	}
	first := text(Assess(w.Snapshot, w.TakenAt))
	if second := text(Assess(w.Snapshot, w.TakenAt)); first != second {
		t.Error("two judgements of one snapshot differ")
	}
	var after strings.Builder
	if err := snapshotfile.Write(&after, w.Snapshot, snapshotfile.WriteOptions{IncludeValues: true}); err != nil {
		t.Fatal(err)
	}
	if before.String() != after.String() {
		t.Error("the judgement changed the snapshot")
	}
}

func TestCurrencyIsAnAxisOfItsOwn(t *testing.T) {
	t.Parallel()
	w := assesstest.Healthy(t)
	w.Wanted = facts.Revision{Text: "main", Commit: strings.Repeat("ab", 20), From: facts.FromClone}
	got := Assess(w.Snapshot, w.TakenAt)
	if got.Verdict != trace.VerdictProgressing || got.Current != trace.Behind || got.Failing != nil {
		t.Errorf("verdict %s, current %v, failing %+v; want Progressing and behind", got.Verdict, got.Current, got.Failing)
	}
	for _, e := range got.Environments {
		if e.Verdict == trace.VerdictHealthy && e.Current != trace.Behind {
			t.Errorf("%s is healthy and not behind", e.Name)
		}
	}
	applied := kinds.Commit(got.Rungs[2].Revision)
	w.Wanted.Contains = map[string]bool{applied: true}
	if got := Assess(w.Snapshot, w.TakenAt); got.Verdict != trace.VerdictHealthy || got.Current != trace.Current {
		t.Errorf("a descendant of the wanted commit is applied: verdict %s, current %v", got.Verdict, got.Current)
	}
}
