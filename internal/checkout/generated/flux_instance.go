package generated

import (
	"cmp"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// fromFluxInstance returns the source and the Kustomization of spec.sync, both with the name of the namespace by default
// (flux-operator v0.59 api/v1/fluxinstance_types.go).
func fromFluxInstance(u *unstructured.Unstructured) []*unstructured.Unstructured {
	sync := kinds.Fields(u.Object, "spec", "sync")
	if sync == nil {
		return nil
	}
	metadata := map[string]any{"name": cmp.Or(kinds.String(sync, "name"), u.GetNamespace(), "flux-system"), "namespace": u.GetNamespace()}
	source := map[string]any{"url": kinds.String(sync, "url"), "ref": map[string]any{"name": kinds.String(sync, "ref")}}
	if kinds.String(sync, "kind") != "GitRepository" {
		source["ref"] = map[string]any{"tag": kinds.String(sync, "ref")}
	}
	return []*unstructured.Unstructured{
		{Object: map[string]any{
			"apiVersion": kinds.FluxSource + "/v1", "kind": kinds.String(sync, "kind"), "metadata": metadata, "spec": source,
		}},
		{Object: map[string]any{
			"apiVersion": kinds.FluxKustomize + "/v1", "kind": "Kustomization", "metadata": metadata,
			"spec": map[string]any{
				"path": kinds.String(sync, "path"), "prune": true,
				"sourceRef": map[string]any{"kind": kinds.String(sync, "kind"), "name": metadata["name"]},
			},
		}},
	}
}
