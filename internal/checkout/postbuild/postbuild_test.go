package postbuild

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// document returns the object in a document of YAML.
func document(t *testing.T, text string) manifest.Object {
	t.Helper()
	file, err := manifest.Parse("a.yaml", []byte(text))
	if err != nil || len(file.Documents) != 1 {
		t.Fatalf("%v in %s", err, text)
	}
	d := &file.Documents[0]
	return manifest.Object{Ref: d.Ref, Body: d.Body, Document: d, File: "a.yaml"}
}

// substitute returns what a Kustomization with this field of its spec makes of an object, if the repository has these objects.
func substitute(t *testing.T, spec string, o manifest.Object, known ...manifest.Object) (manifest.Object, []manifest.Problem) {
	t.Helper()
	ks := document(t, "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: k, namespace: flux-system}\nspec: {path: ./k"+spec+"}\n")
	v := VariablesOf(ks.Body, false, func(ref facts.Ref) (*unstructured.Unstructured, bool) {
		for _, k := range known {
			if k.Ref == ref {
				return k.Body, true
			}
		}
		return nil, false
	})
	objects, problems := v.Substitute(ks.Body, []manifest.Object{o})
	if len(objects) != 1 {
		t.Fatalf("%d objects", len(objects))
	}
	return objects[0], problems
}

const configMap = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"

// TestSubstitute checks the result of each variable, and whether a variable without a value makes the Kustomization fail.
func TestSubstitute(t *testing.T) {
	t.Parallel()
	vars := func(kind, namespace string) string {
		return "apiVersion: v1\nkind: " + kind + "\nmetadata: {name: vars, namespace: " + namespace + "}\ndata: {A: from-" + strings.ToLower(kind) + ", B: from-" + strings.ToLower(kind) + "}\n"
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
		"MissingBesideASecret":    {", postBuild: {substituteFrom: [{kind: Secret, name: vars}]}", vars("Secret", "flux-system"), "${A} ${C}", "${A} ${C}", "ConfigMap a: variable"},
		"DefaultBesideASecret":    {", postBuild: {substituteFrom: [{kind: Secret, name: vars}]}", vars("Secret", "flux-system"), "${A} ${C:=c}", "${A} c", ""},
		"FromOneThatMayBeMissing": {", postBuild: {substituteFrom: [{kind: ConfigMap, name: gone, optional: true}], substitute: {B: inline}}", "", "${A}", "${A}", ""},
	} {
		var known []manifest.Object
		if c.objects != "" {
			known = append(known, document(t, c.objects))
		}
		built := document(t, configMap+"data: {v: '"+c.text+"'}\n")
		o, problems := substitute(t, c.spec, built, known...)
		got, _ := o.Body.Object["data"].(map[string]any)
		if diff := cmp.Diff(map[string]any{"v": c.want}, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		problem := ""
		for _, p := range problems {
			problem += p.Message
			line := map[bool]int{true: 4, false: 1}[strings.Contains(p.Message, "variable not set")]
			if p.Kind != manifest.NotSubstituted || p.Place != (manifest.Place{File: "a.yaml", Line: line}) || p.Object.Name != "k" {
				t.Errorf("%s: %+v", name, p)
			}
		}
		if !strings.HasPrefix(problem, c.problem) || (problem == "") != (c.problem == "") {
			t.Errorf("%s: the problem is %q, want %q", name, problem, c.problem)
		}
	}
}

// TestPlaceInAText: the configuration of a program is a block of many lines, often without another line of its own.
func TestPlaceInAText(t *testing.T) {
	t.Parallel()
	built := document(t, configMap+"data:\n  app.yaml: |\n    url: ${A}\n    port: ${C}\n")
	_, problems := substitute(t, ", postBuild: {substitute: {A: b}}", built)
	if len(problems) != 1 || problems[0].Place != (manifest.Place{File: "a.yaml", Line: 7}) {
		t.Errorf("%+v, want one at line 7", problems)
	}
}

// TestUnresolved: what a variable without a known value is part of cannot be judged.
func TestUnresolved(t *testing.T) {
	t.Parallel()
	const elsewhere = ", postBuild: {substituteFrom: [{kind: ConfigMap, name: gone}], substitute: {A: b}}"
	for name, c := range map[string]struct {
		spec, text string
		want       bool
	}{
		"Known":          {", postBuild: {substitute: {A: b}}", "${A}", false},
		"Missing":        {", postBuild: {substitute: {A: b}}", "${C}", true},
		"MaybeElsewhere": {elsewhere, "${C}", true},
		"ThenAKnown":     {elsewhere, "${C}${A}", true},
		"Default":        {elsewhere, "${C:=x}", true},
		"OnlyKnown":      {elsewhere, "${A}", false},
	} {
		o, _ := substitute(t, c.spec, document(t, configMap+"data: {v: '"+c.text+"'}\n"))
		if o.Unresolved != c.want {
			t.Errorf("%s: unresolved %t, want %t", name, o.Unresolved, c.want)
		}
	}
}

// TestPlaceOfAVariable: the place is the field with the variable.
func TestPlaceOfAVariable(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"data:\n  a: ${A:=x}\n  c.conf: ${B:=x}-${C}\n": 6,
		"list:\n- a\n- b: ${C}\n":                       6,
		"${C}: a\n":                                     1,
	} {
		_, problems := substitute(t, ", postBuild: {substitute: {X: x}}", document(t, configMap+text))
		if len(problems) != 1 || problems[0].Place != (manifest.Place{File: "a.yaml", Line: want}) {
			t.Errorf("%q: %+v, want line %d", text, problems, want)
		}
	}
}

// TestPlaceBesideALongerName: a variable whose name begins with that of the missing one is another variable.
func TestPlaceBesideALongerName(t *testing.T) {
	t.Parallel()
	o := document(t, configMap+"data:\n  a: ${ZONE_B:=x}\n  b: ${ZONE}\n")
	_, problems := substitute(t, ", postBuild: {substitute: {A: b}}", o)
	if len(problems) != 1 || problems[0].Place != (manifest.Place{File: "a.yaml", Line: 6}) {
		t.Errorf("%v, want line 6", problems)
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
		built := document(t, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, "+metadata+"}\ndata: {v: '${A}'}\n")
		o, _ := substitute(t, ", postBuild: {substitute: {A: b}}", built)
		if diff := cmp.Diff(map[string]any{"v": want}, o.Body.Object["data"]); diff != "" {
			t.Errorf("%s (-want +got)\n%s", metadata, diff)
		}
	}
}
