package kinds

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

func object(t *testing.T, text string) *unstructured.Unstructured {
	t.Helper()
	u := &unstructured.Unstructured{}
	asJSON, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := u.UnmarshalJSON(asJSON); err != nil {
		t.Fatal(err)
	}
	return u
}

// TestFields expects the zero value for a field that is absent, of another type, or of nil.
func TestFields(t *testing.T) {
	t.Parallel()
	u := object(t, `
apiVersion: v1
kind: Pod
metadata: {name: a, labels: {app.kubernetes.io/name: l}, annotations: {example.com/a: value}}
spec: {text: t, number: 7, flag: true, at: "2026-11-21T04:00:00Z", items: [{name: one}, text, {name: two}], fields: {deeper: {name: z}}}
`)
	number, hasNumber := Number(u, "spec", "number")
	none, hasNone := Number(u, "spec", "none")
	text, hasText := Number(u, "spec", "text")
	for name, c := range map[string]struct{ want, got any }{
		"Text":             {"t", Text(u, "spec", "text")},
		"TextOfNumber":     {"", Text(u, "spec", "number")},
		"TextAbsent":       {"", Text(u, "spec", "none", "deeper")},
		"Number":           {[]any{int64(7), true}, []any{number, hasNumber}},
		"NumberAbsent":     {[]any{int64(0), false}, []any{none, hasNone}},
		"NumberOfText":     {[]any{int64(0), false}, []any{text, hasText}},
		"Bool":             {true, Bool(u, "spec", "flag")},
		"BoolOfText":       {false, Bool(u, "spec", "text")},
		"BoolAbsent":       {false, Bool(u, "spec", "none")},
		"Items":            {[]map[string]any{{"name": "one"}, {"name": "two"}}, Items(u, "spec", "items")},
		"ItemsOfAnObject":  {[]map[string]any{}, Items(u, "spec", "fields")},
		"Fields":           {map[string]any{"name": "z"}, Fields(u.Object, "spec", "fields", "deeper")},
		"FieldsOfText":     {map[string]any(nil), Fields(u.Object, "spec", "text")},
		"String":           {"z", String(u.Object, "spec", "fields", "deeper", "name")},
		"StringOfNothing":  {"", String(nil, "name")},
		"Label":            {"l", Label(u, "app.kubernetes.io/name")},
		"LabelAbsent":      {"", Label(u, "example.com/a")},
		"Annotation":       {"value", Annotation(u, "example.com/a")},
		"AnnotationAbsent": {"", Annotation(u, "app.kubernetes.io/name")},
		"Time":             {time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC), Time(u, "spec", "at")},
		"TimeOfText":       {time.Time{}, Time(u, "spec", "text")},
		"TextOfNothing":    {"", Text(nil, "spec", "text")},
		"BoolOfNothing":    {false, Bool(nil, "spec", "flag")},
		"ItemsOfNothing":   {[]map[string]any(nil), Items(nil, "spec", "items")},
		"LabelOfNothing":   {"", Label(nil, "app.kubernetes.io/name")},
		"TimeOfNothing":    {time.Time{}, Time(nil, "spec", "at")},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	if n, ok := Number(nil, "spec", "number"); n != 0 || ok {
		t.Errorf("a number of nothing: %d, %v", n, ok)
	}
}
