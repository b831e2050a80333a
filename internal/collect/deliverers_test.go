package collect

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestDeliverers expects the appliers of a component also for its project and its namespace, and none for others.
func TestDeliverers(t *testing.T) {
	t.Parallel()
	c, subject := recorded(t, "bindings-apart")
	names := func(scope Scope) []string {
		_, refs, err := Deliverers(t.Context(), c, scope, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		found := []string{}
		for _, ref := range refs {
			found = append(found, ref.Name)
		}
		return found
	}
	both := []string{"oc-bindings-apart-bindings", "oc-bindings-apart-projects"}
	// Environments and pipelines are OpenChoreo objects of the namespace as well.
	all := []string{"oc-bindings-apart-bindings", "oc-bindings-apart-platform", "oc-bindings-apart-projects"}
	for name, one := range map[string]struct {
		scope Scope
		want  []string
	}{
		"Project":          {Scope{Namespace: subject.Namespace, Project: "demo"}, both},
		"Namespace":        {Scope{Namespace: subject.Namespace}, all},
		"Everything":       {Scope{}, all},
		"AnotherProject":   {Scope{Namespace: subject.Namespace, Project: "shop"}, []string{}},
		"AnotherNamespace": {Scope{Namespace: "elsewhere"}, []string{}},
	} {
		if diff := cmp.Diff(one.want, names(one.scope)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestDeliverersBringWhatTheyNeed expects the parents, dependencies and sources of deliverers.
func TestDeliverersBringWhatTheyNeed(t *testing.T) {
	t.Parallel()
	c, subject := recorded(t, "healthy")
	s, _, err := Deliverers(t.Context(), c, Scope{Namespace: subject.Namespace}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	for _, ref := range []facts.Ref{
		{Plane: facts.Control, Group: "source.toolkit.fluxcd.io", Kind: "GitRepository", Namespace: "flux-system", Name: "oc-healthy"},
		{Plane: facts.Control, Group: "kustomize.toolkit.fluxcd.io", Kind: "Kustomization", Namespace: "flux-system", Name: "oc-healthy-namespaces"},
	} {
		if got := s.Object(ref).Outcome; got != facts.Found {
			t.Errorf("%s: %s, want it to be read", ref, got)
		}
	}
}
