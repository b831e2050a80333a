package history_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/history"
)

// TestDelivery: OpenChoreo 1.3 records the rollout, which counts if it began after the release was applied.
func TestDelivery(t *testing.T) {
	t.Parallel()
	for began, want := range map[string]string{"2026-11-21T09:21:57Z": "09:22:01", "2026-11-21T09:21:50Z": "09:21:59"} {
		s := factstest.Scenario(t, "healthy")
		change(t, s, "ReleaseBinding", "development", set(t, map[string]any{"startedAt": began, "succeededAt": "2026-11-21T09:22:01Z"}, "status", "delivery"))
		step := history.Build(s, assess.Assess(s, s.TakenAt)).Rows[0].Step(history.StepRunning)
		if got := mark(t, step); got != want {
			t.Errorf("began %s: running %s, want %s", began, got, want)
		}
	}
}

// TestMedian: it is over what is known; what is unknown is counted.
func TestMedian(t *testing.T) {
	t.Parallel()
	s := factstest.Scenario(t, "healthy")
	s.Past = facts.Past{Head: healthyCommit, Commits: []facts.Commit{commit(t, healthyCommit, "09:21:40", bound("development", one))}}
	h := history.Build(s, assess.Assess(s, s.TakenAt))
	got := map[string]string{}
	for _, lead := range h.LeadTimes {
		got[lead.Environment] = fmt.Sprint(lead.Known, lead.Unknown, lead.MedianSeconds != nil && *lead.MedianSeconds == 19)
	}
	want := map[string]string{"development": "1 0 true", "staging": "0 1 false", "production": "0 0 false"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestLife: a commit has a stage in each environment, also where it has not arrived.
func TestLife(t *testing.T) {
	t.Parallel()
	s := factstest.Scenario(t, "healthy")
	c := commit(t, healthyCommit, "09:21:40", added(one, "a"), bound("development", one))
	newer := commit(t, later, "09:22:00", added(two, "b"))
	newer.Within = nil
	newer.Merge = strings.Repeat("e", 40)
	s.Past = facts.Past{Head: later, Commits: []facts.Commit{newer, c}}
	h := history.Build(s, assess.Assess(s, s.TakenAt))
	environments := []string{"development", "staging", "production"}
	stages := func(revision string) []string {
		found, ok := history.Find(s.Past, revision)
		if !ok {
			return nil
		}
		var all []string
		for _, stage := range h.LifeOf(found, environments).Environments {
			all = append(all, fmt.Sprintf("%s %t %s", stage.Environment, stage.Row != nil, strings.TrimPrefix(stage.Runs, "greeter-service-20261121")))
		}
		return all
	}
	for revision, want := range map[string][]string{
		healthyCommit[:7]:       {"development true ", "staging true ", "production false "},
		later:                   {"development false -1", "staging false -1", "production false "},
		strings.Repeat("e", 10): {"development false -1", "staging false -1", "production false "},
		"21cf1b":                nil,
		"HEAD":                  nil,
		strings.Repeat("f", 40): nil,
	} {
		if diff := cmp.Diff(want, stages(revision)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", revision, diff)
		}
	}
}
