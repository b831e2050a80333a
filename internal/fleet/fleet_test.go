package fleet

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// requests returns the requests that a fleet of that size needs, sorted.
func requests(t *testing.T, scenario string, components int, o Options) []string {
	t.Helper()
	c := newCluster(t, scenario, components)
	c.all(t, New(c, o))
	slices.Sort(c.asked)
	return c.asked
}

// TestRequestsDoNotGrow checks that sixty components need the same requests as three.
func TestRequestsDoNotGrow(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]Options{"Namespace": {Whole: true}, "Everywhere": {Whole: true, Everywhere: true}} {
		few, many := requests(t, "healthy", 3, o), requests(t, "healthy", 60, o)
		if diff := cmp.Diff(few, many); diff != "" {
			t.Errorf("%s: (-three +sixty)\n%s", name, diff)
		}
		if len(many) > 30 {
			t.Errorf("%s: %d requests, want at most 30:\n%s", name, len(many), strings.Join(many, "\n"))
		}
	}
	alone, three := requests(t, "healthy", 1, Options{}), requests(t, "healthy", 3, Options{})
	if grown := len(three) - len(alone); grown > 2*len(alone) {
		t.Errorf("without whole lists, three components cost %d requests and one %d", len(three), len(alone))
	}
}

// TestOnlyWhatIsBrokenCosts checks that a crashing component causes further requests only for itself.
func TestOnlyWhatIsBrokenCosts(t *testing.T) {
	t.Parallel()
	well, broken := requests(t, "healthy", 5, Options{Whole: true}), requests(t, "pod-crash-loop", 5, Options{Whole: true})
	per := func(kind string) int {
		return len(slices.DeleteFunc(slices.Clone(broken), func(s string) bool { return !strings.HasPrefix(s, kind) }))
	}
	if per("LOG ") != 5 || per("LIST ReplicaSet") != 5 || per("LIST Event") != 1 {
		t.Errorf("logs %d, ReplicaSets %d, events %d; want 5, 5 and 1\n%s", per("LOG "), per("LIST ReplicaSet"), per("LIST Event"), strings.Join(broken, "\n"))
	}
	if len(broken) > len(well)+15 {
		t.Errorf("%d requests, %d where all is well", len(broken), len(well))
	}
}

// TestSameTraces checks that a component has the same trace from the fleet and from the cluster.
func TestSameTraces(t *testing.T) {
	t.Parallel()
	for _, scenario := range []string{"healthy", "pod-crash-loop", "dependency-fails", "binding-undeployed", "release-stale-not-found", "kustomization-behind"} {
		c := newCluster(t, scenario, 3)
		for name, o := range map[string]Options{"Remembering": {}, "Whole": {Whole: true}, "Everywhere": {Whole: true, Everywhere: true}} {
			source := New(c, o)
			for i, got := range c.all(t, source) {
				if diff := cmp.Diff(c.trace(t, c, c.subjects[i]), got); diff != "" {
					t.Errorf("%s, %s, %s (-alone +fleet)\n%s", scenario, name, c.subjects[i].Component, diff)
				}
			}
		}
	}
}

// TestRefusedLists covers a user who may not list a whole kind. The user still gets all permitted objects.
func TestRefusedLists(t *testing.T) {
	t.Parallel()
	for name, refuse := range map[string]func(facts.Query) facts.Outcome{
		"Everywhere": func(q facts.Query) facts.Outcome { return refused(q.Namespace == "" && q.Kind != "Kustomization") },
		"Wholes":     func(q facts.Query) facts.Outcome { return refused(q.Owner == "" && q.Labels == "") },
		"Releases":   func(q facts.Query) facts.Outcome { return refused(q.Kind == "ComponentRelease") },
	} {
		c := newCluster(t, "healthy", 2)
		c.refuse = refuse
		for i, got := range c.all(t, New(c, Options{Whole: true, Everywhere: true})) {
			if diff := cmp.Diff(c.trace(t, c, c.subjects[i]), got); diff != "" {
				t.Errorf("%s: (-alone +fleet)\n%s", name, diff)
			}
		}
	}
}

func refused(yes bool) facts.Outcome {
	if yes {
		return facts.Forbidden
	}
	return facts.Found
}

func TestForget(t *testing.T) {
	t.Parallel()
	c := newCluster(t, "healthy", 2)
	source := New(c, Options{Whole: true})
	c.all(t, source)
	first := len(c.asked)
	if c.all(t, source); len(c.asked) != first {
		t.Errorf("asked again: %v", c.asked[first:])
	}
	source.Forget()
	if c.all(t, source); len(c.asked) != 2*first {
		t.Errorf("%d requests, want %d and as many again", len(c.asked), first)
	}
}

func TestMaxAge(t *testing.T) {
	t.Parallel()
	c, now := newCluster(t, "healthy", 1), time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	source := New(c, Options{MaxAge: time.Second, Now: func() time.Time { return now }})
	ref := facts.Ref{Plane: facts.Control, Kind: "Namespace", Name: "x"}
	for i, after := range []time.Duration{0, time.Second, time.Millisecond, time.Second} {
		now = now.Add(after)
		source.For(c.subjects[0]).Get(t.Context(), ref)
		if want := []int{1, 1, 2, 2}[i]; len(c.asked) != want {
			t.Errorf("look %d: %d requests, want %d", i+1, len(c.asked), want)
		}
	}
}

// TestAnInterruptionIsNoAnswer checks that an interrupted request is made again.
func TestAnInterruptionIsNoAnswer(t *testing.T) {
	t.Parallel()
	c := newCluster(t, "healthy", 1)
	source := New(c, Options{}).For(c.subjects[0])
	ref := facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: c.subjects[0].Namespace, Name: c.subjects[0].Component}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	source.Get(ended, ref)
	if o := source.Get(t.Context(), ref); o.Outcome != facts.Found || len(c.asked) != 2 {
		t.Errorf("outcome %s after %v", o.Outcome, c.asked)
	}
}

// TestManyReleasesAreReadByName checks that a long list of old releases is not read to find three.
func TestManyReleasesAreReadByName(t *testing.T) {
	t.Parallel()
	c := newCluster(t, "healthy", 1)
	key := facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "ComponentRelease"}
	release := c.kinds[key][0]
	for range maxReleases {
		c.kinds[key] = append(c.kinds[key], release)
	}
	if got := c.all(t, New(c, Options{Whole: true}))[0]; got.Verdict != trace.VerdictHealthy {
		t.Errorf("verdict %s", got.Verdict)
	}
	if !slices.ContainsFunc(c.asked, func(s string) bool { return strings.HasPrefix(s, "GET ComponentRelease") }) {
		t.Errorf("no release was read by its name: %v", c.asked)
	}
}

// BenchmarkFleet assesses two thousand components from memory, so it measures only this program.
func BenchmarkFleet(b *testing.B) {
	c := newCluster(b, "healthy", 2000)
	for b.Loop() {
		c.all(b, New(c, Options{Whole: true}))
	}
}

// TestAnInvalidReferenceIsNotAbsent checks that an invalid reference is not Absent, although a complete list does not contain it.
func TestAnInvalidReferenceIsNotAbsent(t *testing.T) {
	t.Parallel()
	subject := facts.Subject{Namespace: "default", Component: "a"}
	source := New(refusing{}, Options{Whole: true}).For(subject)
	ref := facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "ComponentRelease", Namespace: "default", Name: "../a"}
	if o := source.Get(t.Context(), ref); o.Outcome != facts.Invalid {
		t.Errorf("Get: %s", o.Outcome)
	}
	q := facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "RenderedRelease", Namespace: "../a", Labels: "a=b"}
	if l, _ := source.List(t.Context(), q); l.Outcome != facts.Invalid {
		t.Errorf("List: %s", l.Outcome)
	}
}

// refusing is a cluster without objects that rejects invalid references, as kube.Source does.
type refusing struct{}

func (refusing) Get(_ context.Context, ref facts.Ref) facts.Object {
	if reference.Object(ref) != nil {
		return facts.Object{Ref: ref, Outcome: facts.Invalid}
	}
	return facts.Object{Ref: ref, Outcome: facts.Absent}
}

func (refusing) List(_ context.Context, q facts.Query) (facts.List, []facts.Object) {
	if reference.List(q) != nil {
		return facts.List{Query: q, Outcome: facts.Invalid}, nil
	}
	return facts.List{Query: q, Outcome: facts.Found}, nil
}

func (refusing) Log(_ context.Context, q facts.LogQuery) facts.Log { return facts.Log{Query: q} }
