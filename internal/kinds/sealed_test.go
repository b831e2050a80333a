package kinds

import (
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func TestSealingScope(t *testing.T) {
	t.Parallel()
	for want, annotations := range map[string]map[string]string{
		"strict":         {"sealedsecrets.bitnami.com/cluster-wide": "false"},
		"namespace-wide": {"sealedsecrets.bitnami.com/namespace-wide": "true"},
		"cluster-wide":   {"sealedsecrets.bitnami.com/namespace-wide": "true", "sealedsecrets.bitnami.com/cluster-wide": "true"},
	} {
		u := &unstructured.Unstructured{Object: map[string]any{}}
		u.SetAnnotations(annotations)
		if got := SealingScope(u); got != want {
			t.Errorf("%v: %s, want %s", annotations, got, want)
		}
	}
}
