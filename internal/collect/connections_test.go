package collect

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestProvidersInOtherProjects expects three more requests for a resolved connection to another project, none for one inside the
// project, and nothing of who delivers the provider.
func TestProvidersInOtherProjects(t *testing.T) {
	t.Parallel()
	applier := facts.Ref{Plane: facts.Control, Group: "kustomize.toolkit.fluxcd.io", Kind: "Kustomization", Namespace: "flux-system", Name: "shop"}
	requests := func(project, visibility string) []string {
		c, subject := recorded(t, "healthy")
		subject.Environments = []string{"development"}
		connect(t, c, subject.Namespace, map[string]any{"project": project, "component": "till", "endpoint": "http", "visibility": visibility})
		if got := collect(t, c, subject).Object(applier).Outcome; got != facts.NotAsked {
			t.Errorf("%s: %s, want it not to be requested", applier, got)
		}
		return c.asked
	}
	for name, one := range map[string]struct {
		project, visibility string
		want                int
	}{
		"OwnProject":     {"demo", "project", 19},
		"OtherProject":   {"shop", "project", 22},
		"OtherNamespace": {"shop", "namespace", 22},
		"Gateway":        {"shop", "external", 19},
	} {
		asked := requests(one.project, one.visibility)
		if diff := cmp.Diff(one.want, len(asked)); diff != "" {
			t.Errorf("%s (-want +got)\n%s%v", name, diff, asked)
		}
	}
}

// connect adds a resolved connection to the binding of development, and its provider, whose release another Kustomization delivers.
func connect(t *testing.T, c *cluster, namespace string, connection map[string]any) {
	t.Helper()
	put := func(kind, name string, spec map[string]any) {
		ref := facts.Ref{Plane: facts.Control, Group: "openchoreo.dev", Kind: kind, Namespace: namespace, Name: name}
		c.objects = append(c.objects, facts.Object{Ref: ref, Outcome: facts.Found, Body: &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "openchoreo.dev/v1alpha1", "kind": kind, "spec": spec,
			"status": map[string]any{"conditions": []any{map[string]any{"type": "Ready", "status": "True"}}},
			"metadata": map[string]any{"name": name, "namespace": namespace, "labels": map[string]any{
				"kustomize.toolkit.fluxcd.io/name": "shop", "kustomize.toolkit.fluxcd.io/namespace": "flux-system",
			}},
		}}})
	}
	for _, o := range c.objects {
		if o.Ref.Kind == "ReleaseBinding" && o.Ref.Name == "greeter-service-development" {
			if err := unstructured.SetNestedField(o.Body.Object, []any{connection}, "status", "resolvedConnections"); err != nil {
				t.Fatal(err)
			}
		}
	}
	owner := map[string]any{"projectName": "shop", "componentName": "till"}
	put("ReleaseBinding", "till-development", map[string]any{"owner": owner, "environment": "development", "releaseName": "till-1"})
	put("ComponentRelease", "till-1", map[string]any{"owner": owner})
}
