package delivery

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// FirstCycle is a way from the first of nodes that lies on a circle back to itself, which is at both ends; nil where
// none does. Each edge is followed twice at most: a search of all paths takes for ever where many depend on many.
func FirstCycle(nodes []facts.Ref, next func(facts.Ref) []facts.Ref) []facts.Ref {
	edges := map[facts.Ref][]facts.Ref{}
	group := groups(nodes, next, edges)
	members := map[int]int{}
	for _, id := range group {
		members[id]++
	}
	for _, node := range nodes {
		if members[group[node]] > 1 || slices.Contains(edges[node], node) {
			return pathBack(node, edges, group)
		}
	}
	return nil
}

// visit is one object on the way of a depth-first search.
type visit struct {
	ref     facts.Ref
	pending []facts.Ref
}

// groups numbers the strongly connected components: objects that lead to each other have the same number (Tarjan 1972). It
// keeps a stack of its own, because a chain may be long. edges receives what each object leads to.
func groups(nodes []facts.Ref, next func(facts.Ref) []facts.Ref, edges map[facts.Ref][]facts.Ref) map[facts.Ref]int {
	index, low, group := map[facts.Ref]int{}, map[facts.Ref]int{}, map[facts.Ref]int{}
	var open []facts.Ref // not in a group yet, in the order in which they were reached
	var path []visit
	enter := func(ref facts.Ref) {
		index[ref], low[ref] = len(index), len(index)
		edges[ref] = next(ref)
		open, path = append(open, ref), append(path, visit{ref, edges[ref]})
	}
	for _, node := range nodes {
		if _, seen := index[node]; !seen {
			enter(node)
		}
		for len(path) > 0 {
			top := &path[len(path)-1]
			if len(top.pending) == 0 {
				open = closeGroup(top.ref, open, index, low, group)
				path = path[:len(path)-1]
				if len(path) > 0 {
					below := path[len(path)-1].ref
					low[below] = min(low[below], low[top.ref])
				}
				continue
			}
			ref := top.pending[0]
			top.pending = top.pending[1:]
			_, seen := index[ref]
			_, closed := group[ref]
			switch {
			case !seen:
				enter(ref)
			case !closed:
				low[top.ref] = min(low[top.ref], index[ref])
			}
		}
	}
	return group
}

// closeGroup gives a number to all that was reached since ref, where nothing of it leads further back than ref.
func closeGroup(ref facts.Ref, open []facts.Ref, index, low, group map[facts.Ref]int) []facts.Ref {
	if low[ref] != index[ref] {
		return open
	}
	at := slices.Index(open, ref)
	for _, member := range open[at:] {
		group[member] = index[ref]
	}
	return open[:at]
}

// pathBack is a shortest way from start back to start within its group.
func pathBack(start facts.Ref, edges map[facts.Ref][]facts.Ref, group map[facts.Ref]int) []facts.Ref {
	from := map[facts.Ref]facts.Ref{}
	open := []facts.Ref{start}
	for len(open) > 0 {
		ref := open[0]
		open = open[1:]
		for _, next := range edges[ref] {
			if _, seen := from[next]; seen || group[next] != group[start] {
				continue
			}
			from[next] = ref
			open = append(open, next)
		}
		if _, back := from[start]; back {
			break
		}
	}
	way := []facts.Ref{start}
	for ref := from[start]; ref != start; ref = from[ref] {
		way = append(way, ref)
	}
	way = append(way, start)
	slices.Reverse(way)
	return way
}

// reportCycle finds appliers that depend on each other. No object reports it: each waits for the next.
func reportCycle(v *view.Component, delivery []view.Applier, judged map[facts.Ref]*result.Result) {
	var refs []facts.Ref
	for _, d := range delivery {
		refs = append(refs, d.Object.Ref)
	}
	circle := FirstCycle(refs, func(ref facts.Ref) []facts.Ref { return v.Engines.DependsOn(v.Object(ref)) })
	if circle == nil {
		return
	}
	var names []string
	for _, ref := range circle {
		names = append(names, ref.Name)
	}
	f := trace.Finding{
		Code: trace.CodeDependencyCycle, Message: "spec.dependsOn has a cycle: " + strings.Join(names, " → "),
		Hint: "these wait for each other: remove one of the entries of spec.dependsOn in Git",
	}
	if len(circle) == 2 { // the same twice
		f.Hint = withParent(v, v.Object(circle[0]), fmt.Sprintf("%s depends on itself: remove this entry of spec.dependsOn in Git", circle[0]))
	}
	if at := circle[0]; v.Engines.Properties(at).DropsCycles {
		f.Hint += fmt.Sprintf("; until then, the other %ss of the same source get a new revision only at their interval", at.Kind)
	}
	j := judged[circle[0]]
	if j.State == trace.OK && j.Current != trace.Behind {
		j.Note(trace.Warning, f)
		return
	}
	j.Findings = slices.DeleteFunc(j.Findings, func(f trace.Finding) bool {
		return f.Code == trace.CodeDependencyNotReady || f.Code == trace.CodeKustomizationBehind
	})
	j.State, j.Summary = trace.Unknown, fmt.Sprintf("%s waits for itself", circle[0].Name)
	j.Fail(f)
}
