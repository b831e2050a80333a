package schema

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/schemas"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// body is an object with variables of Flux and expressions of OpenChoreo.
func body() map[string]any {
	return map[string]any{
		"metadata": map[string]any{"labels": map[string]any{"app.kubernetes.io/name": "${NAME}", "app": "front"}},
		"spec": map[string]any{
			"ports":   []any{map[string]any{"port": "${PORT:=80}"}, map[string]any{"port": "http"}},
			"deep":    map[string]any{"list": []any{"a", map[string]any{"b": []any{"x-${A_1}-y"}}}},
			"name":    "${metadata.name}",
			"cel":     "${1 + 2}",
			"number":  3,
			"missing": nil,
		},
	}
}

// TestValueAt: a path leads through keys, which may have dots, and indexes; a key counts before one that it begins
// with, and a path that leads nowhere has no value.
func TestValueAt(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]any{
		"spec.ports[0].port":                      "${PORT:=80}",
		"spec.ports[1].port":                      "http",
		"spec.ports[2].port":                      nil,
		"spec.ports[-1].port":                     nil,
		"spec.ports.port":                         nil,
		"metadata.labels[app.kubernetes.io/name]": "${NAME}",
		"metadata.labels.app.kubernetes.io/name":  "${NAME}",
		"metadata.labels.app.other":               "front",
		"metadata.labels.app":                     "front",
		"spec.number":                             3,
		"spec.number.of.nothing":                  3,
		"spec.name.first":                         "${metadata.name}",
		"spec.other":                              nil,
		"spec.deep.list[1].b[0]":                  "x-${A_1}-y",
	} {
		if diff := cmp.Diff(want, valueAt(body(), pathStep.FindAllString(path, -1))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", path, diff)
		}
	}
}

// TestIsVariable: a violation is not reported if its value is only known after substitution. An expression of OpenChoreo, with a dot,
// is no variable, and the name of a field is known.
func TestIsVariable(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		violation schemas.Violation
		want      bool
	}{
		"Value":           {schemas.Violation{Path: "spec.other", Value: "${A}"}, true},
		"PlainValue":      {schemas.Violation{Path: "spec.other", Value: "A"}, false},
		"AtThePath":       {schemas.Violation{Path: "spec.ports[0].port"}, true},
		"BesideThePath":   {schemas.Violation{Path: "spec.ports[1].port"}, false},
		"InsideAnObject":  {schemas.Violation{Path: "spec.deep"}, true},
		"InsideAList":     {schemas.Violation{Path: "spec.deep.list"}, true},
		"OneOfAList":      {schemas.Violation{Path: "spec.deep.list[0]"}, false},
		"Expression":      {schemas.Violation{Path: "spec.name"}, false},
		"CEL":             {schemas.Violation{Path: "spec.cel"}, false},
		"Number":          {schemas.Violation{Path: "spec.number"}, false},
		"Missing":         {schemas.Violation{Path: "spec.missing"}, false},
		"DottedKey":       {schemas.Violation{Path: "metadata.labels[app.kubernetes.io/name]"}, true},
		"UnknownField":    {schemas.Violation{Path: "spec.deep", Unknown: true}, false},
		"UnknownVariable": {schemas.Violation{Path: "spec.${A}", Unknown: true}, true},
	} {
		o := &manifest.Object{Body: &unstructured.Unstructured{Object: body()}}
		if got := isVariable(o, c.violation); got != c.want {
			t.Errorf("%s: %t, want %t", name, got, c.want)
		}
	}
}

// TestNearest: only the name of an unknown field may be a mistyped one, of those beside it.
func TestNearest(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		violation schemas.Violation
		want      string
	}{
		"Mistyped": {schemas.Violation{Path: "spec.chart.verson", Beside: []string{"values", "version"}, Unknown: true}, "spec.chart.version"},
		"AtTheTop": {schemas.Violation{Path: "spek", Beside: []string{"spec"}, Unknown: true}, "spec"},
		"Other":    {schemas.Violation{Path: "spec.chart.any", Beside: []string{"values", "version"}, Unknown: true}, ""},
		"Known":    {schemas.Violation{Path: "spec.chart.verson", Beside: []string{"version"}}, ""},
		"Nothing":  {schemas.Violation{Path: "spec.chart.verson", Unknown: true}, ""},
	} {
		if got := nearest(c.violation); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
