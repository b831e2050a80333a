package collect

import (
	"context"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func TestKustomizationsAreReadByNameWhereTheyMayNotBeListed(t *testing.T) {
	t.Parallel()
	c, subject := recorded(t, "healthy")
	s := collect(t, &listless{c}, subject)
	if got := len(s.Of(facts.Control, kinds.FluxKustomize, "Kustomization")); got != 4 {
		t.Errorf("%d Kustomizations, want the one that applies and the three it depends on", got)
	}
	if got := len(s.Of(facts.Control, kinds.FluxSource, "GitRepository")); got != 1 {
		t.Errorf("%d sources, want 1", got)
	}
}

// listless refuses to list Kustomizations, but returns each by name, as for a user with rights in one namespace.
type listless struct{ *cluster }

func (c *listless) List(ctx context.Context, q facts.Query) (facts.List, []facts.Object) {
	if q.Kind == "Kustomization" {
		c.note("LIST Kustomization")
		return facts.List{Query: q, Outcome: facts.Forbidden, Reason: "no"}, nil
	}
	return c.cluster.List(ctx, q)
}

func TestDependsOnCycleEnds(t *testing.T) {
	t.Parallel()
	c, subject := recorded(t, "healthy")
	for _, o := range c.objects {
		if o.Ref.Kind == "Kustomization" && strings.HasSuffix(o.Ref.Name, "-namespaces") {
			dependsOn := []any{map[string]any{"name": strings.Replace(o.Ref.Name, "-namespaces", "-projects", 1)}}
			if err := unstructured.SetNestedSlice(o.Body.Object, dependsOn, "spec", "dependsOn"); err != nil {
				t.Fatal(err)
			}
		}
	}
	collect(t, c, subject)
	if got := waves(t, c, subject); got > 4 {
		t.Errorf("%d waves", got)
	}
}
