package collect

import (
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect/request"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// requestInventories searches all Kustomizations, however many, if only an inventory can show what has happened: the Component
// is absent, nothing on it names its applier, or an environment that must be bound is not. The appliers that labels name are
// read first: the object is mostly in one of their inventories.
func (k delivery) requestInventories() {
	if !k.List(request.ListedKustomizations()).Truncated || k.appliersPending() {
		return
	}
	component := k.Object(k.Ref("Component", k.Component))
	switch {
	case component.Outcome == facts.Found && (len(engines.All().AppliedBy(component)) > 0 || engines.All().NeverApplied(component)):
		if k.bindingMissing() {
			k.RequestSearch(request.AllKustomizations())
		}
	case !k.isApplied(component.Ref):
		k.RequestSearch(request.AllKustomizations())
	}
}

// appliersPending reports whether objects that may name an applier, or an applier that they name, are still to be read.
func (k delivery) appliersPending() bool {
	open := func(ref facts.Ref) bool { return k.Object(ref).Outcome == facts.NotAsked && !k.Covered(ref) }
	for _, kind := range []string{"Workload", "ReleaseBinding"} {
		for _, o := range k.ownedObjects(kind) {
			if open(o.Ref) && (kind != "ReleaseBinding" || k.wantedBinding(o)) {
				return true
			}
		}
	}
	return slices.ContainsFunc(k.appliers(), open)
}

// isApplied reports whether ref is in an inventory that was read.
func (k delivery) isApplied(ref facts.Ref) bool {
	return k.inventoryHas(func(e facts.Ref) bool { return e == ref })
}

func (k delivery) inventoryHas(entry func(facts.Ref) bool) bool {
	return slices.ContainsFunc(k.listedAppliers(), func(o facts.Object) bool {
		return slices.ContainsFunc(engines.All().Inventory(o), entry)
	})
}

// bindingMissing reports whether a wanted environment has no binding, or none has if all are wanted, and no inventory that was
// read has one with the name that occ gives (openchoreo v1.2.3 internal/occ).
func (k delivery) bindingMissing() bool {
	bound := k.environmentNames()
	if len(k.Subject.Environments) == 0 {
		return len(bound) == 0 && !k.inventoryHas(func(e facts.Ref) bool {
			return e.Kind == "ReleaseBinding" && e.Namespace == k.Namespace && strings.HasPrefix(e.Name, k.Component+"-")
		})
	}
	return slices.ContainsFunc(k.Subject.Environments, func(name string) bool {
		return !slices.Contains(bound, name) && !k.isApplied(k.Ref("ReleaseBinding", k.Component+"-"+name))
	})
}
