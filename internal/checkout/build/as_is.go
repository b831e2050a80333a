package build

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
// are not objects, and Helm charts, and reports those that should be objects: Argo CD fails if such a file looks like a manifest, else it
// skips the file (argo-cd v3.6 reposerver/repository/repository.go, getObjsFromYAMLOrJSON).
func (b *Builder) buildAsIs(d Delivery) []manifest.Object {
	if b.parsed.KustomizationFile(d.Folder) != "" {
		return b.run(kustomize.Kustomization{Resources: []string{offline.Path(d.Folder)}}, d.Ref, b.placeOf(d))
	}
	if b.parsed.InChart(d.Folder + "/x") {
		return nil
	}
	var objects []manifest.Object
	for _, file := range b.parsed.Below(d.Folder) {
		if !tree.IsYAML(file) || !takesFile(d, file) {
			continue
		}
		b.result.Used[file] = true
		b.result.Problems = append(b.result.Problems, b.parsed.Incomplete(file)...)
		for _, document := range b.parsed.Documents[file] {
			if !b.parsed.InChart(file) {
				objects = append(objects, manifest.Object{Ref: document.Ref, Body: document.Body, Document: document, File: file})
			}
		}
	}
	return objects
}

// takesFile reports whether Argo CD reads a file (argo-cd v3 reposerver/repository/repository.go, getPotentiallyValidManifests).
// It reads files of subfolders only with directory.recurse.
func takesFile(d Delivery, file string) bool {
	if !tree.Below(file, d.Folder) {
		return false
	}
	inside := file
	if d.Folder != "." {
		inside = strings.TrimPrefix(file, d.Folder+"/")
	}
	if d.Content.Flat && strings.Contains(inside, "/") {
		return false
	}
	return !matches(d.Content.Exclude, inside, false) && matches(d.Content.Include, inside, true)
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
