package delivery_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestNeeds: a part has its dependencies, and then what applies it. What is both is a dependency, and nothing needs itself.
func TestNeeds(t *testing.T) {
	t.Parallel()
	labels := func(by string) map[string]any {
		return map[string]any{kinds.FluxKustomize + "/name": by, kinds.FluxKustomize + "/namespace": "flux-system"}
	}
	kustomization := func(name, by string, dependencies ...string) facts.Object {
		var all []any
		for _, dependency := range dependencies {
			all = append(all, map[string]any{"name": dependency})
		}
		return object(kinds.FluxKustomize, "Kustomization", name, map[string]any{
			"apiVersion": kinds.FluxKustomize + "/v1", "kind": "Kustomization", "metadata": map[string]any{"name": name, "namespace": "flux-system", "labels": labels(by)},
			"spec": map[string]any{"dependsOn": all},
		})
	}
	component := object(kinds.OpenChoreo, "Component", "cart", map[string]any{"metadata": map[string]any{"name": "cart", "namespace": "shop", "labels": labels("apps")}})
	component.Ref.Namespace = "shop"
	got := map[string][]string{}
	rung := delivery.AssessDelivery(world(component,
		kustomization("apps", "root", "infra", "root"), kustomization("infra", "root"), kustomization("root", "root")))
	for _, part := range rung.Parts {
		got[part.Object.Name] = nil
		for _, need := range part.Needs {
			got[part.Object.Name] = append(got[part.Object.Name], map[bool]string{true: "depends on ", false: "applied by "}[need.DependsOn]+need.Object.Name)
		}
	}
	want := map[string][]string{"apps": {"depends on infra", "depends on root"}, "infra": {"applied by root"}, "root": nil}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", trace.RungDelivery, diff)
	}
}
