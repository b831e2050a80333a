package build

import (
	"encoding/json"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	kustomize "sigs.k8s.io/kustomize/api/types"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// specOf returns the fields of a Kustomization's spec for kustomize. needsKustomize reports whether they need kustomize. A namespace alone
// does not.
func specOf(ks *unstructured.Unstructured) (around kustomize.Kustomization, needsKustomize bool) {
	around.Namespace = kinds.Text(ks, "spec", "targetNamespace")
	around.NamePrefix = kinds.Text(ks, "spec", "namePrefix")
	around.NameSuffix = kinds.Text(ks, "spec", "nameSuffix")
	fill(ks, "patches", &around.Patches)
	for i := range around.Patches {
		around.Patches[i].Path = "" // not a field of the API (fluxcd/pkg apis/kustomize/kustomize_types.go)
	}
	fill(ks, "images", &around.Images)
	fill(ks, "components", &around.Components)
	// spec.commonMetadata is added during apply. It changes no field that this package uses.
	needsKustomize = around.NamePrefix+around.NameSuffix != "" || len(around.Patches)+len(around.Images)+len(around.Components) > 0
	return around, needsKustomize
}

// fill decodes a field that has the same form in kustomize (fluxcd/pkg apis/kustomize/kustomize_types.go).
func fill(ks *unstructured.Unstructured, field string, into any) {
	value, found, err := unstructured.NestedFieldNoCopy(ks.Object, "spec", field)
	if err != nil || !found {
		return
	}
	if text, err := json.Marshal(value); err == nil {
		_ = json.Unmarshal(text, into) // the API server, not the build, rejects an invalid form
	}
}
