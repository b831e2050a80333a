package facts

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

const (
	bySpec   = `{"manager":%,"operation":"Apply","fieldsType":"FieldsV1","fieldsV1":{"f:spec":{"f:replicas":{}}}}`
	byScale  = `{"manager":%,"operation":"Update","subresource":"scale","fieldsType":"FieldsV1","fieldsV1":{"f:spec":{"f:replicas":{}}}}`
	byStatus = `{"manager":%,"operation":"Update","subresource":"status","fieldsType":"FieldsV1","fieldsV1":{"f:status":{}}}`
	template = `{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a","namespace":"n","labels":{"openchoreo.dev/component":"c"},"managedFields":[%]},"spec":{"replicas":2,"ratio":0.5}}`
)

func deployment(managers ...string) string {
	return strings.Replace(template, "%", strings.Join(managers, ","), 1)
}

func manager(form, name string) string { return strings.Replace(form, "%", `"`+name+`"`, 1) }

// TestEncodedIsTheObject expects the same object as from Clean without the encoding.
func TestEncodedIsTheObject(t *testing.T) {
	t.Parallel()
	ref := Ref{Plane: "p", Group: "apps", Kind: "Deployment", Namespace: "n", Name: "a"}
	one, two := deployment(manager(bySpec, "x"), manager(byStatus, "y")), deployment(manager(bySpec, "x"), manager(bySpec, "kubectl-edit"))
	scaled := deployment(manager(bySpec, "x"), manager(byScale, "autoscaler"))
	for name, c := range map[string]struct {
		item, whole string
		drops       bool
	}{
		"NoManager":     {deployment(), deployment(), false},
		"OneOfTheSpec":  {one, one, true},
		"TwoOfTheSpec":  {two, two, false},
		"OneThatScales": {scaled, scaled, false},
		"WithoutAKind":  {strings.Replace(one, `"apiVersion":"apps/v1","kind":"Deployment",`, "", 1), one, true},
		"OnlyAKind":     {`{"apiVersion":"apps/v1","kind":"Deployment"}`, `{"apiVersion":"apps/v1","kind":"Deployment"}`, false},
	} {
		want := &unstructured.Unstructured{}
		if err := want.UnmarshalJSON([]byte(c.whole)); err != nil {
			t.Fatal(err)
		}
		Clean(want)
		e := Encode(ref, "apps/v1", c.item)
		got := e.Object()
		if diff := cmp.Diff(Object{Ref: ref, Outcome: Found, Body: want}, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
		if dropped := !strings.Contains(e.JSON, "f:"); dropped != c.drops && strings.Contains(c.item, "f:") {
			t.Errorf("%s: managedFields dropped %t, want %t", name, dropped, c.drops)
		}
	}
}

func TestEncodedFields(t *testing.T) {
	t.Parallel()
	e := Encode(Ref{Kind: "Deployment"}, "apps/v1", deployment())
	for want, path := range map[string][]string{
		"c": {"metadata", "labels", "openchoreo.dev/component"}, "a": {"metadata", "name"}, "": {"spec", "replicas"},
	} {
		if got := e.Text(path...); got != want {
			t.Errorf("%v is %q, want %q", path, got, want)
		}
	}
	if diff := cmp.Diff(map[string]string{"openchoreo.dev/component": "c"}, e.Labels()); diff != "" {
		t.Errorf("labels (-want +got)\n%s", diff)
	}
	if got := (Encoded{Ref: Ref{Kind: "Pod"}, JSON: "{"}).Object(); got.Outcome != Unreachable || got.Reason == "" {
		t.Errorf("what is no JSON is %s: %q", got.Outcome, got.Reason)
	}
	if got := (Encoded{}).Object(); got.Outcome == Found {
		t.Error("no object is found")
	}
}
