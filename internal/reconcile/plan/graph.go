package plan

import (
	"fmt"
	"maps"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Why is the reason for which one object waits for another.
type Why uint8

const (
	// WhyUnknown is the zero value.
	WhyUnknown Why = iota
	// Source means that the other is its source.
	Source
	// Parent means that the other applies it and may change it.
	Parent
	// Dependency means that spec.dependsOn names the other.
	Dependency
)

// String returns the reason that is printed beside an edge; "unknown" for an invalid Why.
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

// Need is a prerequisite of an object: one edge of a Graph.
type Need struct {
	Ref facts.Ref
	Why Why
}

// Graph is a set of delivering objects in an order in which each follows its dependencies. The zero value is empty.
type Graph struct {
	waves [][]facts.Ref
	needs map[facts.Ref][]Need
}

// New returns the Graph of targets and all their prerequisites in s; with downstream, it adds their dependents and the
// prerequisites of these. It fails with a *CycleError if objects wait for each other, and if the kind of a target delivers
// nothing.
func New(s *facts.Snapshot, targets []facts.Ref, downstream bool) (*Graph, error) {
	for _, ref := range targets {
		if _, delivers := engines.All().Of(ref); !delivers {
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

// Only returns the Graph of one object without its dependencies, which stay unchanged.
func Only(ref facts.Ref) *Graph {
	return &Graph{waves: [][]facts.Ref{{ref}}, needs: map[facts.Ref][]Need{ref: nil}}
}

// Waves returns the objects in the order of their requests: no object depends on another of the same wave. Each wave is sorted.
// An object is triggered as soon as its dependencies are done, possibly before the previous wave is complete.
func (g *Graph) Waves() [][]facts.Ref { return g.waves }

// Nodes returns all objects, each after its dependencies.
func (g *Graph) Nodes() []facts.Ref { return slices.Concat(g.waves...) }

// Needs returns the prerequisites of ref in the Graph, sorted.
func (g *Graph) Needs(ref facts.Ref) []Need { return g.needs[ref] }

// Has reports whether the Graph contains ref.
func (g *Graph) Has(ref facts.Ref) bool {
	_, ok := g.needs[ref]
	return ok
}

// Unread returns the objects that the Graph of targets would contain and that s has not requested. The caller reads them and
// calls Unread again until the result is empty. The dependents of the targets come only from s.
func Unread(s *facts.Snapshot, targets []facts.Ref, downstream bool) []facts.Ref {
	all := closure(s, withDescendants(s, targets, downstream))
	return slices.DeleteFunc(all, func(ref facts.Ref) bool { return s.Object(ref).Outcome != facts.NotAsked })
}

// withDescendants returns targets; with downstream, it adds the dependents of the targets and of their prerequisites.
func withDescendants(s *facts.Snapshot, targets []facts.Ref, downstream bool) []facts.Ref {
	if !downstream {
		return targets
	}
	return descendants(s, closure(s, targets))
}

// upward keeps the targets and their direct and indirect dependencies.
func upward(needs map[facts.Ref][]Need, targets []facts.Ref) map[facts.Ref][]Need {
	kept := map[facts.Ref][]Need{}
	for _, ref := range reached(targets, func(ref facts.Ref) []facts.Ref { return refsOf(needs[ref]) }) {
		kept[ref] = needs[ref]
	}
	return kept
}

// layers assigns each object to the wave after the last of its dependencies.
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

// cycle starts at the first object without a wave and follows dependencies without a wave until one repeats.
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
