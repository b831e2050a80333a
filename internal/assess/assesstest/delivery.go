package assesstest

import (
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TakeOver frees the component's own objects from their Kustomization, which keeps the project, and marks them anew.
func (w World) TakeOver(mark func(o *unstructured.Unstructured)) {
	w.T.Helper()
	for _, o := range w.Objects() {
		switch {
		case o.Ref.Kind == "Kustomization":
			entries, _, _ := unstructured.NestedSlice(o.Body.Object, "status", "inventory", "entries")
			kept := []any{}
			for _, e := range entries {
				if !strings.Contains(kinds.String(e.(map[string]any), "id"), "_greeter-service") {
					kept = append(kept, e)
				}
			}
			w.Set(o, kept, "status", "inventory", "entries")
		case o.Ref.Group == kinds.OpenChoreo && strings.HasPrefix(o.Ref.Name, "greeter-service") && o.Ref.Kind != "RenderedRelease":
			o.Body.SetLabels(nil)
			mark(o.Body)
		}
	}
}

// FluxLabels marks an object as one that an object of Flux in the namespace shop has applied.
func FluxLabels(prefix, name string) func(*unstructured.Unstructured) {
	return func(u *unstructured.Unstructured) {
		u.SetLabels(map[string]string{prefix + "/name": name, prefix + "/namespace": "shop"})
	}
}

// ApplyFailed sets the state after an apply that failed because the namespace was missing. The namespace exists now.
func (w World) ApplyFailed(age time.Duration) {
	w.T.Helper()
	w.Condition(w.One("RenderedRelease", "greeter-service-development"), age, "ResourcesApplied", "False", "ApplyFailed",
		`Failed to apply resources to target plane: failed to apply resource configmap-x: namespaces "dp-x" not found`)
}

// NamespaceReady has the namespace of development exist since then.
func (w World) NamespaceReady(age time.Duration) {
	w.T.Helper()
	w.Condition(w.One("ProjectReleaseBinding", "-development"), age, "NamespaceReady", "True", "NamespaceReady", "it exists")
}

// ClearOwners empties the list of the objects of a kind that the component owns.
func (w World) ClearOwners(kind string) {
	for _, l := range w.Lists() {
		if l.Query.Kind == kind {
			l.Items = nil
			w.PutList(l, nil)
		}
	}
}

// Projects is the Kustomization that applies the component.
func (w World) Projects() facts.Object { return w.One("Kustomization", "-projects") }

// Applied is when the Kustomization of the projects was through.
func (w World) Applied(age time.Duration) {
	w.T.Helper()
	w.Condition(w.One("Kustomization", "-projects"), age, "Ready", "True", "ReconciliationSucceeded", "Applied revision")
}

// Applies has the Kustomization of the projects at work, unless what it did is old.
func (w World) Applies(age time.Duration) {
	w.T.Helper()
	if age < time.Hour {
		w.Set(w.Projects(), "main@sha1:0123456789012345678901234567890123456789", "status", "lastAppliedRevision")
		w.Condition(w.One("Kustomization", "-projects"), age, "Ready", "Unknown", "Progressing", "Reconciliation in progress")
	}
}
