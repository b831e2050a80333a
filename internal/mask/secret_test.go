package mask

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// TestSecretsInsideObjects: no option lets out the data of a Secret that is rendered or declared inside another object.
func TestSecretsInsideObjects(t *testing.T) {
	t.Parallel()
	const secret = `apiVersion: v1, kind: Secret, metadata: {name: db, annotations: {kubectl.kubernetes.io/last-applied-configuration: '{"stringData":{"l":"hunter2"}}'}}, type: Opaque, data: {k: aHVudGVyMg==}, stringData: {l: hunter2}`
	for name, object := range map[string]string{
		"Alone":              `{` + secret + `}`,
		"RenderedRelease":    `{apiVersion: openchoreo.dev/v1alpha1, kind: RenderedRelease, spec: {resources: [{id: b, object: {` + secret + `}}]}}`,
		"ListInAnObject":     `{apiVersion: openchoreo.dev/v1alpha1, kind: RenderedRelease, spec: {resources: [{id: b, object: {apiVersion: v1, kind: List, items: [{` + secret + `}]}}]}}`,
		"ComponentRelease":   `{apiVersion: openchoreo.dev/v1alpha1, kind: ComponentRelease, spec: {componentType: {spec: {resources: [{id: s, template: {` + secret + `}}]}}}}`,
		"ResourceSet":        `{apiVersion: fluxcd.controlplane.io/v1, kind: ResourceSet, spec: {resources: [{` + secret + `}]}}`,
		"AnnotationInside":   `{apiVersion: openchoreo.dev/v1alpha1, kind: RenderedRelease, spec: {resources: [{id: b, object: {apiVersion: v1, kind: ConfigMap, metadata: {annotations: {kubectl.kubernetes.io/last-applied-configuration: '{"kind":"Secret","data":{"k":"aHVudGVyMg=="}}'}}}}]}}`,
		"KustomizationPatch": `{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, spec: {patchesStrategicMerge: [{` + secret + `}]}}`,
	} {
		for _, off := range []bool{false, true} {
			masked, err := New(off, false).Body(parsed(t, object))
			if err != nil {
				t.Fatal(err)
			}
			text, err := (&unstructured.Unstructured{Object: masked}).MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			if got := string(text); strings.Contains(got, "hunter2") || strings.Contains(got, "aHVudGVyMg") {
				t.Errorf("%s, with values %t: %s", name, off, got)
			}
		}
	}
	open, err := New(true, false).Body(parsed(t, `{apiVersion: openchoreo.dev/v1alpha1, kind: RenderedRelease, spec: {resources: [{object: {apiVersion: v1, kind: ConfigMap, data: {k: kept}}}, {object: {`+secret+`}}]}}`))
	if err != nil {
		t.Fatal(err)
	}
	if text, _ := (&unstructured.Unstructured{Object: open}).MarshalJSON(); !strings.Contains(string(text), "kept") {
		t.Errorf("a ConfigMap beside a Secret lost its values: %s", text)
	}
}
