package checkout

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/postbuild"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// substitute applies spec.postBuild.
func (w *world) substitute(d *appliedDelivery) (objects []manifest.Object, problems []manifest.Problem) {
	v := postbuild.VariablesOf(d.Body, w.options.LenientSubstitution, func(ref facts.Ref) (*unstructured.Unstructured, bool) {
		o, known := w.valueOf(ref, d)
		return o.Body, known
	})
	return v.Substitute(d.Body, d.build.Objects)
}

// valueOf finds an object that variables come from: the one that is applied to the cluster of the Kustomization, else the one
// nearest to it among those that are applied nowhere, as a bootstrap may apply them.
func (w *world) valueOf(ref facts.Ref, d *appliedDelivery) (manifest.Object, bool) {
	if o, applied := w.values[d.cluster][ref]; applied {
		return o, true
	}
	var nearest *manifest.Document
	for _, document := range w.byRef(ref) {
		if w.isApplied(document) {
			continue
		}
		if nearest == nil || len(tree.CommonFolder(document.Place.File, d.File())) > len(tree.CommonFolder(nearest.Place.File, d.File())) {
			nearest = document
		}
	}
	if nearest == nil {
		return manifest.Object{}, false
	}
	return manifest.Object{Ref: ref, Body: nearest.Body, Document: nearest}, true
}

// byRef returns the documents of an object.
func (w *world) byRef(ref facts.Ref) []*manifest.Document {
	if w.documentsByRef == nil {
		w.documentsByRef = map[facts.Ref][]*manifest.Document{}
		for _, name := range w.tree.Names {
			for _, document := range w.files.Documents[name] {
				if document.Ref.Kind == "ConfigMap" || document.Ref.Kind == "Secret" {
					w.documentsByRef[document.Ref] = append(w.documentsByRef[document.Ref], document)
				}
			}
		}
	}
	return w.documentsByRef[ref]
}

func (w *world) isApplied(document *manifest.Document) bool {
	for _, cluster := range w.values {
		for _, o := range cluster {
			if o.Document == document {
				return true
			}
		}
	}
	return false
}

// collectValues collects the objects that variables come from, as they are applied to each cluster.
func (w *world) collectValues() {
	wanted := map[string]map[facts.Ref]bool{}
	for _, d := range w.applied {
		for _, ref := range postbuild.Sources(d.Body) {
			if wanted[d.cluster] == nil {
				wanted[d.cluster] = map[facts.Ref]bool{}
			}
			wanted[d.cluster][ref] = true
		}
	}
	w.values = map[string]map[facts.Ref]manifest.Object{}
	for _, d := range w.applied {
		cluster := d.target(d.cluster)
		for _, o := range d.objects {
			if !wanted[cluster][o.Ref] {
				continue
			}
			if w.values[cluster] == nil {
				w.values[cluster] = map[facts.Ref]manifest.Object{}
			}
			w.values[cluster][o.Ref] = o
		}
	}
}
