package assess

import (
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// scenarioNames are the recorded scenarios.
func scenarioNames(tb testing.TB) []string {
	tb.Helper()
	entries, err := os.ReadDir("../../testdata/scenarios")
	if err != nil {
		tb.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}

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

// FuzzAssess changes fields of recorded objects at random: whatever a cluster answers, Assess returns, and the same each time.
func FuzzAssess(f *testing.F) {
	names := scenarioNames(f)
	for i := 0; i < len(names); i += 8 {
		f.Add(uint16(i), uint64(i), uint8(3))
	}
	recorded := map[string]*facts.Snapshot{} // a worker runs one input at a time
	f.Fuzz(func(t *testing.T, scenario uint16, seed uint64, changes uint8) {
		name := names[int(scenario)%len(names)]
		if recorded[name] == nil {
			recorded[name] = factstest.Scenario(t, name)
		}
		s := recorded[name].Without(func(facts.Object) bool { return false })
		random := rand.New(rand.NewPCG(seed, seed))
		objects := s.Objects()
		for range changes % 32 {
			o := objects[random.IntN(len(objects))]
			if o = s.Object(o.Ref); o.Outcome == facts.Found {
				o.Body = o.Body.DeepCopy()
				mutate(random, o.Body.Object)
				s.Put(o)
			}
		}
		if first, second := Assess(s, s.TakenAt), Assess(s, s.TakenAt); first.Verdict != second.Verdict || first.Current != second.Current {
			t.Errorf("%s, then %s", first.Verdict, second.Verdict)
		}
	})
}

// mutate replaces or removes one field somewhere below.
func mutate(random *rand.Rand, object map[string]any) {
	keys := slices.Sorted(maps.Keys(object))
	if len(keys) == 0 {
		return
	}
	key := keys[random.IntN(len(keys))]
	switch below := object[key].(type) {
	case map[string]any:
		if random.IntN(8) > 0 {
			mutate(random, below)
			return
		}
	case []any:
		if len(below) > 0 && random.IntN(8) > 0 {
			at := random.IntN(len(below))
			if item, ok := below[at].(map[string]any); ok {
				mutate(random, item)
				return
			}
			below[at] = odd(random)
			return
		}
	}
	if random.IntN(4) == 0 {
		delete(object, key)
		return
	}
	object[key] = odd(random)
}

// odd is a value that no controller writes there.
func odd(random *rand.Rand) any {
	values := []any{
		nil, "", "x", "False", "Unknown", "2026-11-21T09:00:00Z", "../../x", int64(0), int64(-1), int64(1 << 62), 1.5, true, false,
		[]any{},
		[]any{nil},
		[]any{"x"},
		[]any{map[string]any{}},
		map[string]any{},
		map[string]any{"x": "y"},
		strings.Repeat("a", 300),
	}
	return values[random.IntN(len(values))]
}
