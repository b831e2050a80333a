package trace

import (
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// delivered is one applier on the way of the subject: a Kustomization, HelmRelease, ResourceSet, FluxInstance, or an
// Argo CD Application.
type delivered struct {
	object facts.Object
	direct bool // it applies one of the component's own objects; else something that needs it does
	apart  bool // only the project needs it: the component comes by others, or by hand
}

// way is how the component comes from Git. All rungs ask for it, so it is found once.
type way struct {
	direct   []facts.Ref // the appliers of the component's own objects, the Component's first
	delivery []delivered // these and what they need, causes first; what only the project needs stands last
	ours     []delivered // without what only the project needs
	sources  []tracked   // of ours, each before what it takes its content from
	leading  origin      // whose revision is wanted, where nobody asks for another
}

func (v *view) findWay() {
	v.way.direct = v.directAppliers()
	v.way.delivery = v.findDelivery()
	v.way.ours = slices.DeleteFunc(slices.Clone(v.way.delivery), func(d delivered) bool { return d.apart })
	v.way.sources = v.findSources()
	v.way.leading = v.findLeading()
}

// findDelivery visits a dependency or parent before what needs it.
func (v *view) findDelivery() []delivered {
	var order []delivered
	seen := map[facts.Ref]bool{}
	var visit func(ref facts.Ref, apart bool)
	visit = func(ref facts.Ref, apart bool) {
		if seen[ref] {
			return
		}
		seen[ref] = true
		o := v.applier(ref)
		for _, needed := range needs(o) {
			visit(needed, apart)
		}
		order = append(order, delivered{object: o, direct: slices.Contains(v.way.direct, ref), apart: apart})
	}
	for _, ref := range v.way.direct {
		visit(ref, false)
	}
	for _, ref := range v.claimants(v.projectRefs()) {
		visit(ref, true)
	}
	return order
}

// applier is what is known of ref. A complete list of Kustomizations without it says that it is not there.
func (v *view) applier(ref facts.Ref) facts.Object {
	o := v.Object(ref)
	all := v.Listed(facts.Control, kinds.FluxKustomize, "Kustomization", "")
	if o.Outcome == facts.NotAsked && ref.Kind == "Kustomization" && all.Outcome == facts.Found && !all.Truncated {
		o.Outcome = facts.Absent
	}
	return o
}

// needs is what must be right before an applier can be: its parent, then its dependencies. The root of a bootstrap is
// its own parent (kustomize-controller v1.9.3 kustomization_controller.go).
func needs(o facts.Object) []facts.Ref {
	return append(appliersOf(o), dependencies(o)...)
}

func dependencies(o facts.Object) []facts.Ref { return control(kinds.DependsOn(o.Body)) }

// appliersOf are the objects that say, on o itself, that they deliver it.
func appliersOf(o facts.Object) []facts.Ref { return control(kinds.Appliers(o.Body)) }

// control are the places of references in the Snapshot.
func control(references []kinds.Reference) []facts.Ref {
	var refs []facts.Ref
	for _, r := range references {
		refs = append(refs, facts.Ref{Plane: facts.Control, Group: r.Group, Kind: r.Kind, Namespace: r.Namespace, Name: r.Name})
	}
	return refs
}

// directAppliers apply the component's own objects. Where nothing says who applied a component that is not there, whoever
// applies its project is the next suspect, and then whoever has deleted all that it had applied.
func (v *view) directAppliers() []facts.Ref {
	own := v.own()
	refs := v.claimants(own)
	if len(refs) > 0 || v.Object(own[0]).Outcome == facts.Found {
		return refs
	}
	if refs = v.claimants(v.projectRefs()); len(refs) == 0 && v.Object(own[0]).Outcome == facts.Absent {
		for _, ks := range v.emptied() {
			refs = append(refs, ks.Ref)
		}
	}
	return refs
}

// claimants are found twice over: by the labels on the live objects, and by the inventories, which still name an object
// that has vanished. The Component's own applier comes first.
func (v *view) claimants(objects []facts.Ref) []facts.Ref {
	var refs []facts.Ref
	add := func(ref facts.Ref) {
		if !slices.Contains(refs, ref) {
			refs = append(refs, ref)
		}
	}
	for _, ref := range objects {
		for _, applier := range appliersOf(v.Object(ref)) {
			add(applier)
		}
	}
	for _, ref := range objects {
		for _, applier := range v.appliedBy(ref) {
			add(applier.Ref)
		}
	}
	return refs
}

// emptied are the Kustomizations that applied nothing at their last run and delete what they do not apply: the first
// suspects for a component that nobody speaks of any more (seen in the lab).
func (v *view) emptied() []facts.Object {
	return slices.DeleteFunc(v.Of(facts.Control, kinds.FluxKustomize, "Kustomization"), func(ks facts.Object) bool {
		return !kinds.Emptied(ks.Body)
	})
}

// declared are the subject's objects that Git is expected to hold, the Component first.
func (v *view) declared() []facts.Ref { return append(v.own(), v.projectRefs()...) }

// own are those of the component alone.
func (v *view) own() []facts.Ref {
	refs := []facts.Ref{v.ref("Component", v.component)}
	for _, kind := range []string{"Workload", "ReleaseBinding", "ComponentRelease"} {
		for _, o := range v.ownedBy(kind, v.component) {
			refs = append(refs, o.Ref)
		}
	}
	return refs
}

func (v *view) projectRefs() []facts.Ref {
	if v.project == "" {
		return nil
	}
	return []facts.Ref{v.ref("Project", v.project)}
}

// appliedBy returns the appliers whose inventory holds ref.
func (v *view) appliedBy(ref facts.Ref) []facts.Object {
	entry := kinds.Reference{Group: ref.Group, Kind: ref.Kind, Namespace: ref.Namespace, Name: ref.Name}
	var found []facts.Object
	for _, kind := range []kinds.Reference{
		{Group: kinds.FluxKustomize, Kind: "Kustomization"},
		{Group: kinds.FluxHelm, Kind: "HelmRelease"},
		{Group: kinds.FluxOperator, Kind: "ResourceSet"},
		{Group: kinds.FluxOperator, Kind: "FluxInstance"},
		{Group: kinds.ArgoCD, Kind: "Application"},
	} {
		for _, o := range v.Of(facts.Control, kind.Group, kind.Kind) {
			if v.applies(o, entry) {
				found = append(found, o)
			}
		}
	}
	return found
}

// kustomizationList is the answer to the question for all Kustomizations, in the form that unanswered takes.
func (v *view) kustomizationList() (facts.Ref, facts.Outcome, string) {
	l := v.Listed(facts.Control, kinds.FluxKustomize, "Kustomization", "")
	ref := facts.Ref{Plane: facts.Control, Group: kinds.FluxKustomize, Kind: "Kustomization"}
	if l.Outcome == facts.NoKind {
		return ref, facts.Found, "" // no Flux at all: applied by hand, or by another engine
	}
	return ref, l.Outcome, l.Reason
}

// byHand reports whether it is known that nothing delivers the component: then nothing says which revision it is of.
func (v *view) byHand() bool {
	_, outcome, _ := v.kustomizationList()
	return outcome == facts.Found && len(v.way.direct) == 0
}

// sourceless reports whether it is known that what delivers the component takes nothing from a source, as a ResourceSet
// that is applied by hand: then, too, nothing says which revision it is of.
func (v *view) sourceless() bool {
	_, outcome, _ := v.kustomizationList()
	return outcome == facts.Found && len(v.way.sources) == 0 && !slices.ContainsFunc(v.way.ours, func(d delivered) bool {
		return d.object.Ref.Kind == "Application" || d.object.Outcome != facts.Found
	})
}

// speaker names the applier of the Component itself, or the first of the others.
func (v *view) speaker() string {
	for _, ref := range v.way.direct {
		return applierName(ref)
	}
	return ""
}

// applierName leaves out the kind that is the usual one.
func applierName(ref facts.Ref) string {
	if ref.Kind == "Kustomization" {
		return ref.Name
	}
	return ref.Kind + " " + ref.Name
}
