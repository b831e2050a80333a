package trace

import (
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// delivered is one Kustomization on the way of the subject.
type delivered struct {
	object facts.Object
	direct bool // it applies one of the subject's own objects; else something it depends on, or its parent
}

// delivery returns the Kustomizations that apply the subject's objects, and what those need, causes first:
// a dependency or parent stands before what needs it.
func (v *view) delivery() []delivered {
	var order []delivered
	seen := map[facts.Ref]bool{}
	direct := v.directKustomizations()
	var visit func(ref facts.Ref)
	visit = func(ref facts.Ref) {
		if seen[ref] {
			return
		}
		seen[ref] = true
		o := v.Object(ref)
		for _, needed := range v.needs(o) {
			visit(needed)
		}
		order = append(order, delivered{object: o, direct: slices.Contains(direct, ref)})
	}
	for _, ref := range direct {
		visit(ref)
	}
	return order
}

// needs is what must be right before a Kustomization can be: its parent, then its dependencies. The root of a
// bootstrap is its own parent (kustomize-controller v1.9.3 kustomization_controller.go).
func (v *view) needs(ks facts.Object) []facts.Ref {
	var refs []facts.Ref
	if parent, ok := kinds.OwnerKustomization(ks.Body); ok {
		refs = append(refs, kustomizationRef(parent.Namespace, parent.Name))
	}
	return append(refs, dependencies(ks)...)
}

func kustomizationRef(namespace, name string) facts.Ref {
	return facts.Ref{Plane: facts.Control, Group: kinds.FluxKustomize, Kind: "Kustomization", Namespace: namespace, Name: name}
}

// directKustomizations finds the appliers twice over: by the labels on the live objects, and by the inventories,
// which still name an object that has vanished. The Component's own applier comes first.
func (v *view) directKustomizations() []facts.Ref {
	var refs []facts.Ref
	add := func(ref facts.Ref) {
		if !slices.Contains(refs, ref) {
			refs = append(refs, ref)
		}
	}
	declared := v.declared()
	for _, ref := range declared {
		if owner, ok := kinds.OwnerKustomization(v.Object(ref).Body); ok {
			add(kustomizationRef(owner.Namespace, owner.Name))
		}
	}
	for _, ks := range v.Of(facts.Control, kinds.FluxKustomize, "Kustomization") {
		for _, entry := range kinds.Inventory(ks.Body) {
			if slices.ContainsFunc(declared, func(r facts.Ref) bool { return names(entry, r) }) {
				add(ks.Ref)
			}
		}
	}
	return refs
}

// declared are the subject's objects that Git is expected to hold, the Component first.
func (v *view) declared() []facts.Ref {
	refs := []facts.Ref{v.ref("Component", v.component)}
	for _, kind := range []string{"Workload", "ReleaseBinding", "ComponentRelease"} {
		for _, o := range v.ownedBy(kind, v.component) {
			refs = append(refs, o.Ref)
		}
	}
	if v.project != "" {
		refs = append(refs, v.ref("Project", v.project))
	}
	return refs
}

func names(entry kinds.InventoryEntry, r facts.Ref) bool {
	return entry.Group == r.Group && entry.Kind == r.Kind && entry.Namespace == r.Namespace && entry.Name == r.Name
}

// appliedBy returns the Kustomizations whose inventory holds ref.
func (v *view) appliedBy(ref facts.Ref) []facts.Object {
	return slices.DeleteFunc(v.Of(facts.Control, kinds.FluxKustomize, "Kustomization"), func(ks facts.Object) bool {
		return !slices.ContainsFunc(kinds.Inventory(ks.Body), func(e kinds.InventoryEntry) bool { return names(e, ref) })
	})
}

// kustomizationList is the answer to the question for all Kustomizations, in the form that unanswered takes.
func (v *view) kustomizationList() (facts.Ref, facts.Outcome, string) {
	l := v.Listed(facts.Control, kinds.FluxKustomize, "Kustomization", "")
	ref := facts.Ref{Plane: facts.Control, Group: kinds.FluxKustomize, Kind: "Kustomization"}
	if l.Outcome == facts.NoKind {
		return ref, facts.Found, "" // no Flux at all: applied by hand
	}
	return ref, l.Outcome, l.Reason
}
