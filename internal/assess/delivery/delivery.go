package delivery

import (
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Resolve finds how the component comes from Git, which all rungs ask for.
func Resolve(v *view.Component) *view.Component {
	v.Delivery.Direct = directAppliers(v)
	v.Delivery.Appliers = findDelivery(v)
	v.Delivery.OfComponent = slices.DeleteFunc(slices.Clone(v.Delivery.Appliers), func(d view.Applier) bool { return d.ProjectOnly })
	v.Delivery.Sources = findSources(v)
	v.Delivery.Leading = findLeadingOrigin(v)
	return v
}

// findDelivery visits a dependency or parent before what needs it.
func findDelivery(v *view.Component) []view.Applier {
	var order []view.Applier
	seen := map[facts.Ref]bool{}
	var visit func(ref facts.Ref, apart bool)
	visit = func(ref facts.Ref, apart bool) {
		if seen[ref] {
			return
		}
		seen[ref] = true
		o := applier(v, ref)
		for _, needed := range v.Engines.Prerequisites(o) {
			visit(needed, apart)
		}
		order = append(order, view.Applier{Object: o, Direct: slices.Contains(v.Delivery.Direct, ref), ProjectOnly: apart})
	}
	for _, ref := range v.Delivery.Direct {
		visit(ref, false)
	}
	for _, ref := range appliersOf(v, projectRefs(v)) {
		visit(ref, true)
	}
	return order
}

// applier is what is known of ref. A complete list of its kind without it shows that it does not exist.
func applier(v *view.Component, ref facts.Ref) facts.Object {
	o := v.Object(ref)
	all := v.Listed(ref.Plane, ref.Group, ref.Kind, "")
	if o.Outcome == facts.NotAsked && v.Engines.Properties(ref).IsListed && all.Outcome == facts.Found && !all.Truncated {
		o.Outcome = facts.Absent
	}
	return o
}

// directAppliers apply the component's own objects. Where nothing shows who applied a missing component, whoever
// applies its project is the next suspect, and then whoever has deleted all that it had applied.
func directAppliers(v *view.Component) []facts.Ref {
	own := componentRefs(v)
	refs := appliersOf(v, own)
	if len(refs) > 0 || v.Object(own[0]).Outcome == facts.Found {
		return refs
	}
	if refs = appliersOf(v, projectRefs(v)); len(refs) == 0 && v.Object(own[0]).Outcome == facts.Absent {
		for _, ks := range prunedAll(v) {
			refs = append(refs, ks.Ref)
		}
	}
	return refs
}

// appliersOf are found twice over: by the labels on the live objects, and by the inventories, which still name an object
// that has vanished. The Component's own applier comes first.
func appliersOf(v *view.Component, objects []facts.Ref) []facts.Ref {
	var refs []facts.Ref
	add := func(ref facts.Ref) {
		if !slices.Contains(refs, ref) {
			refs = append(refs, ref)
		}
	}
	for _, ref := range objects {
		for _, applier := range v.Engines.AppliedBy(v.Object(ref)) {
			add(applier)
		}
	}
	for _, ref := range objects {
		for _, applier := range AppliedBy(v, ref) {
			add(applier.Ref)
		}
	}
	return refs
}

// prunedAll are the listed appliers that applied nothing at their last run and delete what they do not apply: the first
// suspects for a component that no object names any more (seen in the lab).
func prunedAll(v *view.Component) []facts.Object {
	var found []facts.Object
	for _, q := range v.Engines.Listed() {
		for _, o := range v.Of(q.Plane, q.Group, q.Kind) {
			if v.Engines.HasPrunedAll(o) {
				found = append(found, o)
			}
		}
	}
	return found
}

// declared are the subject's objects that Git is expected to hold, the Component first.
func declared(v *view.Component) []facts.Ref { return append(componentRefs(v), projectRefs(v)...) }

// IsOurs reports whether a message that blames an object, perhaps without its namespace, means one of the subject's.
func IsOurs(v *view.Component, blamed facts.Ref) bool {
	for _, ref := range declared(v) {
		if ref.Kind == blamed.Kind && ref.Name == blamed.Name && (blamed.Namespace == "" || ref.Namespace == blamed.Namespace) {
			return true
		}
	}
	return false
}

// componentRefs are those of the component alone.
func componentRefs(v *view.Component) []facts.Ref {
	refs := []facts.Ref{v.Ref("Component", v.ComponentName)}
	for _, kind := range []string{"Workload", "ReleaseBinding", "ComponentRelease"} {
		for _, o := range v.OwnedBy(kind, v.ComponentName) {
			refs = append(refs, o.Ref)
		}
	}
	return refs
}

func projectRefs(v *view.Component) []facts.Ref {
	if v.ProjectName == "" {
		return nil
	}
	return []facts.Ref{v.Ref("Project", v.ProjectName)}
}

// AppliedBy returns the appliers whose inventory holds ref.
func AppliedBy(v *view.Component, ref facts.Ref) []facts.Object {
	var found []facts.Object
	for _, q := range v.Engines.Appliers() {
		for _, o := range v.Of(q.Plane, q.Group, q.Kind) {
			if v.InventoryHas(o, ref) {
				found = append(found, o)
			}
		}
	}
	return found
}

// listedAppliers is the answer to the questions for all objects of the engines that are listed, in the form that NoAnswer takes: the
// first that was not answered.
func listedAppliers(v *view.Component) (facts.Ref, facts.Outcome, string) {
	for _, q := range v.Engines.Listed() {
		if ref, outcome, reason := listed(v, facts.Ref{Plane: q.Plane, Group: q.Group, Kind: q.Kind}); outcome != facts.Found {
			return ref, outcome, reason
		}
	}
	return facts.Ref{}, facts.Found, ""
}

func listed(v *view.Component, ref facts.Ref) (facts.Ref, facts.Outcome, string) {
	l := v.Listed(ref.Plane, ref.Group, ref.Kind, "")
	if l.Truncated && len(v.Delivery.Direct) == 0 { // one of those that were not read may deliver it
		if v.Engines.NeverApplied(v.Object(v.Ref("Component", v.ComponentName))) {
			return ref, facts.Found, ""
		}
		l = v.List(facts.Query{Plane: ref.Plane, Group: ref.Group, Kind: ref.Kind})
	}
	switch {
	case l.Outcome == facts.NoKind:
		return ref, facts.Found, "" // it is not installed: applied by hand, or by another engine
	case l.Truncated && len(v.Delivery.Direct) == 0:
		return ref, facts.NotAsked, ""
	}
	return ref, l.Outcome, l.Reason
}

// isAppliedByHand reports whether it is known that nothing delivers the component: then nothing shows which revision it is of.
func isAppliedByHand(v *view.Component) bool {
	_, outcome, _ := listedAppliers(v)
	return outcome == facts.Found && len(v.Delivery.Direct) == 0
}

// hasNoSource reports whether it is known that what delivers the component takes nothing from a source, as a ResourceSet
// that is applied by hand: then, too, nothing shows which revision it is of.
func hasNoSource(v *view.Component) bool {
	_, outcome, _ := listedAppliers(v)
	return outcome == facts.Found && len(v.Delivery.Sources) == 0 && !slices.ContainsFunc(v.Delivery.OfComponent, func(d view.Applier) bool {
		_, fetches := v.Engines.Fetched(d.Object)
		return fetches || d.Object.Outcome != facts.Found
	})
}

// primaryApplier names the applier of the Component itself, or the first of the others.
func primaryApplier(v *view.Component) string {
	for _, ref := range v.Delivery.Direct {
		return ApplierName(v, ref)
	}
	return ""
}

// ApplierName leaves out the kind that is the usual one.
func ApplierName(v *view.Component, ref facts.Ref) string {
	if v.Engines.Properties(ref).IsListed {
		return ref.Name
	}
	return ref.Kind + " " + ref.Name
}
