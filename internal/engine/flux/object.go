// Package flux holds what Flux's engines have in common: labels, inventories, dependencies, and its sources.
package flux

import (
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Object answers for the objects of Flux's kinds what is the same for all.
type Object struct{ engine.None }

// Inventory is status.inventory, whose entries are ids. Entries that cannot be read are left out.
func (Object) Inventory(u *unstructured.Unstructured) []facts.Ref {
	items := kinds.Items(u, "status", "inventory", "entries")
	entries := make([]facts.Ref, 0, len(items))
	for _, item := range items {
		if e, ok := kinds.ParseInventoryID(kinds.String(item, "id")); ok {
			entries = append(entries, engine.Ref(e))
		}
	}
	return entries
}

// Revision is that of the artifact which a source holds, as a Git revision where its producer wrote down which one it is.
func (Object) Revision(u *unstructured.Unstructured) string {
	if u == nil {
		return ""
	}
	metadata := kinds.Fields(u.Object, "status", "artifact", "metadata")
	return kinds.GitRevision(kinds.Text(u, "status", "artifact", "revision"), kinds.String(metadata, kinds.OriginRevision))
}

// LastChange reads status.history. An entry that comes back keeps the time of its first run, so the end of the run before bounds it.
func (Object) LastChange(u *unstructured.Unstructured) time.Time {
	history := kinds.Items(u, "status", "history")
	if len(history) == 0 {
		return time.Time{}
	}
	at := func(i int, field string) time.Time {
		t, _ := time.Parse(time.RFC3339, kinds.String(history[i], field))
		return t
	}
	first, last := at(0, "firstReconciled"), at(0, "lastReconciled")
	if first.IsZero() || len(history) > 1 && !first.After(at(1, "lastReconciled")) {
		return last
	}
	return first
}

// DependsOn is spec.dependsOn of a Kustomization, HelmRelease or ResourceSet. A namespace that is left out is its own,
// and so is a kind, except for a ResourceSet, which must name it and may name any.
func (Object) DependsOn(u *unstructured.Unstructured) []facts.Ref {
	var needed []facts.Ref
	for _, d := range kinds.Items(u, "spec", "dependsOn") {
		r := facts.Ref{
			Plane: facts.Control, Group: u.GroupVersionKind().Group, Kind: u.GetKind(),
			Namespace: kinds.String(d, "namespace"), Name: kinds.String(d, "name"),
		}
		if kind := kinds.String(d, "kind"); kind != "" {
			group, _, _ := strings.Cut(kinds.String(d, "apiVersion"), "/")
			r.Group, r.Kind = group, kind
		}
		if r.Namespace == "" {
			r.Namespace = u.GetNamespace()
		}
		needed = append(needed, r)
	}
	return needed
}

// LabeledBy is the object of a kind that labels of u name as its applier (kustomize-controller v1.9.3
// kustomization_controller.go:474; helm-controller v1.6.3 internal/postrender/common_renderer.go:45; flux-operator
// api/v1/resourceset_types.go:23).
func LabeledBy(u *unstructured.Unstructured, prefix, group, kind string) []facts.Ref {
	namespace, name := kinds.Label(u, prefix+"/namespace"), kinds.Label(u, prefix+"/name")
	if namespace == "" || name == "" {
		return nil
	}
	return []facts.Ref{{Plane: facts.Control, Group: group, Kind: kind, Namespace: namespace, Name: name}}
}

// PausedBy is spec.suspend, else the annotation <group>/reconcile of the kinds that have no such field (flux-operator api/v1;
// source-watcher v2.2).
func PausedBy(u *unstructured.Unstructured, group string) string {
	if by := (engine.None{}).PausedBy(u); by != "" {
		return by
	}
	if key := group + "/reconcile"; kinds.Annotation(u, key) == "disabled" {
		return key + ": disabled"
	}
	return ""
}

// Controller is the one of that name, where `flux install` puts it (flux2 v2.9.4 manifests; fluxcd/pkg runtime v0.110
// leaderelection).
func Controller(name string) kinds.Controller {
	return kinds.Controller{Namespace: "flux-system", Deployment: name, Lease: name + "-leader-election"}
}
