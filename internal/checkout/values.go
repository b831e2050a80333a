package checkout

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/postbuild"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// substitute applies spec.postBuild.
func (sim *simulation) substitute(d *appliedDelivery) (objects []manifest.Object, problems []manifest.Problem) {
	v := postbuild.VariablesOf(d.Body, sim.options.LenientSubstitution, func(ref facts.Ref) (*unstructured.Unstructured, bool) {
		o, known := sim.valueOf(ref, d)
		return o.Body, known
	})
	return v.Substitute(d.Body, d.build.Objects)
}

// valueOf finds an object that variables come from: the one that is applied to the cluster of the Kustomization, else the one
// nearest to it among those that are applied nowhere, as a bootstrap may apply them.
func (sim *simulation) valueOf(ref facts.Ref, d *appliedDelivery) (manifest.Object, bool) {
	if o, applied := sim.values[d.cluster][ref]; applied {
		return o, true
	}
	var nearest *manifest.Document
	for _, document := range sim.byRef(ref) {
		if sim.isApplied(document) {
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
func (sim *simulation) byRef(ref facts.Ref) []*manifest.Document {
	if sim.documentsByRef == nil {
		sim.documentsByRef = map[facts.Ref][]*manifest.Document{}
		for _, name := range sim.tree.Names {
			for _, document := range sim.files.Documents[name] {
				if document.Ref.Kind == "ConfigMap" || document.Ref.Kind == "Secret" {
					sim.documentsByRef[document.Ref] = append(sim.documentsByRef[document.Ref], document)
				}
			}
		}
	}
	return sim.documentsByRef[ref]
}

func (sim *simulation) isApplied(document *manifest.Document) bool {
	for _, cluster := range sim.values {
		for _, o := range cluster {
			if o.Document == document {
				return true
			}
		}
	}
	return false
}

// collectValues collects the objects that variables come from, as they are applied to each cluster.
func (sim *simulation) collectValues() {
	wanted := map[string]map[facts.Ref]bool{}
	for _, d := range sim.applied {
		for _, ref := range postbuild.Sources(d.Body) {
			if wanted[d.cluster] == nil {
				wanted[d.cluster] = map[facts.Ref]bool{}
			}
			wanted[d.cluster][ref] = true
		}
	}
	sim.values = map[string]map[facts.Ref]manifest.Object{}
	for _, d := range sim.applied {
		cluster := d.target(d.cluster)
		for _, o := range d.objects {
			if !wanted[cluster][o.Ref] {
				continue
			}
			if sim.values[cluster] == nil {
				sim.values[cluster] = map[facts.Ref]manifest.Object{}
			}
			sim.values[cluster][o.Ref] = o
		}
	}
}
