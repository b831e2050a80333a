package delivery

import (
	"fmt"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// graph has, for each object, those in its spec.dependsOn.
type graph map[facts.Ref][]facts.Ref

func graphOf(all []*manifest.Object) graph {
	g := graph{}
	for _, o := range all {
		g[o.Ref] = append(g[o.Ref], needs(o)...)
	}
	return g
}

func needs(o *manifest.Object) []facts.Ref {
	return engines.All().DependsOn(facts.Object{Ref: o.Ref, Body: o.Body})
}

// delivering returns the Kustomizations that apply this repository.
func delivering(ix *index.Index) []*manifest.Object {
	var all []*manifest.Object
	for i := range ix.Kustomizations {
		all = append(all, &ix.Kustomizations[i].Object)
	}
	return all
}

// dependencies: a Kustomization, also of another source, and a HelmRelease wait for those in spec.dependsOn: forever if one of them does not
// exist, or if they wait for each other (kustomize-controller v1.10.1 internal/controller/kustomization_controller.go:checkDependencies;
// helm-controller v1.6 internal/controller/helmrelease_controller.go:checkDependencies).
func dependencies(ix *index.Index) {
	all := delivering(ix)
	for i := range ix.Objects {
		if o := &ix.Objects[i]; o.Ref.Group == kinds.FluxKustomize && o.Ref.Kind == "Kustomization" || o.Ref.Group == kinds.FluxHelm && o.Ref.Kind == "HelmRelease" {
			all = append(all, o)
		}
	}
	components := graphOf(all).components()
	for _, o := range all {
		for i, needed := range needs(o) {
			if !isMissing(ix, o, i, needed) && components[o.Ref] == components[needed] {
				ix.Report(o, dependency(i), trace.Error, trace.Finding{
					Code: trace.CodeDependencyCycle, Message: fmt.Sprintf("%s depends on %s, which depends on it in turn", o.Ref, needed),
				})
			}
		}
	}
}

// rootDependencies are those of Kustomizations of other sources that nothing in the repository applies. They may be in any cluster.
func rootDependencies(ix *index.Index) {
	for i := range ix.Roots {
		o := rootObject(&ix.Roots[i])
		for j, needed := range needs(o) {
			isMissing(ix, o, j, needed)
		}
	}
}

func dependency(i int) string { return fmt.Sprintf("spec.dependsOn[%d].name", i) }

// isMissing reports a dependency that is not declared, and returns whether it is.
func isMissing(ix *index.Index, o *manifest.Object, i int, needed facts.Ref) bool {
	if ix.Has(needed) || strings.Contains(needed.Namespace, "${") {
		return false
	}
	code := trace.CodeKustomizationNotFound
	if needed.Kind != "Kustomization" {
		code = trace.CodeApplierNotFound
	}
	ix.Report(o, dependency(i), trace.Warning, trace.Finding{
		Code: code, Message: fmt.Sprintf("%s depends on %s, which is not in this repository", o.Ref, needed), Hint: "it waits until there is one",
	})
	return true
}

// components numbers the objects (Tarjan's strongly connected components): those that depend on each other have the same number.
func (g graph) components() map[facts.Ref]int {
	order, lowest, component := map[facts.Ref]int{}, map[facts.Ref]int{}, map[facts.Ref]int{}
	var open []facts.Ref
	var visit func(r facts.Ref)
	visit = func(r facts.Ref) {
		order[r] = len(order) + 1
		lowest[r] = order[r]
		open = append(open, r)
		for _, needed := range g[r] {
			if order[needed] == 0 {
				visit(needed)
				lowest[r] = min(lowest[r], lowest[needed])
			} else if component[needed] == 0 {
				lowest[r] = min(lowest[r], order[needed])
			}
		}
		for lowest[r] == order[r] && component[r] == 0 {
			last := open[len(open)-1]
			open, component[last] = open[:len(open)-1], order[r]
		}
	}
	for r := range g {
		if order[r] == 0 {
			visit(r)
		}
	}
	return component
}

// waitsFor returns an object and all that it depends on.
func (g graph) waitsFor(r facts.Ref) map[facts.Ref]bool {
	seen := map[facts.Ref]bool{}
	for open := []facts.Ref{r}; len(open) > 0; {
		next := open[0]
		open = open[1:]
		if !seen[next] {
			seen[next] = true
			open = append(open, g[next]...)
		}
	}
	return seen
}
