package collect

import (
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect/inventory"
	"github.com/kubectl-choreo/kubectl-choreo/internal/collect/request"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// listFilter keeps the Kustomizations that apply an object of the subject, may have pruned it, or have the same source as an applier
// of it. Of their inventories only the entries of the subject are kept.
func (k delivery) listFilter() request.Filter {
	own, sources := k.ownRefs(), k.knownSources()
	return func(e facts.Encoded) (facts.Object, bool) {
		of := inventory.Of(e, k.Namespace, own)
		if of.IsForeign() && len(sources) == 0 {
			return facts.Object{}, false
		}
		o := of.Object()
		return o, !of.IsForeign() || slices.ContainsFunc(engines.All().Sources(o), func(ref facts.Ref) bool { return slices.Contains(sources, ref) })
	}
}

// trim drops what lists have and the subject does not need: the cells of other projects, and the inventory entries of other
// components. An inventory of 16,000 entries is 1.4 MB; its full length is kept as an annotation.
func trim(s *facts.Snapshot) {
	k := deliveryOf(s)
	if project := k.projectName(); project != "" {
		k.dropOtherCells(project)
	}
	own := k.ownRefs()
	for _, o := range k.listedAppliers() {
		inventory.Trim(o, k.Namespace, own)
	}
}

func (k delivery) dropOtherCells(project string) {
	for _, q := range []facts.Query{k.Listed("ProjectReleaseBinding"), k.All("ProjectReleaseBinding")} {
		k.filterList(q, func(o facts.Object) bool { return kinds.Text(o.Body, "spec", "owner", "projectName") == project })
	}
}

// dropUnrelated drops the Kustomizations of other teams, except those of the same source: a dependsOn cycle among these stops
// the events of all (kustomize-controller v1.9.3 internal/controller/kustomization_indexers.go).
func (k delivery) dropUnrelated() {
	closure := k.allAppliers()
	sources := k.knownSources()
	related := func(o facts.Object) bool {
		return slices.Contains(closure, o.Ref) ||
			slices.ContainsFunc(engines.All().Sources(o), func(r facts.Ref) bool { return slices.Contains(sources, r) })
	}
	k.filterList(request.ListedKustomizations(), related)
	k.filterList(request.AllKustomizations(), related)
}

// filterList drops what a list has and wanted refuses.
func (k delivery) filterList(query facts.Query, wanted func(facts.Object) bool) {
	l := k.List(query)
	kept := slices.DeleteFunc(slices.Clone(l.Items), func(ref facts.Ref) bool { return !wanted(k.Object(ref)) })
	if len(kept) == len(l.Items) {
		return
	}
	for _, ref := range l.Items {
		if !slices.Contains(kept, ref) {
			k.Drop(ref)
		}
	}
	l.Items = kept
	k.PutList(l, nil)
}
