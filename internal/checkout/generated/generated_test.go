package generated

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// objectOf returns the object of a YAML text.
func objectOf(t *testing.T, text string) *unstructured.Unstructured {
	t.Helper()
	u := &unstructured.Unstructured{}
	plain, err := yaml.YAMLToJSON([]byte(text))
	if err == nil {
		err = u.UnmarshalJSON(plain)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return u
}

// specOf returns the fields of a YAML text.
func specOf(t *testing.T, text string) (fields map[string]any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(text), &fields); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return fields
}

// fieldsOf returns the fields of objects.
func fieldsOf(objects []*unstructured.Unstructured) []map[string]any {
	var all []map[string]any
	for _, u := range objects {
		all = append(all, u.Object)
	}
	return all
}

// identities returns the objects as "Kind namespace/name".
func identities(objects []*unstructured.Unstructured) []string {
	var all []string
	for _, u := range objects {
		all = append(all, u.GetKind()+" "+strings.TrimPrefix(u.GetNamespace()+"/"+u.GetName(), "/"))
	}
	return all
}

// nested returns a ResourceSet that generates a ResourceSet, and so on; the last one generates a ConfigMap.
func nested(depth int) map[string]any {
	if depth == 0 {
		return map[string]any{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "innermost"}}
	}
	return map[string]any{
		"apiVersion": "fluxcd.controlplane.io/v1", "kind": "ResourceSet", "metadata": map[string]any{"name": fmt.Sprint(depth)},
		"spec": map[string]any{"resources": []any{nested(depth - 1)}},
	}
}

// TestFrom: what generated objects generate counts as well, up to a depth and a number; other objects generate nothing.
func TestFrom(t *testing.T) {
	t.Parallel()
	const inSet = "apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSet\nmetadata: {name: s}\nspec:\n  resources:\n"
	for name, c := range map[string]struct {
		object *unstructured.Unstructured
		want   []string
	}{
		"ConfigMap":         {objectOf(t, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"), nil},
		"OtherGroup":        {objectOf(t, strings.ReplaceAll(inSet, "fluxcd.controlplane.io", "example.com")+"  - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n"), nil},
		"OtherKind":         {objectOf(t, strings.ReplaceAll(inSet, "ResourceSet", "ResourceSetInputProvider")+"  - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n"), nil},
		"ResourceSet":       {objectOf(t, inSet+"  - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n"), []string{"ConfigMap a"}},
		"FluxInstanceInSet": {objectOf(t, inSet+"  - {apiVersion: fluxcd.controlplane.io/v1, kind: FluxInstance, metadata: {name: flux, namespace: f}, spec: {sync: {kind: GitRepository, path: p}}}\n"), []string{"FluxInstance f/flux", "GitRepository f/f", "Kustomization f/f"}},
		"ApplicationsInSet": {objectOf(t, inSet+"  - {apiVersion: argoproj.io/v1alpha1, kind: ApplicationSet, metadata: {name: apps, namespace: argocd}, spec: {generators: [{list: {elements: [{id: a}]}}], template: {metadata: {name: '{{id}}'}}}}\n"), []string{"ApplicationSet argocd/apps", "Application argocd/a"}},
		"UpToThreeLevels":   {&unstructured.Unstructured{Object: nested(3)}, []string{"ResourceSet 2", "ResourceSet 1", "ConfigMap innermost"}},
		"TooDeep":           {&unstructured.Unstructured{Object: nested(4)}, []string{"ResourceSet 3", "ResourceSet 2", "ResourceSet 1"}},
	} {
		if diff := cmp.Diff(c.want, identities(From(c.object, tree.New(nil)))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestFromIsBounded: one object generates at most maxObjects, directly or through others.
func TestFromIsBounded(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		first, second int // the template yields an object for each pair
		object        string
		want          int
	}{
		"Direct":   {40, 30, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: << $x >>-<< . >>}\n", maxObjects},
		"ByOthers": {40, 10, "apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: {name: << $x >>-<< . >>}\nspec: {sync: {kind: GitRepository, path: p}}\n", maxObjects},
		"Fewer":    {4, 3, "apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: {name: << $x >>-<< . >>}\nspec: {sync: {kind: GitRepository, path: p}}\n", 3 * 4 * 3},
	} {
		set := objectOf(t, "apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSet\nmetadata: {name: s}\n")
		set.Object["spec"] = map[string]any{
			"inputs":            []any{map[string]any{"a": numbers(c.first), "b": numbers(c.second)}},
			"resourcesTemplate": "<<- range $x := inputs.a >><< range inputs.b >>\n---\n" + c.object + "<< end >><< end >>",
		}
		if got := len(From(set, tree.New(nil))); got != c.want {
			t.Errorf("%s: %d objects, want %d", name, got, c.want)
		}
	}
}

// numbers returns n different texts.
func numbers(n int) []any {
	all := make([]any, n)
	for i := range all {
		all[i] = fmt.Sprint("x", i)
	}
	return all
}

// TestChartOfAFluxInstance: the chart flux-instance generates what its FluxInstance generates.
func TestChartOfAFluxInstance(t *testing.T) {
	t.Parallel()
	const release = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: flux, namespace: gitops}\nspec: "
	const values = "values: {instance: {sync: {kind: GitRepository, url: u, ref: main, path: p}}}"
	for spec, want := range map[string][]string{
		"{chart: {spec: {chart: flux-instance}}, " + values + "}":                                              {"GitRepository gitops/gitops", "Kustomization gitops/gitops"},
		"{chartRef: {kind: OCIRepository, name: flux-instance}, targetNamespace: flux-system, " + values + "}": {"GitRepository flux-system/flux-system", "Kustomization flux-system/flux-system"},
		"{chart: {spec: {chart: other}}, " + values + "}":                                                      nil,
		"{chart: {spec: {chart: flux-instance}}}":                                                              nil,
		"{chart: {spec: {chart: flux-instance}}, values: {instance: {sync: {kind: GitRepository}}}}":           nil,
	} {
		if diff := cmp.Diff(want, identities(From(objectOf(t, release+spec), nil))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", spec, diff)
		}
	}
}

// TestGenerates: these kinds generate objects, in their own groups only.
func TestGenerates(t *testing.T) {
	t.Parallel()
	for ref, want := range map[facts.Ref]bool{
		{Group: "fluxcd.controlplane.io", Kind: "FluxInstance"}:             true,
		{Group: "fluxcd.controlplane.io", Kind: "ResourceSet"}:              true,
		{Group: "argoproj.io", Kind: "ApplicationSet"}:                      true,
		{Group: "helm.toolkit.fluxcd.io", Kind: "HelmRelease"}:              true,
		{Group: "argoproj.io", Kind: "Application"}:                         false,
		{Group: "argoproj.io", Kind: "ResourceSet"}:                         false,
		{Group: "fluxcd.controlplane.io", Kind: "ResourceSetInputProvider"}: false,
		{Kind: "ApplicationSet"}:                                            false,
	} {
		if got := Generates(ref); got != want {
			t.Errorf("%s of %q: %v, want %v", ref.Kind, ref.Group, got, want)
		}
	}
}
