package kinds

import (
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Reference names an object of the control plane. The zero value names nothing.
type Reference struct{ Group, Kind, Namespace, Name string }

// ArgoTrackingID is the annotation by which Argo CD knows what it tracks, its default method since 3.0
// (argo-cd v3 common/common.go).
const ArgoTrackingID = "argocd.argoproj.io/tracking-id"

// argoNamespace is where Argo CD runs unless it says otherwise; a tracking id without a namespace means it.
const argoNamespace = "argocd"

// Appliers are the objects that say, by labels or annotation on u, that they deliver it. More than one is a quarrel.
// Sources: kustomize-controller v1.9.3 kustomization_controller.go:474; helm-controller v1.6.3
// internal/postrender/common_renderer.go:45; flux-operator api/v1/resourceset_types.go:23.
func Appliers(u *unstructured.Unstructured) []Reference {
	if u == nil {
		return nil
	}
	var found []Reference
	for _, a := range []struct{ prefix, group, kind string }{
		{FluxKustomize, FluxKustomize, "Kustomization"},
		{FluxHelm, FluxHelm, "HelmRelease"},
		{"resourceset." + FluxOperator, FluxOperator, "ResourceSet"},
		{FluxOperator, FluxOperator, "FluxInstance"},
	} {
		r := Reference{a.group, a.kind, Label(u, a.prefix+"/namespace"), Label(u, a.prefix+"/name")}
		if r.Namespace != "" && r.Name != "" {
			found = append(found, r)
		}
	}
	if app, ok := argoApplication(u); ok {
		found = append(found, app)
	}
	return found
}

// argoApplication reads the tracking id "<app>:<group>/<Kind>:<namespace>/<name>". Copied annotations mislead, so it
// counts only where it names u itself.
func argoApplication(u *unstructured.Unstructured) (Reference, bool) {
	parts := strings.Split(Annotation(u, ArgoTrackingID), ":")
	if len(parts) != 3 {
		return Reference{}, false
	}
	gvk := u.GroupVersionKind()
	if parts[1] != gvk.Group+"/"+gvk.Kind || parts[2] != u.GetNamespace()+"/"+u.GetName() {
		return Reference{}, false
	}
	namespace, name, own := strings.Cut(parts[0], "_")
	if !own {
		namespace, name = argoNamespace, parts[0]
	}
	return Reference{ArgoCD, "Application", namespace, name}, name != ""
}

// DependsOn is spec.dependsOn of a Kustomization, HelmRelease or ResourceSet. A namespace that is left out is its own,
// and so is a kind, except for a ResourceSet, which must name it and may name any: only what delivers is followed.
func DependsOn(u *unstructured.Unstructured) []Reference {
	var needed []Reference
	for _, d := range Items(u, "spec", "dependsOn") {
		r := Reference{u.GroupVersionKind().Group, u.GetKind(), String(d, "namespace"), String(d, "name")}
		if kind := String(d, "kind"); kind != "" {
			group, _, _ := strings.Cut(String(d, "apiVersion"), "/")
			r.Group, r.Kind = group, kind
		}
		if r.Namespace == "" {
			r.Namespace = u.GetNamespace()
		}
		if r.Group == FluxKustomize || r.Group == FluxHelm || r.Group == FluxOperator {
			needed = append(needed, r)
		}
	}
	return needed
}

// Sources are what u takes its content from: the source of a Kustomization or HelmRelease, the repository of a chart, the
// generator of an ExternalArtifact and its sources, the includes of a GitRepository.
func Sources(u *unstructured.Unstructured) []Reference {
	if u == nil {
		return nil
	}
	switch u.GetKind() {
	case "Kustomization", "HelmChart":
		return sourceAt(u, "spec", "sourceRef")
	case "ExternalArtifact":
		return generatorOf(u)
	case "HelmRelease":
		return chartOf(u)
	case "ArtifactGenerator":
		return sourceItems(u, Items(u, "spec", "sources"))
	case "GitRepository":
		var found []Reference
		for _, include := range Items(u, "spec", "include") {
			found = append(found, Reference{FluxSource, "GitRepository", u.GetNamespace(), String(include, "repository", "name")})
		}
		return found
	}
	return nil
}

func sourceAt(u *unstructured.Unstructured, path ...string) []Reference {
	ref := Fields(u.Object, path...)
	if ref == nil {
		return nil
	}
	return sourceItems(u, []map[string]any{ref})
}

func sourceItems(u *unstructured.Unstructured, items []map[string]any) []Reference {
	var found []Reference
	for _, item := range items {
		r := Reference{FluxSource, String(item, "kind"), String(item, "namespace"), String(item, "name")}
		if r.Namespace == "" {
			r.Namespace = u.GetNamespace()
		}
		if r.Name != "" {
			found = append(found, r)
		}
	}
	return found
}

// generatorOf is the ArtifactGenerator behind an ExternalArtifact (source-watcher v2.2
// internal/controller/artifactgenerator_controller.go:463); another producer is not followed.
func generatorOf(u *unstructured.Unstructured) []Reference {
	refs := sourceAt(u, "spec", "sourceRef")
	if len(refs) != 1 || refs[0].Kind != "ArtifactGenerator" {
		return nil
	}
	refs[0].Group = FluxExtension
	return refs
}

// chartOf is what a HelmRelease installs: spec.chartRef, else the HelmChart that its template made, else the repository
// that the template names (helm-controller v1.6.3 internal/controller/helmrelease_controller.go:766).
func chartOf(u *unstructured.Unstructured) []Reference {
	if refs := sourceAt(u, "spec", "chartRef"); len(refs) > 0 {
		return refs
	}
	if namespace, name, ok := strings.Cut(Text(u, "status", "helmChart"), "/"); ok {
		return []Reference{{FluxSource, "HelmChart", namespace, name}}
	}
	return sourceAt(u, "spec", "chart", "spec", "sourceRef")
}

// Paused reports whether somebody told the controller to leave u alone.
func Paused(u *unstructured.Unstructured) bool { return PausedBy(u) != "" }

// PausedBy is what tells the controller to leave u alone: spec.suspend, or an annotation of the kinds that have no such
// field (flux-operator api/v1; source-watcher v2.2; argo-cd v3 common/common.go).
func PausedBy(u *unstructured.Unstructured) string {
	if u == nil {
		return ""
	}
	if Bool(u, "spec", "suspend") {
		return "spec.suspend: true"
	}
	for _, mark := range []struct{ key, value string }{
		{FluxOperator + "/reconcile", "disabled"},
		{FluxExtension + "/reconcile", "disabled"},
		{"argocd.argoproj.io/skip-reconcile", "true"},
	} {
		if Annotation(u, mark.key) == mark.value {
			return mark.key + ": " + mark.value
		}
	}
	return ""
}

// GitRevision is the Git revision behind a status: that of the artifact itself, or, for an OCI or generated artifact, the
// one that its producer wrote down. It is a digest where nobody did.
func GitRevision(revision, origin string) string {
	if Commit(revision) == "" && Commit(origin) != "" {
		return origin
	}
	return revision
}

// OriginRevision is the annotation of an artifact that names the Git revision it was made from.
const OriginRevision = "org.opencontainers.image.revision"
