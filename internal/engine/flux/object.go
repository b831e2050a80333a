// Package flux implements the common parts of Flux's engines: labels, inventories, dependencies, and sources.
package flux

import (
	"strings"
	"time"

	"github.com/fluxcd/pkg/apis/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Object implements the methods that are the same for all Flux kinds.
type Object struct{ engine.None }

// Inventory parses the entry ids of status.inventory. Invalid entries are skipped.
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

// Revision returns the revision of a source's artifact, as a Git revision if the producer of the artifact recorded one.
func (Object) Revision(u *unstructured.Unstructured) string {
	if u == nil {
		return ""
	}
	metadata := kinds.Fields(u.Object, "status", "artifact", "metadata")
	return kinds.GitRevision(kinds.Text(u, "status", "artifact", "revision"), kinds.String(metadata, kinds.OriginRevision))
}

// LastChange reads status.history. An entry for repeated content keeps the time of its first run, so the end of the previous run
// bounds the result.
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

// Runs reads status.history, of which the first entry is the newest. It has an entry for each content and result, five at most, with
// the number of their runs (fluxcd/pkg apis/meta v1.30 history.go). A failed build adds none (seen in the lab), and that of a
// HelmRelease has releases instead of runs.
func (Object) Runs(u *unstructured.Unstructured) engine.Runs {
	var runs engine.Runs
	for i, entry := range kinds.Items(u, "status", "history") {
		ended, err := time.Parse(time.RFC3339, kinds.String(entry, "lastReconciled"))
		if err != nil {
			return engine.Runs{}
		}
		if i == 0 {
			runs.LastEnd = ended
			runs.LastDuration, _ = time.ParseDuration(kinds.String(entry, "lastReconciledDuration"))
		}
		count, _ := kinds.Number(&unstructured.Unstructured{Object: entry}, "totalReconciliations")
		runs.Total += count
		if !succeeded(entry) {
			runs.Failed += count
		}
	}
	return runs
}

// History reads status.history, where an entry represents one content and one result. Its revision is that of its last run, and a
// content that comes back moves its old entry to the front (fluxcd/pkg apis/meta v1.30 history.go, Upsert). After a failed health
// check everything is applied.
func (Object) History(u *unstructured.Unstructured) []engine.Applied {
	var all []engine.Applied
	for _, item := range kinds.Items(u, "status", "history") {
		entry := &unstructured.Unstructured{Object: item}
		runs, _ := kinds.Number(entry, "totalReconciliations")
		status := kinds.String(item, "lastReconciledStatus")
		if revision := kinds.Text(entry, "metadata", "revision"); revision != "" {
			all = append(all, engine.Applied{
				Revision: revision, First: kinds.Time(entry, "firstReconciled"), Last: kinds.Time(entry, "lastReconciled"), Runs: runs,
				Failed: status != meta.ReconciliationSucceededReason && status != meta.HealthCheckFailedReason,
			})
		}
	}
	return all
}

// Interval is spec.interval.
func (Object) Interval(u *unstructured.Unstructured) time.Duration {
	return engine.Duration(u, "interval")
}

// Restores is true: each run applies everything (kustomize-controller v1.9.3 kustomization_controller.go; flux-operator
// api/v1).
func (Object) Restores(*unstructured.Unstructured) bool { return true }

// DependsOn returns spec.dependsOn of a Kustomization, HelmRelease or ResourceSet. The namespace defaults to that of u, and the
// kind to that of u. A ResourceSet must set the kind and may name any.
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

// LabeledBy returns the object of a kind that the labels of u name as its applier (kustomize-controller v1.9.3
// kustomization_controller.go:474; helm-controller v1.6.3 internal/postrender/common_renderer.go:45; flux-operator
// api/v1/resourceset_types.go:23).
func LabeledBy(u *unstructured.Unstructured, prefix, group, kind string) []facts.Ref {
	namespace, name := kinds.Label(u, prefix+"/namespace"), kinds.Label(u, prefix+"/name")
	if namespace == "" || name == "" {
		return nil
	}
	return []facts.Ref{{Plane: facts.Control, Group: group, Kind: kind, Namespace: namespace, Name: name}}
}

// PausedBy checks spec.suspend, then the annotation <group>/reconcile of the kinds without that field (flux-operator api/v1;
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

// Controller returns the controller of that name in the namespace that `flux install` uses (flux2 v2.9.4 manifests; fluxcd/pkg
// runtime v0.110 leaderelection).
func Controller(name string) kinds.Controller {
	return kinds.Controller{Namespace: "flux-system", Deployment: name, Lease: name + "-leader-election"}
}
