package checkout

import (
	"cmp"
	"path"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// delivery is a folder that an object of an engine applies, such as a Kustomization. The object comes from a file or from the
// build of another delivery.
type delivery struct {
	ref      facts.Ref
	body     *unstructured.Unstructured
	document *manifest.Document
	url      string // of its repository, if the object contains it
	folder   string
	asIs     bool
	built    []manifest.Object
	parents  []*delivery // the deliveries that apply it
	// superseded means that a parent changes this document before it applies it. The unchanged document is not applied.
	superseded bool
	clusters   []string
}

// deliveriesOf returns the folders that an object applies. asIs selects those that are applied without a generated
// kustomization.yaml.
func deliveriesOf(o manifest.Object, asIs bool) []*delivery {
	var found []*delivery
	for _, c := range engines.All().Contents(facts.Object{Ref: o.Ref, Body: o.Body}) {
		if c.AsIs == asIs {
			folder := cmp.Or(strings.TrimPrefix(path.Clean("/"+c.Path), "/"), ".")
			found = append(found, &delivery{ref: o.Ref, body: o.Body, document: o.Document, url: c.URL, folder: folder, asIs: asIs})
		}
	}
	return found
}

// deliveries returns the Kustomizations whose source is this repository.
func (l *loader) deliveries(own func(urls []string) []string) []*delivery {
	l.urls = l.sourceURLs()
	urls := sortedValues(l.urls)
	for _, d := range l.declared(true) {
		urls = append(urls, d.url)
	}
	l.own = own(urls)
	return slices.DeleteFunc(l.declared(false), func(d *delivery) bool { return !l.isOurs(d) })
}

// declared returns the folders of all objects in files. asIs selects those that are applied without a generated
// kustomization.yaml.
func (l *loader) declared(asIs bool) []*delivery {
	var found []*delivery
	for _, name := range l.tree.Names {
		for _, d := range l.documents[name] {
			found = append(found, deliveriesOf(manifest.Object{Ref: d.Ref, Body: d.Body, Document: d}, asIs)...)
		}
	}
	return found
}

// isOurs reports whether the source of a Kustomization is this repository. It is not if the checkout contains a source with the
// URL of another repository. It is not if the checkout contains neither the source nor the path.
func (l *loader) isOurs(d *delivery) bool {
	url, declared := l.urls[engines.All().SourceOf(facts.Object{Ref: d.ref, Body: d.body})]
	if declared {
		return len(l.own) == 0 || slices.Contains(l.own, url)
	}
	return l.tree.HasFolder(d.folder)
}

// sourceURLs returns the URLs of the GitRepositories in the checkout.
func (l *loader) sourceURLs() map[facts.Ref]string {
	urls := map[facts.Ref]string{}
	for _, name := range l.tree.Names {
		for _, d := range l.documents[name] {
			if d.Ref.Group == kinds.FluxSource && d.Ref.Kind == "GitRepository" {
				urls[d.Ref] = kinds.Text(d.Body, "spec", "url")
			}
		}
	}
	return urls
}

// deliver builds all deliveries, including the deliveries among their objects.
func (l *loader) deliver(all []*delivery) {
	for i := 0; i < len(all) && l.ctx.Err() == nil; i++ {
		d := all[i]
		d.built = l.builder.build(d)
		for _, o := range d.built {
			for _, made := range deliveriesOf(o, false) {
				all = l.adopt(all, d, made)
			}
		}
	}
	all = slices.DeleteFunc(all, func(d *delivery) bool { return d.superseded })
	assignClusters(all)
	for _, d := range all {
		if d.asIs {
			continue
		}
		o := manifest.Object{Ref: d.ref, Body: d.body, Document: d.document}
		if d.document != nil {
			o.File = d.document.Place.File
		}
		l.repository.Kustomizations = append(l.repository.Kustomizations, manifest.Kustomization{Object: o, Folder: d.folder})
	}
	l.report(all)
	l.emit(all)
}

// adopt records that parent applies a delivery. If parent changes the object first, the changed object replaces the original.
func (l *loader) adopt(all []*delivery, parent, made *delivery) []*delivery {
	for _, d := range all {
		if d.ref == made.ref && d.folder == made.folder && d.document == made.document && reflect.DeepEqual(d.body.Object["spec"], made.body.Object["spec"]) {
			d.parents = append(d.parents, parent)
			return all
		}
	}
	for _, d := range all {
		if d.document == made.document && made.document != nil && len(d.parents) == 0 {
			d.superseded = true
		}
	}
	made.parents = []*delivery{parent}
	if !l.isOurs(made) {
		return all
	}
	return append(all, made)
}

// report reports missing paths. It skips paths that depend on a variable or a patch, which are not known.
func (l *loader) report(all []*delivery) {
	for _, d := range all {
		if l.tree.HasFolder(d.folder) || strings.Contains(d.folder, "${") || d.document == nil {
			continue
		}
		place := d.document.At("spec.path")
		l.problem(manifest.PathAbsent, place, d.ref, "spec.path "+kinds.Text(d.body, "spec", "path")+" is no folder of this repository")
	}
}

// emit adds one object for each document and cluster, with all Kustomizations that apply it.
func (l *loader) emit(all []*delivery) {
	type key struct {
		cluster  string
		ref      facts.Ref
		document *manifest.Document
	}
	at := map[key]int{}
	for _, d := range all {
		for _, o := range d.built {
			for _, cluster := range d.clusters {
				k := key{cluster, o.Ref, o.Document}
				i, known := at[k]
				if !known || o.Document == nil {
					i = len(l.repository.Objects)
					at[k] = i
					o.Cluster = cluster
					l.repository.Objects = append(l.repository.Objects, o)
				}
				l.repository.Objects[i].AppliedBy = append(slices.Clone(l.repository.Objects[i].AppliedBy), d.ref)
			}
		}
	}
}

func sortedValues(m map[facts.Ref]string) []string {
	var values []string
	for _, v := range m {
		values = append(values, v)
	}
	slices.Sort(values)
	return values
}
