package plan

import (
	"cmp"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// namedBy returns all objects that o itself names as its dependencies.
func namedBy(o facts.Object) []Need {
	var needs []Need
	add := func(refs []facts.Ref, why Why) {
		for _, ref := range refs {
			if why != Parent || ref != o.Ref { // the root of a bootstrap applies itself
				needs = append(needs, Need{ref, why})
			}
		}
	}
	add(engines.All().Sources(o), Source)
	add(engines.All().DependsOn(o), Dependency)
	add(engines.All().AppliedBy(o), Parent)
	return needs
}

// needsOf omits parents that do not exist. Labels remain after an applier is deleted, and the applier may be in a management
// cluster. Such a parent cannot change the object any more, so there is nothing to wait for.
func needsOf(s *facts.Snapshot, ref facts.Ref) []Need {
	return slices.DeleteFunc(namedBy(s.Object(ref)), func(n Need) bool {
		outcome := s.Object(n.Ref).Outcome
		return n.Why == Parent && (outcome == facts.Absent || outcome == facts.NoKind)
	})
}

// closure returns targets and their direct and indirect dependencies, each once.
func closure(s *facts.Snapshot, targets []facts.Ref) []facts.Ref {
	return reached(targets, func(ref facts.Ref) []facts.Ref { return refsOf(needsOf(s, ref)) })
}

// descendants returns refs and all objects of s that depend on one of them, directly or indirectly.
func descendants(s *facts.Snapshot, refs []facts.Ref) []facts.Ref {
	neededBy := map[facts.Ref][]facts.Ref{}
	for _, o := range s.Objects() {
		if _, delivers := engines.All().Of(o.Ref); o.Outcome != facts.Found || !delivers {
			continue
		}
		for _, n := range needsOf(s, o.Ref) {
			neededBy[n.Ref] = append(neededBy[n.Ref], o.Ref)
		}
	}
	return reached(refs, func(ref facts.Ref) []facts.Ref { return neededBy[ref] })
}

// reached returns from and all objects reachable through next, each once.
func reached(from []facts.Ref, next func(facts.Ref) []facts.Ref) []facts.Ref {
	seen := map[facts.Ref]bool{}
	var all []facts.Ref
	open := slices.Clone(from)
	for len(open) > 0 {
		ref := open[0]
		open = open[1:]
		if !seen[ref] {
			seen[ref] = true
			all = append(all, ref)
			open = append(open, next(ref)...)
		}
	}
	return all
}

func refsOf(needs []Need) []facts.Ref {
	refs := make([]facts.Ref, 0, len(needs))
	for _, n := range needs {
		refs = append(refs, n.Ref)
	}
	return refs
}

// edges returns the dependencies among refs. Sources and dependencies come first; a parent only counts if it closes no cycle
// with them. Every bootstrap has such a cycle, and it works: the root Kustomization applies the GitRepository that it reads. A
// FluxInstance may be applied by the Kustomization that it creates. No controller waits for a parent.
func edges(s *facts.Snapshot, refs []facts.Ref) map[facts.Ref][]Need {
	needs := map[facts.Ref][]Need{}
	type child struct {
		ref    facts.Ref
		parent Need
	}
	var children []child
	for _, ref := range slices.SortedFunc(slices.Values(refs), facts.Ref.Compare) {
		needs[ref] = nil
		for _, n := range needsOf(s, ref) {
			switch n.Why {
			case Parent:
				children = append(children, child{ref, n})
			case Source, Dependency, WhyUnknown:
				needs[ref] = append(needs[ref], n)
			}
		}
	}
	// If two objects apply each other, the FluxInstance existed first.
	slices.SortStableFunc(children, func(a, b child) int { return cmp.Compare(generation(a.parent), generation(b.parent)) })
	for _, c := range children {
		if !reaches(needs, c.parent.Ref, c.ref) {
			needs[c.ref] = append(needs[c.ref], c.parent)
		}
	}
	for _, list := range needs {
		slices.SortStableFunc(list, func(a, b Need) int { return a.Ref.Compare(b.Ref) })
	}
	return needs
}

func generation(parent Need) int {
	if engines.All().Properties(parent.Ref).Bootstraps {
		return 0
	}
	return 1
}

// reaches reports whether from depends on to, directly or indirectly.
func reaches(needs map[facts.Ref][]Need, from, to facts.Ref) bool {
	return slices.Contains(reached([]facts.Ref{from}, func(ref facts.Ref) []facts.Ref { return refsOf(needs[ref]) }), to)
}
