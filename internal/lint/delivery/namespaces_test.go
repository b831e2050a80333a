package delivery_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/linttest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestNamespaces: Flux has no namespace of its own to put an object into.
func TestNamespaces(t *testing.T) {
	t.Parallel()
	lost := "{apiVersion: v1, kind: ConfigMap, metadata: {name: lost}}"
	r := linttest.Repository(t, lost+"\n{apiVersion: v1, kind: Namespace, metadata: {name: n}}\n{apiVersion: example.com/v1, kind: Thing, metadata: {name: t}}")
	if got := linttest.Lines(t, r); got != nil {
		t.Errorf("applied by hand: %v", got)
	}
	r.Objects[0].AppliedBy = []facts.Ref{{Plane: facts.Control, Group: "argoproj.io", Kind: "Application", Namespace: "argocd", Name: "apps"}}
	if got := linttest.Lines(t, r); got != nil {
		t.Errorf("Argo CD has spec.destination.namespace: %v", got)
	}
	r.Objects[0].AppliedBy = nil
	linttest.Delivered(t, r, "a", "", "ConfigMap", "Namespace", "Thing")
	if diff := cmp.Diff([]string{"lost.yaml error KustomizationApplyFailed"}, linttest.Lines(t, r)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestControlPlaneNamespaces(t *testing.T) {
	t.Parallel()
	namespace := func(name, labels string) string {
		return "{apiVersion: v1, kind: Namespace, metadata: {name: " + name + ", labels: {" + labels + "}}}\n"
	}
	linttest.CompareMessages(t, "Labelled", namespace("shop", "openchoreo.dev/control-plane: 'true'"), nil)
	linttest.CompareMessages(t, "NotLabelled", namespace("shop", "a: b"), []string{
		`shop.yaml warning NamespaceNotListed Namespace shop contains Projects, but has no label openchoreo.dev/control-plane: "true"`,
	})
	linttest.CompareMessages(t, "WithoutProjects", namespace("monitoring", ""), nil)
}

// TestRenamedNamespaces: a Namespace whose name is a placeholder is meant to be renamed; one that other objects need is not.
func TestRenamedNamespaces(t *testing.T) {
	t.Parallel()
	const namespace = "{apiVersion: v1, kind: Namespace, metadata: {name: %s}}\n"
	inside := "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: a}}\n"
	want := []string{"a.yaml warning NamespaceRenamed Namespace a is applied as Namespace b, but ConfigMap a/settings is in namespace a", "checked as 1.2"}
	for name, c := range map[string]struct {
		written, applied, target, more string
		want                           []string
	}{
		"ByKustomize":       {"a", "b", "", inside, want},
		"ByTarget":          {"a", "a", "b", inside, want},
		"SameTarget":        {"a", "a", "a", inside, want[1:]},
		"NoTarget":          {"a", "a", "", inside, want[1:]},
		"Placeholder":       {"_", "b", "", inside, want[1:]},
		"NothingInside":     {"a", "b", "", "", want[1:]},
		"DeclaredElsewhere": {"a", "b", "", inside + strings.ReplaceAll(namespace, "%s", "a"), want[1:]},
	} {
		r := linttest.Repository(t, strings.ReplaceAll(namespace, "%s", c.written)+c.more)
		linttest.Delivered(t, r, "apps", "")
		r.Objects[0].AppliedBy = []facts.Ref{r.Kustomizations[0].Ref}
		r.Objects[0].Ref.Name = c.applied
		if c.target != "" {
			r.Kustomizations[0].Body.Object["spec"].(map[string]any)["targetNamespace"] = c.target
		}
		if diff := cmp.Diff(c.want, linttest.Without(linttest.Messages(t, r, ""), "DuplicateObject")); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
