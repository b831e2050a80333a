package checkout

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// TestSubstitute checks the result of each variable, and whether a variable without a value makes the Kustomization fail.
func TestSubstitute(t *testing.T) {
	t.Parallel()
	vars := func(kind, namespace string) string {
		return "---\napiVersion: v1\nkind: " + kind + "\nmetadata: {name: vars, namespace: " + namespace + "}\ndata: {A: from-" + strings.ToLower(kind) + ", B: from-" + strings.ToLower(kind) + "}\n"
	}
	const from = ", postBuild: {substituteFrom: [{kind: ConfigMap, name: vars}]"
	for name, c := range map[string]struct {
		spec, objects, text string
		want, problem       string
	}{
		"Value":                   {", postBuild: {substitute: {A: b}}", "", "x-${A}", "x-b", ""},
		"Default":                 {", postBuild: {substitute: {A: b}}", "", "${C:=c}", "c", ""},
		"Empty":                   {", postBuild: {substitute: {A: ''}}", "", "x${A}", "x", ""},
		"Lines":                   {", postBuild: {substitute: {A: \"b\\nc\\n\"}}", "", "${A}", "bc", ""},
		"None":                    {"", "", "${A}", "${A}", ""},
		"Missing":                 {", postBuild: {substitute: {A: b}}", "", "${C}", "${C}", "ConfigMap a: variable"},
		"From":                    {from + "}", vars("ConfigMap", "flux-system"), "${A}", "from-configmap", ""},
		"InlineFirst":             {from + ", substitute: {A: inline}}", vars("ConfigMap", "flux-system"), "${A} ${B}", "inline from-configmap", ""},
		"FromAndMissing":          {from + "}", vars("ConfigMap", "flux-system"), "${C}", "${C}", "ConfigMap a: variable"},
		"FromAnotherNamespace":    {from + ", substitute: {B: inline}}", vars("ConfigMap", "shop"), "${A}", "${A}", ""},
		"FromNowhereButKnown":     {from + ", substitute: {B: inline}}", "", "${B}", "inline", ""},
		"UnknownButWithADefault":  {from + ", substitute: {B: '[{\"a\": 1}]'}}", "", "${Q:=''}${B}${Q:=''}", `[{"a": 1}]`, ""},
		"NoSyntax":                {from + ", substitute: {B: inline}}", "", "${B", "${B", "ConfigMap a: "},
		"FromASecretInTheClear":   {", postBuild: {substituteFrom: [{kind: Secret, name: vars}], substitute: {B: inline}}", vars("Secret", "flux-system"), "${A}", "${A}", ""},
		"FromOneThatMayBeMissing": {", postBuild: {substituteFrom: [{kind: ConfigMap, name: gone, optional: true}], substitute: {B: inline}}", "", "${A}", "${A}", ""},
	} {
		r := load(t, map[string]string{"flux.yaml": ks("k", "./k", c.spec) + c.objects, "k/a.yaml": configMap("a") + "data: {v: '" + c.text + "'}\n"})
		got, _ := r.Objects[0].Body.Object["data"].(map[string]any)
		if diff := cmp.Diff(map[string]any{"v": c.want}, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		problem := ""
		for _, p := range r.Problems {
			problem += p.Message
			if p.Kind != manifest.NotSubstituted || p.Place != (manifest.Place{File: "k/a.yaml", Line: 1}) || p.Object.Name != "k" {
				t.Errorf("%s: %+v", name, p)
			}
		}
		if !strings.HasPrefix(problem, c.problem) || (problem == "") != (c.problem == "") {
			t.Errorf("%s: the problem is %q, want %q", name, problem, c.problem)
		}
	}
}

// TestSubstitutionIsOff covers an object with the label or the annotation. No other value of them has an effect.
func TestSubstitutionIsOff(t *testing.T) {
	t.Parallel()
	for metadata, want := range map[string]string{
		"annotations: {kustomize.toolkit.fluxcd.io/substitute: disabled}": "${A}",
		"labels: {kustomize.toolkit.fluxcd.io/substitute: disabled}":      "${A}",
		"labels: {kustomize.toolkit.fluxcd.io/substitute: enabled}":       "b",
		"labels: {kustomize.toolkit.fluxcd.io/prune: disabled}":           "b",
	} {
		r := load(t, map[string]string{
			"flux.yaml": ks("k", "./k", ", postBuild: {substitute: {A: b}}"),
			"k/a.yaml":  "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, " + metadata + "}\ndata: {v: '${A}'}\n",
		})
		if diff := cmp.Diff(map[string]any{"v": want}, r.Objects[0].Body.Object["data"]); diff != "" {
			t.Errorf("%s (-want +got)\n%s", metadata, diff)
		}
	}
}
