package generated

import (
	"cmp"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// fromFluxInstance returns the source and the Kustomization of spec.sync, both with the name of the namespace by default
// (flux-operator v0.59 api/v1/fluxinstance_types.go).
func fromFluxInstance(u *unstructured.Unstructured) []*unstructured.Unstructured {
	return fromSync(kinds.Fields(u.Object, "spec", "sync"), u.GetNamespace())
}

// fromHelmRelease returns what the chart flux-instance makes a FluxInstance of, in the namespace of the release (flux-operator v0.59
// charts/flux-instance/templates/instance.yaml). Values in other objects are not read.
func fromHelmRelease(u *unstructured.Unstructured) []*unstructured.Unstructured {
	chart := cmp.Or(kinds.Text(u, "spec", "chart", "spec", "chart"), kinds.Text(u, "spec", "chartRef", "name"))
	if chart != "flux-instance" {
		return nil
	}
	namespace := cmp.Or(kinds.Text(u, "spec", "targetNamespace"), u.GetNamespace(), "flux-system")
	return fromSync(kinds.Fields(u.Object, "spec", "values", "instance", "sync"), namespace)
}

// fromSync needs the fields that the API requires.
func fromSync(sync map[string]any, namespace string) []*unstructured.Unstructured {
	if kinds.String(sync, "kind") == "" || kinds.String(sync, "path") == "" {
		return nil
	}
	metadata := map[string]any{"name": cmp.Or(kinds.String(sync, "name"), namespace, "flux-system"), "namespace": namespace}
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
