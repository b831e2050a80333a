package collect

import (
	"slices"
	"strconv"
	"strings"

	"github.com/fluxcd/pkg/apis/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// delivery asks for the objects that apply the subject's own, for what those need, and for their sources. Where all
// Kustomizations could be listed, only the sources are left to ask.
func (k *known) delivery() {
	for _, ref := range k.follow(k.appliers()) {
		o := k.Object(ref)
		k.eventsOf(o)
		k.leaseOf(o)
	}
}

// follow asks for appliers, for what they need, and for their sources, and returns the appliers that it knows of.
func (k *known) follow(appliers []facts.Ref) []facts.Ref {
	all := k.closureOf(appliers)
	for _, ref := range all {
		k.get(ref)
		k.sources(k.Object(ref), 0)
	}
	return all
}

// Delivery lists the appliers on the subject's way in a Snapshot: those of its own objects first, then what these need.
func Delivery(s *facts.Snapshot) []facts.Ref {
	return (&known{Snapshot: s, ns: s.Subject.Namespace, component: s.Subject.Component}).closure()
}

// maxSources bounds the chain of sources: chart, repository; generated artifact, generator, source, include.
const maxSources = 5

func (k *known) sources(o facts.Object, depth int) {
	if depth > maxSources {
		return
	}
	for _, source := range engines.All().Sources(o) {
		k.get(source)
		k.eventsOf(k.Object(source))
		k.leaseOf(k.Object(source))
		k.sources(k.Object(source), depth+1)
	}
}

// eventsOf asks for the warnings about an object that is not Ready: a later run overwrites its condition, but not its
// events (seen in the lab).
func (k *known) eventsOf(o facts.Object) {
	if o.Outcome != facts.Found || kinds.ConditionOf(o.Body, meta.ReadyCondition).True() || engines.All().Properties(o.Ref).NoConditions {
		return
	}
	k.list(facts.Query{
		Plane: o.Ref.Plane, Group: kinds.Core, Kind: "Event", Namespace: o.Ref.Namespace,
		Fields: warningsOf(o.Ref.Kind, o.Ref.Name),
	})
}

// closure is the set of appliers on the subject's way.
func (k *known) closure() []facts.Ref { return k.closureOf(k.appliers()) }

// closureOf adds parents and dependencies to appliers, each once, so that a cycle ends.
func (k *known) closureOf(open []facts.Ref) []facts.Ref {
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

// appliers are the objects whose labels stand on an object of the subject, and the listed ones whose inventory names it.
func (k *known) appliers() []facts.Ref {
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
		refs = append(refs, k.emptied()...)
	}
	return refs
}

// listedAppliers are the appliers of the engines whose objects are all read.
func (k *known) listedAppliers() []facts.Object {
	var all []facts.Object
	for _, q := range engines.All().Listed() {
		all = append(all, k.Of(q.Plane, q.Group, q.Kind)...)
	}
	return all
}

// emptied are the appliers that have deleted all that they had applied: suspects for a component that nobody speaks
// of any more.
func (k *known) emptied() []facts.Ref {
	var refs []facts.Ref
	for _, o := range k.listedAppliers() {
		if engines.All().HasPrunedAll(o) {
			refs = append(refs, o.Ref)
		}
	}
	return refs
}

// ownRefs are the subject's objects, as far as they are known by name.
func (k *known) ownRefs() []facts.Ref {
	refs := []facts.Ref{k.ref("Component", k.component), k.ref("Project", k.projectName())}
	for _, kind := range []string{"Workload", "ReleaseBinding"} {
		refs = append(refs, k.List(k.owned(kind, k.component)).Items...)
	}
	for _, kind := range []string{"ComponentRelease", "ProjectReleaseBinding", "Environment", "DeploymentPipeline"} {
		for _, o := range k.Of(facts.Control, kinds.OpenChoreo, kind) {
			refs = append(refs, o.Ref)
		}
	}
	for _, b := range k.ownedObjects("ReleaseBinding") {
		if name := kinds.Text(b.Body, "spec", "releaseName"); name != "" {
			refs = append(refs, k.ref("ComponentRelease", name))
		}
	}
	return refs
}

// trim drops what lists brought along and the subject does not need: the cells of other projects, and the inventory
// entries of everything else. An inventory of 16,000 entries is 1.4 MB; its full length is kept as an annotation.
func trim(s *facts.Snapshot) {
	k := &known{Snapshot: s, ns: s.Subject.Namespace, component: s.Subject.Component}
	if project := k.projectName(); project != "" {
		k.dropOtherCells(project)
	}
	own := k.ownRefs()
	for _, o := range k.listedAppliers() {
		trimInventory(o, k.ns, own)
	}
}

func (k *known) dropOtherCells(project string) {
	for _, q := range []facts.Query{k.listed("ProjectReleaseBinding"), k.all("ProjectReleaseBinding")} {
		k.keep(q, func(o facts.Object) bool { return kinds.Text(o.Body, "spec", "owner", "projectName") == project })
	}
}

// dropStrangers leaves the Kustomizations of other teams out, except those of the same source: a dependsOn cycle among
// these stops the events of all (kustomize-controller v1.9.3 internal/controller/kustomization_indexers.go).
func (k *known) dropStrangers() {
	closure := k.closure()
	sources := k.knownSources()
	related := func(o facts.Object) bool {
		return slices.Contains(closure, o.Ref) ||
			slices.ContainsFunc(engines.All().Sources(o), func(r facts.Ref) bool { return slices.Contains(sources, r) })
	}
	k.keep(listedKustomizations(), related)
	k.keep(allKustomizations(), related)
}

func allKustomizations() facts.Query {
	return facts.Query{Plane: facts.Control, Group: kinds.FluxKustomize, Kind: "Kustomization"}
}

// keep drops what a list brought along and wanted refuses.
func (k *known) keep(query facts.Query, wanted func(facts.Object) bool) {
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

// trimInventory keeps the entries that may still turn out to be the subject's: its own namespace's kinds that are asked
// for by name, and what is known already.
func trimInventory(ks facts.Object, namespace string, own []facts.Ref) {
	field, _, _ := unstructured.NestedFieldNoCopy(ks.Body.Object, "status", "inventory", "entries")
	items, _ := field.([]any)
	if len(items) == 0 || kinds.Annotation(ks.Body, kinds.AnnotationInventoryEntries) != "" {
		return
	}
	kept := []any{}
	for _, item := range items {
		entry, _ := item.(map[string]any)
		if e, ok := kinds.ParseInventoryID(kinds.String(entry, "id")); ok && (slices.Contains(own, engine.Ref(e)) || mayBeOurs(e, namespace, own)) {
			kept = append(kept, item)
		}
	}
	noteEntries(ks, len(items))
	_ = unstructured.SetNestedSlice(ks.Body.Object, kept, "status", "inventory", "entries")
}

// noteEntries notes how many entries an inventory had.
func noteEntries(ks facts.Object, n int) {
	annotations := ks.Body.GetAnnotations()
	if annotations == nil {
		annotations = map[string]string{}
	}
	annotations[kinds.AnnotationInventoryEntries] = strconv.Itoa(n)
	ks.Body.SetAnnotations(annotations)
}

// mayBeOurs keeps the releases of the component, whose names are only known once the bindings are read, and the bindings
// and cells that have gone since they were applied.
func mayBeOurs(e kinds.Reference, namespace string, own []facts.Ref) bool {
	component, project := own[0].Name, own[1].Name
	return e.Namespace == namespace && e.Group == kinds.OpenChoreo &&
		(strings.HasPrefix(e.Name, component) || (project != "" && e.Kind == "ProjectReleaseBinding" && strings.HasPrefix(e.Name, project)))
}
