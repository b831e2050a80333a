// Package argocd implements the engine of Argo CD's Application.
package argocd

import (
	"cmp"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TrackingID is the annotation with which Argo CD marks tracked objects, its default method since 3.0 (argo-cd v3
// common/common.go).
const TrackingID = "argocd.argoproj.io/tracking-id"

// skipReconcile is the annotation that stops Argo CD from reconciling an Application (argo-cd v3 common/common.go).
const skipReconcile = "argocd.argoproj.io/skip-reconcile"

// Engine is the engine of the Application.
type Engine struct{ engine.None }

// Properties returns the properties of the Application. Other kinds of the group, such as Rollout, deliver nothing. The
// application controller has no Lease. Conditions of an Application have no status, and none of them is Ready.
func (Engine) Properties() engine.Properties {
	return engine.Properties{
		Kinds:        []schema.GroupKind{{Group: kinds.ArgoCD, Kind: "Application"}},
		OtherKinds:   []schema.GroupKind{{Group: kinds.ArgoCD, Kind: "ApplicationSet"}, {Group: kinds.ArgoCD, Kind: "AppProject"}},
		Controller:   kinds.Controller{Namespace: namespace, Deployment: "argocd-application-controller"},
		FieldManager: "argocd",
		AppliesAs:    "argocd-controller",
		Mark:         "the tracking-id",
		Applies:      true,
		Fetches:      true,
		NoConditions: true,
		// Argo CD has removed fields from an API version before.
		RemovesFields: true,
		WhenRefused:   "Argo CD cannot sync the Application",
	}
}

// namespace is the default namespace of Argo CD. A tracking id without a namespace refers to it.
const namespace = "argocd"

// AppliedBy parses the tracking id "<app>:<group>/<Kind>:<namespace>/<name>". Tools may copy the annotation to another object,
// so the id counts only if it names u.
func (Engine) AppliedBy(u *unstructured.Unstructured) []facts.Ref {
	parts := strings.Split(kinds.Annotation(u, TrackingID), ":")
	if len(parts) != 3 {
		return nil
	}
	gvk := u.GroupVersionKind()
	if parts[1] != gvk.Group+"/"+gvk.Kind || parts[2] != u.GetNamespace()+"/"+u.GetName() {
		return nil
	}
	in, name, own := strings.Cut(parts[0], "_")
	if !own {
		in, name = namespace, parts[0]
	}
	if name == "" {
		return nil
	}
	return []facts.Ref{{Plane: facts.Control, Group: kinds.ArgoCD, Kind: "Application", Namespace: in, Name: name}}
}

// Inventory returns status.resources.
func (Engine) Inventory(u *unstructured.Unstructured) []facts.Ref {
	items := kinds.Items(u, "status", "resources")
	entries := make([]facts.Ref, 0, len(items))
	for _, r := range items {
		entries = append(entries, facts.Ref{
			Plane: facts.Control, Group: kinds.String(r, "group"), Kind: kinds.String(r, "kind"),
			Namespace: kinds.String(r, "namespace"), Name: kinds.String(r, "name"),
		})
	}
	return entries
}

// Contents returns the folders of spec.sources, or of the single spec.source (argo-cd v3 pkg/apis/application/v1alpha1/types.go).
// A source with a chart is no folder, and one without a path only holds values of another source.
func (Engine) Contents(u *unstructured.Unstructured) []engine.Content {
	sources, field := kinds.Items(u, "spec", "sources"), "spec.sources[%d].path"
	if len(sources) == 0 {
		sources, field = append(sources, kinds.Fields(u.Object, "spec", "source")), "spec.source.path"
	}
	var all []engine.Content
	for i, source := range sources {
		if kinds.String(source, "chart") != "" || kinds.String(source, "path") == "" {
			continue
		}
		directory := kinds.Fields(source, "directory")
		recurses, _ := directory["recurse"].(bool)
		all = append(all, engine.Content{
			URL: kinds.String(source, "repoURL"), Revision: strings.TrimPrefix(kinds.String(source, "targetRevision"), "HEAD"),
			Path: kinds.String(source, "path"), Field: strings.Replace(field, "%d", strconv.Itoa(i), 1),
			AsIs: true, Flat: !recurses, Plugin: source["plugin"] != nil, Include: kinds.String(directory, "include"), Exclude: kinds.String(directory, "exclude"),
			Namespace: kinds.Text(u, "spec", "destination", "namespace"), Cluster: destination(u),
		})
	}
	return all
}

// destination returns the cluster of spec.destination; "" for the one that Argo CD runs in (argo-cd v3
// pkg/apis/application/v1alpha1/types.go, KubernetesInternalAPIServerAddr; util/db/cluster.go, in-cluster).
func destination(u *unstructured.Unstructured) string {
	cluster := cmp.Or(kinds.Text(u, "spec", "destination", "server"), kinds.Text(u, "spec", "destination", "name"))
	if cluster == "https://kubernetes.default.svc" || cluster == "in-cluster" {
		return ""
	}
	return cluster
}

// Fetched returns the commit of the last comparison. Argo CD reads repositories itself.
func (Engine) Fetched(u *unstructured.Unstructured) (engine.Fetched, bool) {
	return engine.Fetched{URL: repository(u), Revision: comparedRevision(u), By: "Argo CD"}, true
}

// Revision returns the commit of the last comparison.
func (Engine) Revision(u *unstructured.Unstructured) string {
	return kinds.Text(u, "status", "sync", "revision")
}

// Restores reports whether the Application syncs by itself. One that does not is only compared.
func (Engine) Restores(u *unstructured.Unstructured) bool {
	automated, _ := automation(facts.Object{Body: u})
	return automated
}

// PausedBy checks an annotation: the kind has no spec.suspend.
func (Engine) PausedBy(u *unstructured.Unstructured) string {
	if kinds.Annotation(u, skipReconcile) == "true" {
		return skipReconcile + ": true"
	}
	return ""
}
