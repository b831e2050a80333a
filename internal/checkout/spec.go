package checkout

import (
	"encoding/json"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	kustomize "sigs.k8s.io/kustomize/api/types"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// specOf is what the spec of a Kustomization asks kustomize to do, and whether that needs more than a namespace, which can be
// set without it.
func specOf(ks *unstructured.Unstructured) (around kustomize.Kustomization, asks bool) {
	around.Namespace = kinds.Text(ks, "spec", "targetNamespace")
	around.NamePrefix = kinds.Text(ks, "spec", "namePrefix")
	around.NameSuffix = kinds.Text(ks, "spec", "nameSuffix")
	fill(ks, "patches", &around.Patches)
	for i := range around.Patches {
		around.Patches[i].Path = "" // no field of the API (fluxcd/pkg apis/kustomize/kustomize_types.go)
	}
	fill(ks, "images", &around.Images)
	fill(ks, "components", &around.Components)
	// spec.commonMetadata is added when it is applied, and changes nothing that is looked at here.
	asks = around.NamePrefix+around.NameSuffix != "" || len(around.Patches)+len(around.Images)+len(around.Components) > 0
	return around, asks
}

// fill reads a field whose form is that of kustomize (fluxcd/pkg apis/kustomize/kustomize_types.go).
func fill(ks *unstructured.Unstructured, field string, into any) {
	value, found, err := unstructured.NestedFieldNoCopy(ks.Object, "spec", field)
	if err != nil || !found {
		return
	}
	if text, err := json.Marshal(value); err == nil {
		_ = json.Unmarshal(text, into) // what has another form is refused by the API server, not by the build
	}
}
