package checkout

import (
	"strings"

	"github.com/gobwas/glob"
	kustomize "sigs.k8s.io/kustomize/api/types"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/offline"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// buildAsIs builds a kustomization.yaml if the folder has one. Otherwise it takes the files unchanged. It skips documents that
// are not objects, and Helm charts.
func (b *builder) buildAsIs(d *delivery) []manifest.Object {
	if b.loader.tree.KustomizationFile(d.folder) != "" {
		return b.run(kustomize.Kustomization{Resources: []string{offline.Path(d.folder)}}, d.ref, b.placeOf(d))
	}
	if b.loader.inChart(d.folder + "/x") {
		return nil
	}
	var objects []manifest.Object
	for _, file := range b.loader.tree.Below(d.folder) {
		if !tree.IsYAML(file) || !takesFile(d, file) {
			continue
		}
		b.result.used[file] = true
		for _, document := range b.loader.documents[file] {
			if !b.loader.inChart(file) {
				objects = append(objects, manifest.Object{Ref: document.Ref, Body: document.Body, Document: document, File: file})
			}
		}
	}
	return objects
}

// takesFile reports whether Argo CD reads a file (argo-cd v3 reposerver/repository/repository.go, getPotentiallyValidManifests).
// It reads files of subfolders only with directory.recurse.
func takesFile(d *delivery, file string) bool {
	if !tree.Below(file, d.folder) {
		return false
	}
	inside := file
	if d.folder != "." {
		inside = strings.TrimPrefix(file, d.folder+"/")
	}
	if d.content.Flat && strings.Contains(inside, "/") {
		return false
	}
	return !matches(d.content.Exclude, inside, false) && matches(d.content.Include, inside, true)
}

func matches(pattern, name string, otherwise bool) bool {
	if pattern == "" {
		return otherwise
	}
	matcher, err := glob.Compile(pattern)
	return err == nil && matcher.Match(name)
}

// defaultNamespace puts the namespaced objects without a namespace into one.
func defaultNamespace(namespace string, objects []manifest.Object) []manifest.Object {
	if namespace == "" {
		return objects
	}
	for i, o := range objects {
		if kind, known := kinds.Lookup(o.Ref.Group, o.Ref.Kind); o.Ref.Namespace != "" || known && !kind.Namespaced {
			continue
		}
		set := o.Body.DeepCopy()
		set.SetNamespace(namespace)
		objects[i].Body, objects[i].Ref = set, manifest.RefOf(set)
	}
	return objects
}
