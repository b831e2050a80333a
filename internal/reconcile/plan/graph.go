package plan

import (
	"fmt"
	"maps"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Why says what makes one object wait for another.
type Why uint8

const (
	// WhyUnknown is the zero value.
	WhyUnknown Why = iota
	// Source means that it takes its content from the other.
	Source
	// Parent means that it is applied by the other, which may change it.
	Parent
	// Dependency means that it names the other in spec.dependsOn.
	Dependency
)

// String is the reason as it is printed beside an edge; "unknown" for no Why.
func (w Why) String() string {
	switch w {
	case Source:
		return "source"
	case Parent:
		return "parent"
	case Dependency:
		return "dependsOn"
	case WhyUnknown:
	}
	return "unknown"
}

// Need is something that must be done before: one edge of a Graph.
type Need struct {
	Ref facts.Ref
	Why Why
}

// Graph is a set of delivering objects in an order in which each can be asked after all that it needs. The zero value is
// empty.
type Graph struct {
	waves [][]facts.Ref
	needs map[facts.Ref][]Need
}

// New makes the Graph of targets and everything that must be done before them, as far as s knows it; with downstream, also
// of what depends on any of these, and what that needs. It fails with a *CycleError when objects wait for each other, and
// when a target is of a kind that delivers nothing.
func New(s *facts.Snapshot, targets []facts.Ref, downstream bool) (*Graph, error) {
	for _, ref := range targets {
		if !engines.All().Delivers(ref) {
			return nil, fmt.Errorf("reconcile %s: its kind delivers nothing; name a Flux object or an Argo CD Application", ref)
		}
	}
	targets = withDescendants(s, targets, downstream)
	needs := upward(edges(s, closure(s, targets)), targets)
	waves, err := layers(needs)
	if err != nil {
		return nil, err
	}
	return &Graph{waves: waves, needs: needs}, nil
}

// Only is the Graph of one object by itself: whatever it needs is left as it is.
func Only(ref facts.Ref) *Graph {
	return &Graph{waves: [][]facts.Ref{{ref}}, needs: map[facts.Ref][]Need{ref: nil}}
}

// Waves are the objects in the order in which they are asked: nothing in a wave needs another of the same wave. Within one,
// they are sorted. An object is asked as soon as all that it needs is done, which may be before its wave is complete.
func (g *Graph) Waves() [][]facts.Ref { return g.waves }

// Nodes are all objects, each after all that it needs.
func (g *Graph) Nodes() []facts.Ref { return slices.Concat(g.waves...) }

// Needs are the objects of the Graph that must be done before ref, sorted.
func (g *Graph) Needs(ref facts.Ref) []Need { return g.needs[ref] }

// Has reports whether ref is one of the objects.
func (g *Graph) Has(ref facts.Ref) bool {
	_, ok := g.needs[ref]
	return ok
}

// Unread are the objects that the Graph of targets would hold and that s was never asked for. Whoever collects reads them and
// asks again, until there are none. What depends on the targets is only found among what s holds.
func Unread(s *facts.Snapshot, targets []facts.Ref, downstream bool) []facts.Ref {
	all := closure(s, withDescendants(s, targets, downstream))
	return slices.DeleteFunc(all, func(ref facts.Ref) bool { return s.Object(ref).Outcome != facts.NotAsked })
}

// withDescendants is targets, or with downstream also what needs them, or anything that they need.
func withDescendants(s *facts.Snapshot, targets []facts.Ref, downstream bool) []facts.Ref {
	if !downstream {
		return targets
	}
	return descendants(s, closure(s, targets))
}

// upward keeps the objects that a target needs, directly or not.
func upward(needs map[facts.Ref][]Need, targets []facts.Ref) map[facts.Ref][]Need {
	kept := map[facts.Ref][]Need{}
	for _, ref := range reached(targets, func(ref facts.Ref) []facts.Ref { return refsOf(needs[ref]) }) {
		kept[ref] = needs[ref]
	}
	return kept
}

// layers puts each object one wave after the last of those that it needs.
func layers(needs map[facts.Ref][]Need) ([][]facts.Ref, error) {
	var waves [][]facts.Ref
	placed := map[facts.Ref]bool{}
	for len(placed) < len(needs) {
		var wave []facts.Ref
		for ref, before := range needs {
			open := slices.ContainsFunc(before, func(n Need) bool { return !placed[n.Ref] })
			if !placed[ref] && !open {
				wave = append(wave, ref)
			}
		}
		if len(wave) == 0 {
			return nil, &CycleError{Cycle: cycle(needs, placed)}
		}
		slices.SortFunc(wave, facts.Ref.Compare)
		for _, ref := range wave {
			placed[ref] = true
		}
		waves = append(waves, wave)
	}
	return waves, nil
}

// cycle follows, from the first object that could not be placed, needs that could not be placed either, until one comes again.
func cycle(needs map[facts.Ref][]Need, placed map[facts.Ref]bool) []facts.Ref {
	stuck := func(ref facts.Ref) bool { return !placed[ref] }
	at := slices.SortedFunc(maps.Keys(needs), facts.Ref.Compare)
	ref := at[slices.IndexFunc(at, stuck)]
	var way []facts.Ref
	for !slices.Contains(way, ref) {
		way = append(way, ref)
		next := slices.IndexFunc(needs[ref], func(n Need) bool { return stuck(n.Ref) })
		ref = needs[ref][next].Ref
	}
	return append(way[slices.Index(way, ref):], ref)
}
