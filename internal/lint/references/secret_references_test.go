package references

import (
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// TestHasKey: the keys of a SecretReference are those of the Secret that it creates, not those of the store.
func TestHasKey(t *testing.T) {
	t.Parallel()
	data := []any{map[string]any{"secretKey": "password", "remoteRef": map[string]any{"key": "db", "property": "token"}}, "no object"}
	o := &manifest.Object{Body: &unstructured.Unstructured{Object: map[string]any{"spec": map[string]any{"data": data}}}}
	for key, want := range map[string]bool{"password": true, "token": false, "db": false, "": false} {
		if got := hasKey(o, key); got != want {
			t.Errorf("%q: %v, want %v", key, got, want)
		}
	}
	if hasKey(&manifest.Object{Body: &unstructured.Unstructured{Object: map[string]any{}}}, "password") {
		t.Error("an empty SecretReference has a key")
	}
}
