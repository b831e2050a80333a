package build

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	kustomize "sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/yaml"
)

// TestSpecOf checks that a namespace and metadata do not need kustomize, and that all other fields do. The API server rejects
// fields with an invalid form.
func TestSpecOf(t *testing.T) {
	t.Parallel()
	for spec, c := range map[string]struct {
		want           kustomize.Kustomization
		needsKustomize bool
	}{
		"{path: ./apps, prune: true}":                      {kustomize.Kustomization{}, false},
		"{targetNamespace: shop}":                          {kustomize.Kustomization{Namespace: "shop"}, false},
		"{commonMetadata: {labels: {a: b}}}":               {kustomize.Kustomization{}, false},
		"{namePrefix: my-}":                                {kustomize.Kustomization{NamePrefix: "my-"}, true},
		"{nameSuffix: -eu}":                                {kustomize.Kustomization{NameSuffix: "-eu"}, true},
		"{components: [../debug]}":                         {kustomize.Kustomization{Components: []string{"../debug"}}, true},
		"{images: [{name: nginx, newTag: '1.2'}]}":         {kustomize.Kustomization{Images: []kustomize.Image{{Name: "nginx", NewTag: "1.2"}}}, true},
		"{patches: [{patch: 'a: b', path: outside.yaml}]}": {kustomize.Kustomization{Patches: []kustomize.Patch{{Patch: "a: b"}}}, true},
		"{patches: none, images: {}, components: 1}":       {kustomize.Kustomization{}, false},
	} {
		var plain map[string]any
		if err := yaml.Unmarshal([]byte("spec: "+spec), &plain); err != nil {
			t.Fatal(err)
		}
		around, needsKustomize := specOf(&unstructured.Unstructured{Object: plain})
		if diff := cmp.Diff(c.want, around); diff != "" || needsKustomize != c.needsKustomize {
			t.Errorf("%s: needs %v, want %v (-want +got)\n%s", spec, needsKustomize, c.needsKustomize, diff)
		}
	}
}
