package files

import (
	"fmt"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// Incomplete returns the documents of a file that are evidently objects, but lack their kind, API version or name. The API server rejects
// them ("Object 'Kind' is missing", apimachinery pkg/runtime/error.go; "name or generateName is required", apiserver
// pkg/registry/rest/create.go). Configuration files of tools are not among them.
func (f *Parsed) Incomplete(name string) []manifest.Problem {
	if len(f.NonObjects[name]) == 0 || f.InChart(name) || f.IsTemplate(name) {
		return nil
	}
	var found []manifest.Problem
	for _, s := range f.NonObjects[name] {
		if !f.isObject(s) {
			continue
		}
		what := "this document"
		if s.Kind != "" {
			what = "this " + s.Kind
		}
		message := fmt.Sprintf("%s has no %s", what, s.Missing)
		if s.Near != "" {
			message += fmt.Sprintf("; the field %s may be misspelt or misplaced", s.Near)
		}
		found = append(found, manifest.Problem{Kind: manifest.Incomplete, Place: s.Place, Message: message})
	}
	return found
}

// isObject reports whether a document with one missing field must be an object.
func (f *Parsed) isObject(s manifest.NonObject) bool {
	isNear := s.Near != "" || s.Namespaced // tools have no namespaces
	gvk := schema.FromAPIVersionAndKind(s.APIVersion, s.Kind)
	switch s.Missing {
	case "kind":
		return true
	case "apiVersion":
		return isNear || f.hasKind(s.Kind)
	case "metadata.name":
		_, isKnown := kinds.Declared(gvk)
		// Jenkins, Spark and the runners of GitHub Actions read templates of Pods, which have no name.
		isTemplate := gvk.Group == kinds.Core && (gvk.Kind == "Pod" || gvk.Kind == "PodTemplate")
		return !isTemplate && (isNear || isKnown || s.HasMetadata && f.hasKind(gvk.GroupKind().String()))
	}
	return false
}

// hasKind reports whether an object in a file has a kind, or a kind of an API group, such as Kustomization.kustomize.toolkit.fluxcd.io.
func (f *Parsed) hasKind(kind string) bool {
	if f.kinds == nil {
		f.kinds = map[string]bool{}
		for _, documents := range f.Documents {
			for _, d := range documents {
				f.kinds[d.Ref.Kind] = true
				f.kinds[d.Body.GroupVersionKind().GroupKind().String()] = true
			}
		}
	}
	return f.kinds[kind]
}
