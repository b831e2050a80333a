package facts

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestChangesAreOrdered: the order of changes in a file does not depend on that of the reader.
func TestChangesAreOrdered(t *testing.T) {
	t.Parallel()
	applier := func(name string) Ref { return Ref{Plane: Control, Kind: "Kustomization", Name: name} }
	object := Ref{Plane: Control, Kind: "Workload", Name: "a"}
	want := []Change{
		{Applier: applier("a"), File: "a.yaml", Commit: "1"},
		{Applier: applier("a"), File: "a.yaml", Commit: "2"},
		{Applier: applier("a"), File: "b.yaml", Commit: "1"},
		{Applier: applier("a"), Object: object, File: "a.yaml", Commit: "1"},
		{Applier: applier("b"), File: "a.yaml", Commit: "1"},
	}
	for range 10 {
		got := slices.Clone(want)
		rand.Shuffle(len(got), func(i, j int) { got[i], got[j] = got[j], got[i] })
		slices.SortFunc(got, Change.Compare)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("(-want +got)\n%s", diff)
		}
	}
	if again := slices.Clone(want); want[0].Compare(again[0]) != 0 {
		t.Error("a change is not equal to itself")
	}
}

// TestIsUnauthorized: a refusal that only mentions the word is a 403.
func TestIsUnauthorized(t *testing.T) {
	t.Parallel()
	for reason, want := range map[string]bool{
		"Unauthorized": true, "Unauthorized: token expired": true,
		"": false, "UnauthorizedUser": false, "pods is forbidden: Unauthorized: x": false, "unauthorized": false,
	} {
		if got := IsUnauthorized(reason); got != want {
			t.Errorf("%q: %t, want %t", reason, got, want)
		}
	}
}

// clocks are how much the machine's clock is ahead of those of planes.
type clocks map[Plane]time.Duration

func (c clocks) Skew(plane Plane) (time.Duration, bool) {
	ahead, known := c[plane]
	return ahead, known
}

// TestSetClock: TakenAt becomes the control plane's time, and the snapshot notes the clocks of the planes that it has objects of.
func TestSetClock(t *testing.T) {
	t.Parallel()
	taken := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		clocks clocks
		taken  time.Time
		skew   Skew
	}{
		"ControlUnknown": {clocks{"eu": time.Minute}, taken, nil},
		"InStep":         {clocks{Control: 0}, taken, Skew{Control: 0}},
		"Ahead":          {clocks{Control: time.Hour, "eu": time.Minute, "us": time.Second}, taken.Add(-time.Hour), Skew{Control: time.Hour, "eu": time.Minute}},
		"Behind":         {clocks{Control: -time.Minute}, taken.Add(time.Minute), Skew{Control: -time.Minute}},
	} {
		s := New(Subject{}, taken)
		s.Put(Object{Ref: Ref{Plane: Control, Kind: "Component", Name: "a"}, Outcome: Found})
		s.Put(Object{Ref: Ref{Plane: "eu", Kind: "Pod", Name: "a"}, Outcome: Found})
		s.Put(Object{Ref: Ref{Plane: "asia", Kind: "Pod", Name: "a"}, Outcome: Found})
		s.SetClock(c.clocks)
		if !s.TakenAt.Equal(c.taken) {
			t.Errorf("%s: taken at %s, want %s", name, s.TakenAt, c.taken)
		}
		if diff := cmp.Diff(c.skew, s.Skew); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
