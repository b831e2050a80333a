package checkout

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/build"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/clusters"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/files"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/postbuild"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// simulation is what the deliveries of a repository apply to each cluster. What no delivery applies is not in it.
type simulation struct {
	*loader
	sources  *sources
	all      []*delivery // in files
	declared []*delivery // those with this repository as their source
	applied  []appliedDelivery
	groups   []files.ListedGroup // nil before they are known
	// bootstrapped means that a delivery applies its own object, so that the repository declares what is applied.
	bootstrapped bool
	// values are the ConfigMaps and Secrets of each cluster that variables may come from.
	values map[string]map[facts.Ref]manifest.Object
}

// appliedDelivery is a delivery in one cluster.
type appliedDelivery struct {
	*delivery
	cluster string // of the object
	parent  *delivery
	objects []manifest.Object
	build   *build.Result
	missing []manifest.Problem // of its variables
}

// maxRounds bounds how often variables are substituted whose values contain variables.
const maxRounds = 3

// newSimulation applies the deliveries as the controllers would, from those that no other one applies.
func newSimulation(l *loader, own func(urls []string) ([]string, bool)) (*simulation, error) {
	all := l.declared()
	sources := newSources(l, all, own)
	if l.files.Include(sources.ignores()) {
		all = l.declared()
		sources = newSources(l, all, own)
	}
	sim := &simulation{loader: l, all: all, sources: sources}
	sim.declared = slices.DeleteFunc(slices.Clone(all), func(d *delivery) bool { return !d.isOurs })
	roots := sim.roots()
	assigned := clustersOf(roots)
	if names := l.options.Clusters; len(names) > 0 {
		var err error
		if roots, assigned, err = sim.entryPoints(names, roots); err != nil {
			return nil, err
		}
	}
	for range maxRounds {
		before := sim.values
		sim.apply(roots, assigned)
		if sim.collectValues(); postbuild.SameValues(before, sim.values) {
			break
		}
	}
	return sim, nil
}

// roots returns the deliveries that a person or a bootstrap applies: those that no other delivery yields, in whatever form,
// and that no kustomization.yaml leaves out, without archives. Of deliveries that yield each other it returns one.
func (sim *simulation) roots() []*delivery {
	parents := sim.parents()
	var roots []*delivery
	reached := map[*manifest.Document]bool{}
	var reach func(document *manifest.Document)
	reach = func(document *manifest.Document) {
		if reached[document] {
			return
		}
		reached[document] = true
		for child, by := range parents {
			if by[document] {
				reach(child)
			}
		}
	}
	for _, d := range sim.declared {
		if len(parents[d.Document]) == 0 && !sim.isUnlisted(d) {
			roots = append(roots, d)
			reach(d.Document)
		}
	}
	for _, generated := range []bool{true, false} { // the Kustomization of a FluxInstance is the entry point
		for _, d := range sim.declared {
			if d.isGenerated() == generated && !reached[d.Document] && clusters.IsInCircle(d.Document, parents) {
				d.isInCircle = true
				roots = append(roots, d)
				reach(d.Document)
			}
		}
	}
	sim.bootstrapped = slices.ContainsFunc(sim.declared, (*delivery).isBootstrap)
	return slices.DeleteFunc(roots, sim.isArchived)
}

// parents returns, for each document, the documents of the other deliveries that yield it.
func (sim *simulation) parents() map[*manifest.Document]map[*manifest.Document]bool {
	parents := map[*manifest.Document]map[*manifest.Document]bool{}
	holders := map[*manifest.Document]bool{}
	for _, d := range sim.declared {
		holders[d.Document] = true
	}
	for _, d := range sim.declared {
		for _, o := range sim.builder.Build(d.Delivery).Objects {
			if !holders[o.Document] || o.Document == d.Document {
				continue
			}
			if parents[o.Document] == nil {
				parents[o.Document] = map[*manifest.Document]bool{}
			}
			parents[o.Document][d.Document] = true
		}
	}
	return parents
}

// apply builds what the roots apply, and what that applies in turn.
func (sim *simulation) apply(roots []*delivery, clusters map[*delivery]string) {
	sim.applied = nil
	known := map[string]bool{}
	add := func(d *delivery, cluster string, parent *delivery) {
		if key := cluster + "\x00" + d.key(); !known[key] {
			known[key] = true
			sim.applied = append(sim.applied, appliedDelivery{delivery: d, cluster: cluster, parent: parent})
		}
	}
	for _, root := range roots {
		add(root, clusters[root], nil)
	}
	for i := 0; i < len(sim.applied) && sim.ctx.Err() == nil; i++ {
		d := &sim.applied[i]
		if d.isSuspended() {
			continue
		}
		d.build = sim.builder.Build(d.Delivery)
		d.objects, d.missing = sim.substitute(d)
		for _, o := range sim.applied[i].objects {
			for _, made := range sim.deliveriesOf(o) {
				if sim.sources.place(made) {
					add(made, sim.applied[i].target(sim.applied[i].cluster), sim.applied[i].delivery)
				}
			}
		}
	}
}

// emit records the objects, the problems and the files of the simulation in the Repository.
func (sim *simulation) emit() {
	type identity struct {
		cluster  string
		ref      facts.Ref
		document *manifest.Document
	}
	count := 0
	for _, d := range sim.applied {
		count += len(d.objects)
	}
	at := make(map[identity]int, count)
	sim.repository.Objects = make([]manifest.Object, 0, count)
	for _, d := range sim.applied {
		if d.build != nil {
			maps.Copy(sim.undecided, d.build.Undecided)
		}
	}
	for _, d := range sim.applied {
		sim.record(d)
		if d.Content.Cluster != "" {
			sim.repository.Remote = append(sim.repository.Remote, d.target(d.cluster))
		}
		by := []facts.Ref{d.Ref} // shared by its objects
		for _, o := range d.objects {
			o.Cluster = d.target(d.cluster)
			id := identity{o.Cluster, o.Ref, o.Document}
			i, known := at[id]
			if !known || o.Document == nil {
				at[id], o.AppliedBy = len(sim.repository.Objects), by
				sim.repository.Objects = append(sim.repository.Objects, o)
				continue
			}
			first := &sim.repository.Objects[i]
			first.AppliedBy = append(slices.Clone(first.AppliedBy), d.Ref)
			if !reflect.DeepEqual(first.Body.Object, o.Body.Object) {
				first.Others = append(first.Others, manifest.Form{By: d.Ref, Body: o.Body, Unresolved: o.Unresolved})
			}
		}
	}
	sim.sources.reportEmptyCopies()
	sim.cover()
}

func (sim *simulation) record(d appliedDelivery) {
	sim.reportPath(d)
	if !d.Content.AsIs && d.Document != nil {
		o := manifest.Object{Ref: d.Ref, Body: d.Body, Document: d.Document, File: d.File(), Cluster: d.cluster}
		sim.repository.Kustomizations = append(sim.repository.Kustomizations, manifest.Kustomization{Object: o, Folder: d.Folder})
	}
	if d.build == nil { // suspended: nothing else applies its files either
		for name := range sim.builder.Build(d.Delivery).Used {
			sim.used[name] = true
		}
		return
	}
	sim.keep(d.build)
	sim.repository.Problems = append(sim.repository.Problems, d.missing...)
	if sim.isUnapplied(d) && !sim.undecided[d.File()] {
		for i := len(sim.repository.Problems) - len(d.build.Problems) - len(d.missing); i < len(sim.repository.Problems); i++ {
			sim.repository.Problems[i].Unapplied = true
		}
	}
}

// reaches reports whether a delivery whose object is outside of a folder applies the folder, a part of it, or one around it.
func (sim *simulation) reaches(folder string) bool {
	return slices.ContainsFunc(sim.applied, func(d appliedDelivery) bool {
		overlap := strings.HasPrefix(d.Folder+"/", folder+"/") || strings.HasPrefix(folder+"/", d.Folder+"/")
		return overlap && !strings.HasPrefix(d.File(), folder+"/")
	})
}

// hasFlux reports whether a Kustomization of Flux declares what is applied.
func (sim *simulation) hasFlux() bool {
	return slices.ContainsFunc(sim.applied, func(d appliedDelivery) bool { return !d.Content.AsIs })
}
