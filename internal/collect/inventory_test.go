package collect

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func TestInventoryIsTrimmed(t *testing.T) {
	t.Parallel()
	c, subject := recorded(t, "healthy")
	const strangers = 16_000
	for _, o := range c.objects {
		if !strings.HasSuffix(o.Ref.Name, "-projects") || o.Ref.Kind != "Kustomization" {
			continue
		}
		entries, _, _ := unstructured.NestedSlice(o.Body.Object, "status", "inventory", "entries")
		for i := range strangers {
			entries = append(entries, map[string]any{"id": "other_c" + strings.Repeat("x", i%9) + "_openchoreo.dev_Component", "v": "v1alpha1"})
		}
		if err := unstructured.SetNestedSlice(o.Body.Object, entries, "status", "inventory", "entries"); err != nil {
			t.Fatal(err)
		}
		o.Body.SetAnnotations(nil)
	}
	s := collect(t, c, subject)
	for _, ks := range s.Of(facts.Control, kinds.FluxKustomize, "Kustomization") {
		if n := len(engines.All().Inventory(ks)); n > 20 {
			t.Errorf("%s keeps %d entries", ks.Ref.Name, n)
		}
	}
}
