//go:build !race

package assess

import (
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// severity orders what traces come to; a greater one is less healthy.
func severity(t *trace.Trace) int {
	switch t.Verdict {
	case trace.VerdictHealthy, trace.VerdictSuspended:
		if t.Current == trace.Behind {
			return 1
		}
		return 0
	case trace.VerdictProgressing:
		return 2
	case trace.VerdictUnknown:
		return 3
	case trace.VerdictFailed:
		return 4
	}
	return 5
}

// mayRemove lists the kinds whose removal may make a verdict healthier, each with the reason.
func mayRemove() map[string]string {
	return map[string]string{
		"Event":          "it is evidence of a failure, not an object that anything needs",
		"Lease":          "a missing sign of life says nothing of a controller",
		"Pod":            "its ReplicaSet replaces it; the Deployment's own status counts what is missing",
		"ReplicaSet":     "it only explains why pods are missing",
		"Job":            "of a CronJob: the next run is counted, not the last",
		"Node":           "it only explains why a pod is not ready",
		"ReleaseBinding": "an environment without one is not bound, on purpose; and of two, one is too many",
	}
}

// without is the snapshot where the object is known to be absent.
func without(s *facts.Snapshot, o facts.Object) *facts.Snapshot {
	next := s.Without(func(other facts.Object) bool { return other.Ref == o.Ref })
	next.Put(facts.Object{Ref: o.Ref, Outcome: facts.Absent})
	return next
}

// turnedFalse is the snapshot where a condition of the object is False, for its present generation, since an hour.
func turnedFalse(s *facts.Snapshot, o facts.Object, name string) *facts.Snapshot {
	changed := o
	changed.Body = o.Body.DeepCopy()
	conditions, _, _ := unstructured.NestedSlice(changed.Body.Object, "status", "conditions")
	for _, c := range conditions {
		if c, ok := c.(map[string]any); ok && c["type"] == name {
			c["status"], c["reason"], c["message"] = "False", "Broken", "broken by the test"
			c["lastTransitionTime"] = s.TakenAt.Add(-time.Hour).UTC().Format(time.RFC3339)
		}
	}
	_ = unstructured.SetNestedSlice(changed.Body.Object, conditions, "status", "conditions")
	next := s.Without(func(facts.Object) bool { return false })
	next.Put(changed)
	return next
}

// TestMutationsAreNoHealthier takes each object of each recorded scenario away, and turns each Ready condition False: neither
// makes a component healthier.
func TestMutationsAreNoHealthier(t *testing.T) {
	t.Parallel()
	for _, name := range scenarioNames(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := factstest.Scenario(t, name)
			before := severity(Assess(s, later(s)))
			for _, o := range s.Objects() {
				noHealthier(t, s, o, before)
			}
		})
	}
}

// later is an hour after the snapshot: nothing is on its way any more, and no wait hides what it waits for.
func later(s *facts.Snapshot) time.Time { return s.TakenAt.Add(time.Hour) }

// noHealthier takes an object away, and turns its Ready condition False.
func noHealthier(t *testing.T, s *facts.Snapshot, o facts.Object, before int) {
	t.Helper()
	if o.Outcome != facts.Found {
		return
	}
	if _, allowed := mayRemove()[o.Ref.Kind]; !allowed {
		if got := Assess(without(s, o), later(s)); severity(got) < before {
			t.Errorf("without %s: %s, and less severe than with it (%d)", o.Ref, got.Verdict, before)
		}
	}
	if kinds.ConditionOf(o.Body, "Ready").True() {
		if got := Assess(turnedFalse(s, o, "Ready"), later(s)); severity(got) < before {
			t.Errorf("%s with Ready=False: %s, and less severe than with Ready=True (%d)", o.Ref, got.Verdict, before)
		}
	}
}
