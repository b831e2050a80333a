package checkout

import (
	"maps"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/build"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/clusters"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/files"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/postbuild"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// world is what the deliveries of a repository apply to each cluster. Whatever nobody applies is not in it.
type world struct {
	*loader
	sources  *sources
	all      []*delivery // in files
	declared []*delivery // those with this repository as their source
	applied  []appliedDelivery
	groups   []files.ListedGroup // nil before they are known
	// bootstrapped means that a delivery applies its own object, so that the repository says what is applied.
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

// newWorld applies the deliveries as the controllers would, from those that no other one applies.
func newWorld(l *loader, own func(urls []string) ([]string, bool)) (*world, error) {
	all := l.declared()
	sources := newSources(l, all, own)
	if l.files.Include(sources.ignores()) {
		all = l.declared()
		sources = newSources(l, all, own)
	}
	w := &world{loader: l, all: all, sources: sources}
	w.declared = slices.DeleteFunc(slices.Clone(all), func(d *delivery) bool { return !d.isOurs })
	roots := w.roots()
	assigned := clustersOf(roots)
	if names := l.options.Clusters; len(names) > 0 {
		var err error
		if roots, assigned, err = w.entryPoints(names, roots); err != nil {
			return nil, err
		}
	}
	for range maxRounds {
		before := w.values
		w.apply(roots, assigned)
		if w.collectValues(); postbuild.SameValues(before, w.values) {
			break
		}
	}
	return w, nil
}

// roots returns the deliveries that a person or a bootstrap applies: those that no other delivery yields, in whatever form,
// and that no kustomization.yaml leaves out, without archives. Of deliveries that yield each other it returns one.
func (w *world) roots() []*delivery {
	parents := w.parents()
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
	for _, d := range w.declared {
		if len(parents[d.Document]) == 0 && !w.isUnlisted(d) {
			roots = append(roots, d)
			reach(d.Document)
		}
	}
	for _, generated := range []bool{true, false} { // the Kustomization of a FluxInstance is the entry point
		for _, d := range w.declared {
			if d.isGenerated() == generated && !reached[d.Document] && clusters.IsInCircle(d.Document, parents) {
				d.isInCircle = true
				roots = append(roots, d)
				reach(d.Document)
			}
		}
	}
	w.bootstrapped = slices.ContainsFunc(w.declared, (*delivery).isBootstrap)
	return slices.DeleteFunc(roots, w.isArchived)
}

// parents returns, for each document, the documents of the other deliveries that yield it.
func (w *world) parents() map[*manifest.Document]map[*manifest.Document]bool {
	parents := map[*manifest.Document]map[*manifest.Document]bool{}
	holders := map[*manifest.Document]bool{}
	for _, d := range w.declared {
		holders[d.Document] = true
	}
	for _, d := range w.declared {
		for _, o := range w.builder.Build(d.Delivery).Objects {
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
func (w *world) apply(roots []*delivery, clusters map[*delivery]string) {
	w.applied = nil
	known := map[string]bool{}
	add := func(d *delivery, cluster string, parent *delivery) {
		if key := cluster + "\x00" + d.key(); !known[key] {
			known[key] = true
			w.applied = append(w.applied, appliedDelivery{delivery: d, cluster: cluster, parent: parent})
		}
	}
	for _, root := range roots {
		add(root, clusters[root], nil)
	}
	for i := 0; i < len(w.applied) && w.ctx.Err() == nil; i++ {
		d := &w.applied[i]
		if d.isSuspended() {
			continue
		}
		d.build = w.builder.Build(d.Delivery)
		d.objects, d.missing = w.substitute(d)
		for _, o := range w.applied[i].objects {
			for _, made := range w.deliveriesOf(o) {
				if w.sources.place(made) {
					add(made, w.applied[i].target(w.applied[i].cluster), w.applied[i].delivery)
				}
			}
		}
	}
}

// emit records the objects, the problems and the files of the world in the Repository.
func (w *world) emit() {
	type identity struct {
		cluster  string
		ref      facts.Ref
		document *manifest.Document
	}
	count := 0
	for _, d := range w.applied {
		count += len(d.objects)
	}
	at := make(map[identity]int, count)
	w.repository.Objects = make([]manifest.Object, 0, count)
	for _, d := range w.applied {
		if d.build != nil {
			maps.Copy(w.undecided, d.build.Undecided)
		}
	}
	for _, d := range w.applied {
		w.record(d)
		if d.Content.Cluster != "" {
			w.repository.Remote = append(w.repository.Remote, d.target(d.cluster))
		}
		by := []facts.Ref{d.Ref} // shared by its objects
		for _, o := range d.objects {
			o.Cluster = d.target(d.cluster)
			id := identity{o.Cluster, o.Ref, o.Document}
			i, known := at[id]
			if !known || o.Document == nil {
				at[id], o.AppliedBy = len(w.repository.Objects), by
				w.repository.Objects = append(w.repository.Objects, o)
				continue
			}
			w.repository.Objects[i].AppliedBy = append(slices.Clone(w.repository.Objects[i].AppliedBy), d.Ref)
		}
	}
	w.sources.reportEmptyCopies()
	w.cover()
}

func (w *world) record(d appliedDelivery) {
	w.reportPath(d)
	if !d.Content.AsIs && d.Document != nil {
		o := manifest.Object{Ref: d.Ref, Body: d.Body, Document: d.Document, File: d.File(), Cluster: d.cluster}
		w.repository.Kustomizations = append(w.repository.Kustomizations, manifest.Kustomization{Object: o, Folder: d.Folder})
	}
	if d.build == nil { // suspended: nothing else applies its files either
		for name := range w.builder.Build(d.Delivery).Used {
			w.used[name] = true
		}
		return
	}
	w.keep(d.build)
	w.repository.Problems = append(w.repository.Problems, d.missing...)
	if w.isUnapplied(d) && !w.undecided[d.File()] {
		for i := len(w.repository.Problems) - len(d.build.Problems) - len(d.missing); i < len(w.repository.Problems); i++ {
			w.repository.Problems[i].Unapplied = true
		}
	}
}

// reaches reports whether a delivery whose object is outside of a folder applies the folder, a part of it, or one around it.
func (w *world) reaches(folder string) bool {
	return slices.ContainsFunc(w.applied, func(d appliedDelivery) bool {
		overlap := strings.HasPrefix(d.Folder+"/", folder+"/") || strings.HasPrefix(folder+"/", d.Folder+"/")
		return overlap && !strings.HasPrefix(d.File(), folder+"/")
	})
}

// hasFlux reports whether a Kustomization of Flux says what is applied.
func (w *world) hasFlux() bool {
	return slices.ContainsFunc(w.applied, func(d appliedDelivery) bool { return !d.Content.AsIs })
}
