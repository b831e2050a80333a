package collect

import (
	"slices"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect/request"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// delivery reads what applies the subject's objects, with its parents, dependencies and sources.
type delivery struct{ subject }

func deliveryOf(s *facts.Snapshot) delivery { return delivery{subject{request.New(s)}} }

// requestDelivery requests the objects that apply the subject's own, their parents and dependencies, and their sources. If all
// Kustomizations could be listed, only the sources are left to request.
func (k delivery) requestDelivery() {
	for _, ref := range k.requestAppliers(k.appliers()) {
		o := k.Object(ref)
		k.requestEventsOf(o)
		k.requestControllerOf(o)
	}
}

// requestAppliers requests appliers, their parents and dependencies, and their sources, and returns all that are known.
func (k delivery) requestAppliers(appliers []facts.Ref) []facts.Ref {
	all := k.withPrerequisites(appliers)
	for _, ref := range all {
		k.RequestObject(ref)
		k.requestSources(k.Object(ref), 0)
	}
	return all
}

// Delivery lists the appliers of the subject in a Snapshot: those of its own objects first, then their parents and dependencies.
func Delivery(s *facts.Snapshot) []facts.Ref {
	return deliveryOf(s).allAppliers()
}

// maxSources bounds the chain of sources: chart, repository; generated artifact, generator, source, include.
const maxSources = 5

func (k delivery) requestSources(o facts.Object, depth int) {
	if depth > maxSources {
		return
	}
	for _, source := range engines.All().Sources(o) {
		k.RequestObject(source)
		k.requestEventsOf(k.Object(source))
		k.requestControllerOf(k.Object(source))
		k.requestSources(k.Object(source), depth+1)
	}
}

// requestEventsOf requests the warnings about an object that is not Ready: a later run overwrites its condition, but not its
// events (seen in the lab).
func (k delivery) requestEventsOf(o facts.Object) {
	if o.Outcome != facts.Found || kinds.ConditionOf(o.Body, meta.ReadyCondition).True() || engines.All().Properties(o.Ref).NoConditions {
		return
	}
	k.RequestList(facts.Query{
		Plane: o.Ref.Plane, Group: kinds.Core, Kind: "Event", Namespace: o.Ref.Namespace,
		Fields: request.WarningsOf(o.Ref.Kind, o.Ref.Name),
	})
}

// allAppliers are the appliers of the subject with their parents and dependencies.
func (k delivery) allAppliers() []facts.Ref { return k.withPrerequisites(k.appliers()) }

// withPrerequisites adds parents and dependencies to appliers, each once, so that a cycle ends.
func (k delivery) withPrerequisites(open []facts.Ref) []facts.Ref {
	var seen []facts.Ref
	for len(open) > 0 {
		ref := open[0]
		open = open[1:]
		if slices.Contains(seen, ref) {
			continue
		}
		seen = append(seen, ref)
		open = append(open, engines.All().Prerequisites(k.Object(ref))...)
	}
	return seen
}

// appliers are the objects that labels on an object of the subject name, and the listed ones with an object of the subject in
// their inventory.
func (k delivery) appliers() []facts.Ref {
	var refs []facts.Ref
	own := k.ownRefs()
	for _, ref := range own {
		refs = append(refs, engines.All().AppliedBy(k.Object(ref))...)
	}
	for _, o := range k.listedAppliers() {
		if slices.ContainsFunc(engines.All().Inventory(o), func(e facts.Ref) bool { return slices.Contains(own, e) }) {
			refs = append(refs, o.Ref)
		}
	}
	if len(refs) == 0 && k.Object(own[0]).Outcome == facts.Absent {
		refs = append(refs, k.prunedAll()...)
	}
	return refs
}

// listedAppliers are the appliers of the engines whose objects are all read.
func (k delivery) listedAppliers() []facts.Object {
	var all []facts.Object
	for _, q := range engines.All().Listed() {
		all = append(all, k.Of(q.Plane, q.Group, q.Kind)...)
	}
	return all
}

// prunedAll are the appliers that have pruned everything that they had applied: they may have pruned a component that nothing
// else mentions.
func (k delivery) prunedAll() []facts.Ref {
	var refs []facts.Ref
	for _, o := range k.listedAppliers() {
		if engines.All().HasPrunedAll(o) {
			refs = append(refs, o.Ref)
		}
	}
	return refs
}

// knownSources are the sources of all appliers.
func (k delivery) knownSources() []facts.Ref {
	var sources []facts.Ref
	for _, ref := range k.allAppliers() {
		sources = append(sources, engines.All().Sources(k.Object(ref))...)
	}
	return sources
}
