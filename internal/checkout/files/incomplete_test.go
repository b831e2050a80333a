package files

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestIncomplete: a document that is evidently an object, but lacks its kind, API version or name, is reported. The configuration of a tool
// is not.
func TestIncomplete(t *testing.T) {
	t.Parallel()
	const other = "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: t}\n"
	for name, c := range map[string]struct{ text, want string }{
		"NoKind":          {"apiVersion: apps/v1\nmetadata: {name: a}\nspec: {}\n", "1 this document has no kind"},
		"MisspeltKind":    {"apiVersion: apps/v1\nkid: Deployment\nmetadata: {name: a}\nspec: {}\n", "2 this document has no kind; the field kid may be misspelt or misplaced"},
		"NoAPIVersion":    {"kind: Thing\nmetadata: {name: a}\nspec: {}\n", "1 this Thing has no apiVersion"},
		"OfNoOtherObject": {"kind: Else\nmetadata: {name: a}\nspec: {}\n", ""},
		"WithNamespace":   {"kind: Else\nmetadata: {name: a, namespace: n}\nspec: {}\n", "1 this Else has no apiVersion"},
		"NoName":          {"apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {labels: {a: b}}\nspec: {}\n", "3 this Kustomization has no metadata.name"},
		"NoMetadata":      {"apiVersion: apps/v1\nkind: Deployment\nspec: {}\n", "1 this Deployment has no metadata.name"},
		"NoNameOfAThing":  {"apiVersion: example.com/v2\nkind: Thing\nmetadata: {labels: {a: b}}\n", "3 this Thing has no metadata.name"},
		"ThingNoMetadata": {"apiVersion: example.com/v1\nkind: Thing\nspec: {}\n", ""},
		"ThingOfOthers":   {"apiVersion: example.org/v1\nkind: Thing\nmetadata: {labels: {a: b}}\n", ""},
		"NamespaceOnly":   {"apiVersion: example.org/v1\nkind: Else\nmetadata: {namespace: n}\n", "3 this Else has no metadata.name"},
		"MisspeltName":    {"apiVersion: example.org/v1\nkind: Else\nmetadata: {nam: n}\n", "3 this Else has no metadata.name; the field nam may be misspelt or misplaced"},
		"Kustomization":   {"apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n", ""},
		"Component":       {"apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n", ""},
		"PodTemplate":     {"apiVersion: v1\nkind: Pod\nmetadata: {labels: {a: b}}\nspec: {}\n", ""},
		"Kubeconfig":      {"apiVersion: v1\nkind: Config\nclusters: []\n", ""},
		"Kind":            {"kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes: []\n", ""},
		"K3d":             {"apiVersion: k3d.io/v1alpha5\nkind: Simple\nservers: 1\n", ""},
		"Skaffold":        {"apiVersion: skaffold/v4beta6\nkind: Config\nbuild: {}\n", ""},
		"Kubelet":         {"apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n", ""},
		"Talos":           {"apiVersion: v1alpha1\nkind: ExtensionServiceConfig\nname: a\n", ""},
		"Chart":           {"apiVersion: v2\nname: a\nversion: 1.0.0\n", ""},
		"Compose":         {"services: {}\n", ""},
		"Workflow":        {"name: a\non: push\njobs: {}\n", ""},
		"Descriptor":      {"apiVersion: openchoreo.dev/v1alpha1\nmetadata: {name: a}\nendpoints: []\n", ""},
		"Review":          {"apiVersion: authorization.k8s.io/v1\nkind: SubjectAccessReview\nspec: {}\n", ""},
		"Object":          {object, ""},
	} {
		f := parseAll(t, map[string]string{"a.yaml": c.text, "other.yaml": other, "chart/Chart.yaml": "name: c\n", "chart/templates/a.yaml": c.text})
		got := ""
		for _, p := range f.Incomplete("a.yaml") {
			got += fmt.Sprint(p.Place.Line, " ", p.Message)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		if found := f.Incomplete("chart/templates/a.yaml"); found != nil {
			t.Errorf("%s in a chart: %v", name, found)
		}
	}
}

// TestIncompleteTemplate: a template that is no valid YAML may render the missing field.
func TestIncompleteTemplate(t *testing.T) {
	t.Parallel()
	const stray = "apiVersion: apps/v1\nmetadata: {name: a}\nspec: {}\n---\n"
	f := parseAll(t, map[string]string{"template.yaml": stray + "{{ if a }}\nb: [\n", "broken.yaml": stray + "b: [\n"})
	if len(f.Incomplete("template.yaml")) != 0 || len(f.Incomplete("broken.yaml")) != 1 {
		t.Errorf("template %v, broken %v", f.Incomplete("template.yaml"), f.Incomplete("broken.yaml"))
	}
}
