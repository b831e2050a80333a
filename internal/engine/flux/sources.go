package flux

import (
	"cmp"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Sources is the engine of source-controller's kinds, which only fetch content.
type Sources struct{ Object }

// Properties returns the properties of source-controller's kinds.
func (Sources) Properties() engine.Properties {
	var all []schema.GroupKind
	for _, kind := range []string{"GitRepository", "OCIRepository", "Bucket", "ExternalArtifact", "HelmRepository", "HelmChart"} {
		all = append(all, schema.GroupKind{Group: kinds.FluxSource, Kind: kind})
	}
	return engine.Properties{Kinds: all, OtherKinds: toolkitKinds(), Controller: Controller("source-controller"), FieldManager: "flux-", Fetches: true}
}

// toolkitKinds are all kinds of Flux's controllers.
func toolkitKinds() []schema.GroupKind {
	var all []schema.GroupKind
	for _, group := range []string{kinds.FluxSource, kinds.FluxKustomize, kinds.FluxHelm, "notification.toolkit.fluxcd.io", "image.toolkit.fluxcd.io"} {
		all = append(all, schema.GroupKind{Group: group, Kind: engine.AnyKind})
	}
	return all
}

// Charts returns the chart of a HelmChart, and the artifact of an OCIRepository, which may be a chart. A digest wins over a range, and a
// range over a tag (source-controller v1.10 api/v1/ocirepository_types.go). The tag is usually the version of the digest.
func (Sources) Charts(u *unstructured.Unstructured) []engine.Chart {
	switch (schema.GroupKind{Group: u.GroupVersionKind().Group, Kind: u.GetKind()}) {
	case schema.GroupKind{Group: kinds.FluxSource, Kind: "HelmChart"}:
		return []engine.Chart{{Name: kinds.Text(u, "spec", "chart"), Version: kinds.Text(u, "spec", "version")}}
	case schema.GroupKind{Group: kinds.FluxSource, Kind: "OCIRepository"}:
		version := cmp.Or(strings.TrimSpace(kinds.Text(u, "spec", "ref", "semver")), kinds.Text(u, "spec", "ref", "tag"))
		return []engine.Chart{{Name: kinds.Text(u, "spec", "url"), Version: version}}
	}
	return nil
}

// Sources returns the repository of a chart, the generator of an ExternalArtifact, and the includes of a GitRepository.
func (Sources) Sources(u *unstructured.Unstructured) []facts.Ref {
	switch u.GetKind() {
	case "HelmChart":
		return SourceAt(u, "spec", "sourceRef")
	case "ExternalArtifact":
		return generatorOf(u)
	case "GitRepository":
		var found []facts.Ref
		for _, include := range kinds.Items(u, "spec", "include") {
			found = append(found, facts.Ref{
				Plane: facts.Control, Group: kinds.FluxSource, Kind: "GitRepository",
				Namespace: u.GetNamespace(), Name: kinds.String(include, "repository", "name"),
			})
		}
		return found
	}
	return nil
}

// History returns the artifact: a source has no older ones. source-controller stores it again, with a new time, if its volume was lost
// (v1.9.3 internal/controller/gitrepository_controller.go, reconcileStorage).
func (s Sources) History(u *unstructured.Unstructured) []engine.Applied {
	stored := kinds.Time(u, "status", "artifact", "lastUpdateTime")
	if stored.IsZero() {
		return nil
	}
	return []engine.Applied{{Revision: s.Revision(u), First: stored, Last: stored, Runs: 1}}
}

// IsStatic reports whether no controller handles a request for u. An OCI HelmRepository is only read together with a chart, and
// a generator writes an ExternalArtifact (source-controller v1.9.3 internal/controller/helmrepository_controller.go,
// migrationToStatic).
func (Sources) IsStatic(u *unstructured.Unstructured) bool {
	return u.GetKind() == "ExternalArtifact" || (u.GetKind() == "HelmRepository" && kinds.Text(u, "spec", "type") == "oci")
}

// Generators is the engine of source-watcher's kind, which generates artifacts from those of other sources.
type Generators struct{ Object }

// Properties returns the properties of the ArtifactGenerator.
func (Generators) Properties() engine.Properties {
	return engine.Properties{
		Kinds:      []schema.GroupKind{{Group: kinds.FluxExtension, Kind: "ArtifactGenerator"}},
		OtherKinds: []schema.GroupKind{{Group: kinds.FluxExtension, Kind: engine.AnyKind}},
		Controller: Controller("source-watcher"),
		Fetches:    true,
	}
}

// Sources returns spec.sources.
func (Generators) Sources(u *unstructured.Unstructured) []facts.Ref {
	return sourceItems(u, kinds.Items(u, "spec", "sources"))
}

// PausedBy checks an annotation: the kind has no spec.suspend (source-watcher v2.2).
func (Generators) PausedBy(u *unstructured.Unstructured) string {
	return PausedBy(u, kinds.FluxExtension)
}

// SourceAt returns the source that the reference at path names. The namespace defaults to that of u.
func SourceAt(u *unstructured.Unstructured, path ...string) []facts.Ref {
	ref := kinds.Fields(u.Object, path...)
	if ref == nil {
		return nil
	}
	return sourceItems(u, []map[string]any{ref})
}

func sourceItems(u *unstructured.Unstructured, items []map[string]any) []facts.Ref {
	var found []facts.Ref
	for _, item := range items {
		r := facts.Ref{
			Plane: facts.Control, Group: kinds.FluxSource, Kind: kinds.String(item, "kind"),
			Namespace: kinds.String(item, "namespace"), Name: kinds.String(item, "name"),
		}
		if r.Namespace == "" {
			r.Namespace = u.GetNamespace()
		}
		if r.Name != "" {
			found = append(found, r)
		}
	}
	return found
}

// generatorOf returns the ArtifactGenerator of an ExternalArtifact (source-watcher v2.2
// internal/controller/artifactgenerator_controller.go:463). Other producers are not followed.
func generatorOf(u *unstructured.Unstructured) []facts.Ref {
	refs := SourceAt(u, "spec", "sourceRef")
	if len(refs) != 1 || refs[0].Kind != "ArtifactGenerator" {
		return nil
	}
	refs[0].Group = kinds.FluxExtension
	return refs
}
