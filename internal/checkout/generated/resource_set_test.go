package generated

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestResourceSet: each template is rendered once for each input. What cannot be rendered, is no object, or is disabled by its
// annotation, is left out, and an object that several inputs yield is one.
func TestResourceSet(t *testing.T) {
	t.Parallel()
	const two = "inputs: [{tenant: east}, {tenant: west, port: 8080}]\n"
	const each = "{apiVersion: v1, kind: ConfigMap, metadata: {name: '<< inputs.tenant >>', namespace: shop}}"
	const same = "{apiVersion: v1, kind: ConfigMap, metadata: {name: shared}}"
	for name, c := range map[string]struct {
		spec string
		want []string
	}{
		"Nothing":           {"{}", nil},
		"WithoutInputs":     {"resources: [" + same + "]\n", []string{"ConfigMap shared"}},
		"EachInput":         {two + "resources: [" + each + "]\n", []string{"ConfigMap shop/east", "ConfigMap shop/west"}},
		"TheSameForEach":    {two + "resources: [" + same + ", " + each + "]\n", []string{"ConfigMap shared", "ConfigMap shop/east", "ConfigMap shop/west"}},
		"OtherNamespaces":   {two + "resources: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: '<< inputs.tenant >>'}}]\n", []string{"ConfigMap east/a", "ConfigMap west/a"}},
		"OtherKinds":        {two + "resources: [{apiVersion: v1, kind: '<< inputs.tenant >>', metadata: {name: a}}]\n", []string{"east a", "west a"}},
		"OtherGroups":       {two + "resources: [{apiVersion: '<< inputs.tenant >>/v1', kind: K, metadata: {name: a}}]\n", []string{"K a", "K a"}},
		"UnknownInput":      {two + "resources: [{apiVersion: v1, kind: ConfigMap, metadata: {name: 'p<< inputs.port >>'}}]\n", []string{"ConfigMap p8080"}},
		"InputsOfProviders": {"inputsFrom: [{kind: ResourceSetInputProvider, name: p}]\nresources: [" + same + "]\n", nil},
		"AndOfProviders":    {two + "inputsFrom: [{kind: ResourceSetInputProvider, name: p}]\nresources: [" + each + "]\n", []string{"ConfigMap shop/east", "ConfigMap shop/west"}},
		"Template":          {two + "resourcesTemplate: |\n  ---\n  apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: << inputs.tenant >>}\n  ---\n  apiVersion: v1\n  kind: Secret\n  metadata: {name: s}\n", []string{"ConfigMap east", "ConfigMap west", "Secret s"}},
		"TemplateAsWell":    {"resources: [" + same + "]\nresourcesTemplate: |\n  apiVersion: v1\n  kind: Secret\n  metadata: {name: s}\n", []string{"ConfigMap shared", "Secret s"}},
		"Steps":             {two + "steps:\n- {name: one, resources: [" + each + "]}\n- name: two\n  resourcesTemplate: |\n    apiVersion: v1\n    kind: Secret\n    metadata: {name: << inputs.tenant >>}\n", []string{"ConfigMap shop/east", "ConfigMap shop/west", "Secret east", "Secret west"}},
		"NoObjects":         {"resources: [{apiVersion: v1, metadata: {name: a}}, {kind: ConfigMap, metadata: {name: a}}, {apiVersion: v1, kind: ConfigMap}, text]\nresourcesTemplate: |\n  a: [\n", nil},
		"BrokenTemplate":    {"resources: [" + same + "]\nresourcesTemplate: '<< if >>'\n", []string{"ConfigMap shared"}},
		"Disabled":          {two + "resources: [{apiVersion: v1, kind: ConfigMap, metadata: {name: '<< inputs.tenant >>', annotations: {fluxcd.controlplane.io/reconcile: '<< if eq inputs.tenant \"east\" >>disabled<< else >>enabled<< end >>'}}}]\n", []string{"ConfigMap west"}},
	} {
		set := objectOf(t, "apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSet\nmetadata: {name: s}\n")
		set.Object["spec"] = specOf(t, c.spec)
		got := identities(fromResourceSet(set))
		slices.Sort(got)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestResourceSetFields: fields are rendered wherever they are, and stay numbers and texts.
func TestResourceSetFields(t *testing.T) {
	t.Parallel()
	got := fromResourceSet(objectOf(t, `apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
metadata: {name: s}
spec:
  inputs: [{tenant: east, replicas: 2, labels: {tier: "1"}}]
  resources:
  - apiVersion: example.com/v1
    kind: App
    metadata: {name: "<< inputs.tenant >>", labels: {tier: << inputs.labels.tier | quote >>}}
    spec: {replicas: << inputs.replicas >>, path: "./tenants/<< inputs.tenant >>", items: ["<< inputs.tenant >>"], "on": true}
`))
	want := []map[string]any{{
		"apiVersion": "example.com/v1", "kind": "App", "metadata": map[string]any{"name": "east", "labels": map[string]any{"tier": "1"}},
		"spec": map[string]any{"replicas": int64(2), "path": "./tenants/east", "items": []any{"east"}, "on": true},
	}}
	if diff := cmp.Diff(want, fieldsOf(got)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
