package inventory

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func own(kind, name string) facts.Ref {
	return facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: kind, Namespace: "shop", Name: name}
}

func applier(ids ...string) facts.Object {
	entries := []any{}
	for _, id := range ids {
		entries = append(entries, map[string]any{"id": id, "v": "v1alpha1"})
	}
	body := map[string]any{
		"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "metadata": map[string]any{"name": "apps", "namespace": "flux-system"},
		"status": map[string]any{"inventory": map[string]any{"entries": entries}},
	}
	return facts.Object{
		Ref:     facts.Ref{Plane: facts.Control, Group: kinds.FluxKustomize, Kind: "Kustomization", Namespace: "flux-system", Name: "apps"},
		Outcome: facts.Found, Body: &unstructured.Unstructured{Object: body},
	}
}

// kept are the entries of an applier.
func kept(o facts.Object) []string {
	ids := []string{}
	entries, _, _ := unstructured.NestedSlice(o.Body.Object, "status", "inventory", "entries")
	for _, e := range entries {
		ids = append(ids, kinds.String(e.(map[string]any), "id"))
	}
	return ids
}

// TestKept: what is not decoded yet and what is keep the same entries, and both note how many there were.
func TestKept(t *testing.T) {
	t.Parallel()
	component := []facts.Ref{own("Component", "cart"), own("Project", "demo"), own("Workload", "cart-workload")}
	for name, row := range map[string]struct {
		ids, want []string
		total     string
	}{
		"its own":                      {[]string{"shop_cart_openchoreo.dev_Component", "shop_cart-workload_openchoreo.dev_Workload"}, []string{"shop_cart_openchoreo.dev_Component", "shop_cart-workload_openchoreo.dev_Workload"}, "2"},
		"a release, known by its name": {[]string{"shop_cart-1_openchoreo.dev_ComponentRelease", "shop_stock-1_openchoreo.dev_ComponentRelease"}, []string{"shop_cart-1_openchoreo.dev_ComponentRelease"}, "2"},
		"a cell of its project":        {[]string{"shop_demo-qa_openchoreo.dev_ProjectReleaseBinding", "shop_other-qa_openchoreo.dev_ProjectReleaseBinding"}, []string{"shop_demo-qa_openchoreo.dev_ProjectReleaseBinding"}, "2"},
		"the name of the project only": {[]string{"shop_demo-qa_openchoreo.dev_ReleaseBinding"}, []string{}, "1"},
		"another namespace":            {[]string{"depot_cart_openchoreo.dev_Component"}, []string{}, "1"},
		"another group":                {[]string{"shop_cart-1_apps_Deployment"}, []string{}, "1"},
		"no identifier":                {[]string{"shop_", "shop"}, []string{}, "2"},
		"an empty inventory":           {nil, []string{}, ""},
	} {
		trimmed := applier(row.ids...)
		Trim(trimmed, "shop", component)
		text, err := json.Marshal(applier(row.ids...).Body.Object)
		if err != nil {
			t.Fatal(err)
		}
		of := Of(facts.Encoded{Ref: trimmed.Ref, JSON: string(text)}, "shop", component)
		if foreign := row.total != "" && len(row.want) == 0; of.IsForeign() != foreign {
			t.Errorf("%s: foreign is %v", name, of.IsForeign())
		}
		for way, o := range map[string]facts.Object{"trimmed": trimmed, "decoded": of.Object()} {
			if diff := cmp.Diff(row.want, kept(o)); diff != "" {
				t.Errorf("%s, %s (-want +got)\n%s", name, way, diff)
			}
			if got := kinds.Annotation(o.Body, kinds.AnnotationInventoryEntries); got != row.total {
				t.Errorf("%s, %s: the annotation has %q, want %q", name, way, got, row.total)
			}
		}
	}
}

// TestTrimOnce: what was trimmed before keeps the number that it had at first.
func TestTrimOnce(t *testing.T) {
	t.Parallel()
	o := applier("shop_cart_openchoreo.dev_Component", "depot_cart_openchoreo.dev_Component")
	for range 2 {
		Trim(o, "shop", []facts.Ref{own("Component", "cart"), own("Project", "demo")})
	}
	if got := kinds.Annotation(o.Body, kinds.AnnotationInventoryEntries); got != "2" {
		t.Errorf("the annotation has %q", got)
	}
}
