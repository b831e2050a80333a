package generated

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// setOf returns an ApplicationSet with a generator, and a template for a name and a path.
func setOf(t *testing.T, generator, name, path string) *unstructured.Unstructured {
	t.Helper()
	set := objectOf(t, "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: apps, namespace: argocd}\n")
	set.Object["spec"] = map[string]any{
		"generators": []any{specOf(t, generator)},
		"template":   map[string]any{"metadata": map[string]any{"name": name}, "spec": map[string]any{"source": map[string]any{"path": path}}},
	}
	return set
}

// applications returns the generated Applications as "name path", sorted.
func applications(set *unstructured.Unstructured, files map[string]string) []string {
	text := map[string][]byte{}
	for name, content := range files {
		text[name] = []byte(content)
	}
	var all []string
	for _, u := range fromApplicationSet(set, tree.New(text)) {
		all = append(all, u.GetName()+" "+kinds.Text(u, "spec", "source", "path"))
	}
	slices.Sort(all)
	return all
}

// TestApplication: an Application has all fields of the template, and the namespace and the API version of the ApplicationSet.
func TestApplication(t *testing.T) {
	t.Parallel()
	set := setOf(t, "{list: {elements: [{env: dev}]}}", "shop-{{env}}", "env/{{ env }}")
	template := maps.Clone(kinds.Fields(set.Object, "spec", "template"))
	want := map[string]any{
		"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": map[string]any{"name": "shop-dev", "namespace": "argocd"},
		"spec": map[string]any{"source": map[string]any{"path": "env/dev"}},
	}
	if diff := cmp.Diff([]map[string]any{want}, fieldsOf(fromApplicationSet(set, tree.New(nil)))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(template, kinds.Fields(set.Object, "spec", "template")); diff != "" {
		t.Errorf("the template is changed (-want +got)\n%s", diff)
	}
	unstructured.RemoveNestedField(set.Object, "spec", "template")
	if got := fromApplicationSet(set, tree.New(nil)); len(got) > 0 {
		t.Errorf("%v without a template", got)
	}
}

// TestListGenerator: each element is one Application, and so is each pair of a matrix. What only a cluster or another service knows
// yields none.
func TestListGenerator(t *testing.T) {
	t.Parallel()
	const envs, regions = "{list: {elements: [{env: dev}, {env: prod}]}}", "{list: {elements: [{region: eu}, {region: us}]}}"
	const tiers = "{list: {elements: [{tier: x}]}}"
	const matrix = "{matrix: {generators: [" + envs + ", " + regions + "]}}"
	for name, c := range map[string]struct {
		generator, name string
		want            []string
	}{
		"List":                {envs, "a-{{env}}", []string{"a-dev", "a-prod"}},
		"NestedValue":         {"{list: {elements: [{env: dev, values: {size: 2, zone: '3'}}]}}", "{{env}}-{{values.size}}-{{values.zone}}", []string{"dev-2-3"}},
		"UnknownParameter":    {"{list: {elements: [{env: dev}, {env: prod, region: eu}]}}", "{{env}}-{{region}}", []string{"prod-eu"}},
		"UnknownNestedValue":  {"{list: {elements: [{env: dev, values: text}]}}", "{{env}}-{{values.size}}", nil},
		"NoElements":          {"{list: {elements: []}}", "a", nil},
		"Constant":            {"{list: {elements: [{env: dev}]}}", "a", []string{"a"}},
		"NoName":              {envs, "", nil},
		"Clusters":            {"{clusters: {}}", "a", nil},
		"PullRequests":        {"{pullRequest: {github: {owner: o, repo: r}}}", "a", nil},
		"Matrix":              {matrix, "{{env}}-{{region}}", []string{"dev-eu", "dev-us", "prod-eu", "prod-us"}},
		"MatrixInMatrix":      {"{matrix: {generators: [" + matrix + ", " + tiers + "]}}", "{{env}}-{{region}}-{{tier}}", []string{"dev-eu-x", "dev-us-x", "prod-eu-x", "prod-us-x"}},
		"MatrixInSecond":      {"{matrix: {generators: [" + tiers + ", " + matrix + "]}}", "{{env}}-{{region}}-{{tier}}", []string{"dev-eu-x", "dev-us-x", "prod-eu-x", "prod-us-x"}},
		"MatrixTooDeep":       {"{matrix: {generators: [{matrix: {generators: [" + matrix + ", " + tiers + "]}}, " + tiers + "]}}", "{{env}}", nil},
		"MatrixOfOne":         {"{matrix: {generators: [" + envs + "]}}", "{{env}}", nil},
		"MatrixOfThree":       {"{matrix: {generators: [" + envs + ", " + regions + ", " + tiers + "]}}", "{{env}}", nil},
		"MatrixOfClusters":    {"{matrix: {generators: [{clusters: {}}, " + envs + "]}}", "{{env}}", nil},
		"MatrixWithoutResult": {"{matrix: {generators: [" + envs + ", {list: {elements: []}}]}}", "{{env}}", nil},
	} {
		var want []string
		for _, name := range c.want {
			want = append(want, name+" p")
		}
		if diff := cmp.Diff(want, applications(setOf(t, c.generator, c.name, "p"), nil)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestMatrixIsBounded: the pairs of a matrix are at most maxObjects.
func TestMatrixIsBounded(t *testing.T) {
	t.Parallel()
	list := func(n int) map[string]any {
		elements := make([]any, n)
		for i := range elements {
			elements[i] = map[string]any{"x": "y"}
		}
		return map[string]any{"list": map[string]any{"elements": elements}}
	}
	for _, c := range []struct{ first, second, want int }{{2, 3, 6}, {maxObjects, 2, maxObjects}, {2, maxObjects, maxObjects}} {
		if got := len(generators{}.matrix([]map[string]any{list(c.first), list(c.second)}, 2)); got != c.want {
			t.Errorf("%d × %d: %d pairs, want %d", c.first, c.second, got, c.want)
		}
	}
}

// TestGoTemplate: with goTemplate, a template is one of Go, and an Application that it cannot render is left out.
func TestGoTemplate(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		generator, name string
		want            []string
	}{
		"Field":        {"{list: {elements: [{env: dev, values: {size: big}}]}}", "{{.env}}-{{ .values.size | upper | lower }}", []string{"dev-big p"}},
		"Condition":    {"{list: {elements: [{env: dev}, {env: prod}]}}", `{{ if eq .env "dev" }}d{{ else }}p{{ end }}`, []string{"d p", "p p"}},
		"UnknownField": {"{list: {elements: [{env: dev}, {env: prod, region: eu}]}}", "{{.env}}-{{.region}}", []string{"prod-eu p"}},
		"OtherForm":    {"{list: {elements: [{env: dev}]}}", "{{env}}", nil},
	} {
		set := setOf(t, c.generator, c.name, "p")
		set.Object["spec"].(map[string]any)["goTemplate"] = true
		if diff := cmp.Diff(c.want, applications(set, nil)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
