package checkout

import (
	"path"
	"slices"
	"strings"

	kustomize "sigs.k8s.io/kustomize/api/types"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// applications are the folders that Argo CD applies beside Flux, one delivery for each source of an Application.
func (l *loader) applications() []*delivery {
	var found []*delivery
	for _, d := range l.argo() {
		for _, source := range sourcesOf(d) {
			url, folder := kinds.String(source, "repoURL"), kinds.String(source, "path")
			folder = strings.TrimPrefix(path.Clean("/"+folder), "/")
			if folder == "" || !l.tree.hasFolder(folder) || (len(l.own) > 0 && !slices.Contains(l.own, url)) {
				continue
			}
			found = append(found, &delivery{ref: d.Ref, body: d.Body, document: d, folder: folder})
		}
	}
	return found
}

func (l *loader) argo() []*manifest.Document {
	var found []*manifest.Document
	for _, name := range l.tree.names {
		for _, d := range l.documents[name] {
			if d.Ref.Group == kinds.ArgoCD && d.Ref.Kind == "Application" {
				found = append(found, d)
			}
		}
	}
	return found
}

// sourcesOf are spec.sources of an Application, or the one in spec.source (argo-cd v3 pkg/apis/application/v1alpha1/types.go).
func sourcesOf(d *manifest.Document) []map[string]any {
	all := kinds.Items(d.Body, "spec", "sources")
	spec, _ := d.Body.Object["spec"].(map[string]any)
	if one, ok := spec["source"].(map[string]any); ok {
		all = append(all, one)
	}
	return all
}

// application builds what an Application applies: a kustomization.yaml, else the files as they are, of which Argo CD skips
// what is no object. What is a chart is Helm's.
func (b *builder) application(d *delivery) []manifest.Object {
	if b.loader.tree.kustomizationFile(d.folder) != "" {
		return b.run(kustomize.Kustomization{Resources: []string{inside(d.folder)}}, d.ref, b.placeOf(d))
	}
	var objects []manifest.Object
	for _, file := range b.loader.tree.names {
		if !below(file, d.folder) || !isYAML(file) {
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
