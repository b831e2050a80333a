package assess

import (
	"slices"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestTimesBeforeCreation: a condition may be older than its object, because its status was copied. Its time is no age of the object;
// a clock that is a few seconds behind shows no such copy.
func TestTimesBeforeCreation(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		scenario, kind string
		created        time.Duration // after the condition
		isKnown        bool
	}{
		"ConditionIsOlder": {"http-scaled-object-not-ready", "HTTPScaledObject", time.Hour, false},
		"ClockIsBehind":    {"http-scaled-object-not-ready", "HTTPScaledObject", 30 * time.Second, true},
		"ObjectIsOlder":    {"http-scaled-object-not-ready", "HTTPScaledObject", -time.Hour, true},
		"ReportIsOlder":    {"widget-not-ready", "RenderedRelease", time.Hour, false},
		"RenderedIsOlder":  {"widget-not-ready", "RenderedRelease", -time.Hour, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := factstest.Scenario(t, c.scenario)
			began := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			for o := range s.Each() {
				if o.Ref.Kind == c.kind && o.Outcome == facts.Found {
					o.Body.SetCreationTimestamp(metav1.NewTime(began.Add(c.created)))
				}
			}
			got := Assess(s, s.TakenAt)
			if got.Failing == nil || got.Failing.Rung != trace.RungResource {
				t.Fatalf("failing %+v, want the rung resource", got.Failing)
			}
			want := time.Time{}
			if c.isKnown {
				want = began
			}
			rungs := got.Environments[0].Rungs
			rung := rungs[slices.IndexFunc(rungs, func(r trace.Rung) bool { return r.ID == trace.RungResource })]
			if !got.Failing.Since.Equal(want) || !rung.Since.Equal(want) {
				t.Errorf("failing since %s, the rung since %s; want %s", got.Failing.Since, rung.Since, want)
			}
		})
	}
}
