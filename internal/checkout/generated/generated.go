// Package generated derives the objects that a controller generates from another object, as far as the files of a repository
// tell: the Kustomization of a FluxInstance, or of the chart that makes one, the objects of a ResourceSet, the Applications of an ApplicationSet. What depends on
// anything else, such as a cluster or a pull request, is left out.
package generated

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

const (
	fluxInstance   = kinds.FluxOperator + "/FluxInstance"
	resourceSet    = kinds.FluxOperator + "/ResourceSet"
	applicationSet = kinds.ArgoCD + "/ApplicationSet"
	helmRelease    = kinds.FluxHelm + "/HelmRelease"

	// maxDepth bounds generators that generate generators.
	maxDepth = 3
	// maxObjects bounds what one object generates.
	maxObjects = 1000
)

// From returns the objects that u's controller generates, and those that these generate in turn. t has the files of u's
// repository.
func From(u *unstructured.Unstructured, t *tree.Tree) []*unstructured.Unstructured {
	return from(u, t, maxDepth)
}

// Generates reports whether the controller of a kind generates objects.
func Generates(ref facts.Ref) bool {
	switch ref.Group + "/" + ref.Kind {
	case fluxInstance, resourceSet, applicationSet, helmRelease:
		return true
	}
	return false
}

func from(u *unstructured.Unstructured, t *tree.Tree, depth int) []*unstructured.Unstructured {
	if depth == 0 {
		return nil
	}
	var direct []*unstructured.Unstructured
	switch gvk := u.GroupVersionKind(); gvk.Group + "/" + gvk.Kind {
	case fluxInstance:
		direct = fromFluxInstance(u)
	case helmRelease:
		direct = fromHelmRelease(u)
	case resourceSet:
		direct = fromResourceSet(u)
	case applicationSet:
		direct = fromApplicationSet(u, t)
	}
	all := direct[:min(len(direct), maxObjects)]
	for _, made := range direct {
		all = append(all, from(made, t, depth-1)...)
	}
	return all[:min(len(all), maxObjects)]
}

// object returns fields as an object; false if they are none.
func object(fields map[string]any) (*unstructured.Unstructured, bool) {
	u := &unstructured.Unstructured{Object: fields}
	return u, u.GetKind() != "" && u.GetAPIVersion() != "" && u.GetName() != ""
}

// decode decodes the text of one object.
func decode(text []byte) (*unstructured.Unstructured, bool) {
	plain, err := yaml.YAMLToJSON(text)
	if err != nil {
		return nil, false
	}
	u := &unstructured.Unstructured{}
	if u.UnmarshalJSON(plain) != nil {
		return nil, false
	}
	return object(u.Object)
}
