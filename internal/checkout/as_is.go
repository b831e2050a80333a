package checkout

import (
	"slices"

	kustomize "sigs.k8s.io/kustomize/api/types"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/offline"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// besides returns the folders of this repository that engines apply without a generated kustomization.yaml.
func (l *loader) besides() []*delivery {
	return slices.DeleteFunc(l.declared(true), func(d *delivery) bool {
		return d.folder == "." || !l.tree.HasFolder(d.folder) || len(l.own) > 0 && !slices.Contains(l.own, d.url)
	})
}

// buildAsIs builds a kustomization.yaml if the folder has one. Otherwise it takes the files unchanged. It skips documents that
// are not objects, and Helm charts.
func (b *builder) buildAsIs(d *delivery) []manifest.Object {
	if b.loader.tree.KustomizationFile(d.folder) != "" {
		return b.run(kustomize.Kustomization{Resources: []string{offline.Path(d.folder)}}, d.ref, b.placeOf(d))
	}
	var objects []manifest.Object
	for _, file := range b.loader.tree.Names {
		if !tree.Below(file, d.folder) || !tree.IsYAML(file) {
			continue
		}
		b.loader.used[file] = true
		for _, document := range b.loader.documents[file] {
			if !b.loader.inChart(file) {
				objects = append(objects, manifest.Object{Ref: document.Ref, Body: document.Body, Document: document, File: file})
			}
		}
	}
	return objects
}
