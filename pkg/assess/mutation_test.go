package assess

import (
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
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
