package assess

import (
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestRollback: while pods of the release before still run, a person can go back to it; not where OpenChoreo chooses the release, and
// not where no such pod runs.
func TestRollback(t *testing.T) {
	t.Parallel()
	set := func(kind, field string, value any) func(*facts.Snapshot) {
		return func(s *facts.Snapshot) {
			for o := range s.Each() {
				if o.Ref.Kind == kind && o.Outcome == facts.Found {
					o.Body.Object["spec"].(map[string]any)[field] = value
				}
			}
		}
	}
	for name, c := range map[string]struct {
		scenario string
		change   func(*facts.Snapshot)
		want     bool
	}{
		"EarlierPodsRun": {"pod-crash-loop", func(*facts.Snapshot) {}, true},
		"AutoDeploys":    {"pod-crash-loop", set("Component", "autoDeploy", true), false},
		"SameRelease":    {"pod-unschedulable", func(*facts.Snapshot) {}, false},
		"NoPodRuns":      {"job-failed", func(*facts.Snapshot) {}, false},
	} {
		s := factstest.Scenario(t, c.scenario)
		c.change(s)
		got := Assess(s, s.TakenAt)
		if got.Failing == nil {
			t.Fatalf("%s: nothing fails", name)
		}
		const offer = ". To roll back, set spec.releaseName of ReleaseBinding pod-crash-loop/greeter-service-development to the release before greeter-service-20261121-2 in Git"
		if has := strings.HasSuffix(got.Failing.Hint, offer); has != c.want {
			t.Errorf("%s: %q offers a rollback: %v, want %v", name, got.Failing.Hint, has, c.want)
		}
	}
}
