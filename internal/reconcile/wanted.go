package reconcile

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// artifactOf is what a source has, in the form in which appliers repeat it; "" for any other object.
func artifactOf(o facts.Object) string { return kinds.Text(o.Body, "status", "artifact", "revision") }

// shownRevision is what an object has or has applied, as a Git revision where one is known.
func shownRevision(o facts.Object) string {
	switch o.Ref.Kind {
	case "Kustomization":
		return kinds.GitRevision(kinds.Text(o.Body, "status", "lastAppliedRevision"), kinds.Text(o.Body, "status", "lastAppliedOriginRevision"))
	case "HelmRelease":
		return kinds.Text(o.Body, "status", "lastAttemptedRevision")
	case "Application":
		return kinds.Text(o.Body, "status", "sync", "revision")
	case "ResourceSet", "FluxInstance":
		return kinds.Text(o.Body, "status", "lastAppliedRevision")
	}
	return kinds.GitRevision(artifactOf(o), originOf(o))
}

// originOf is the Git revision that the producer of an artifact wrote down.
func originOf(o facts.Object) string {
	if o.Body == nil {
		return ""
	}
	metadata, _, _ := unstructured.NestedStringMap(o.Body.Object, "status", "artifact", "metadata")
	return metadata[kinds.OriginRevision]
}

// wanted are the revisions that n may end at: what its source had after it was asked, or has now, where it has moved on.
// Empty for an object without a source, and where the source has nothing.
func (b *book) wanted(n *node) []string {
	ref := engines.All().SourceOf(n.object)
	revisions := []string{artifactOf(b.object(ref))}
	if source := b.byRef[ref]; source != nil {
		revisions = append(revisions, source.artifact)
	}
	return slices.DeleteFunc(revisions, func(r string) bool { return r == "" })
}

// hasWanted reports whether n can be compared with a source at all.
func (b *book) hasWanted(n *node) bool { return len(b.wanted(n)) > 0 }

// The fields of an applier that repeat a revision: once tried, and once all of it is applied and healthy.
const (
	attempted = "lastAttemptedRevision"
	applied   = "lastAppliedRevision"
)

// has reports whether o, which is n now or before, repeats in that field a revision that is wanted. An object without a
// source has whatever it says; a source that has nothing yet gives nobody anything.
func (b *book) has(n *node, o facts.Object, field string) bool {
	if engines.All().SourceOf(n.object).IsZero() {
		return true
	}
	if n.ref.Kind == "HelmRelease" {
		return b.hasChart(n, o)
	}
	return slices.Contains(b.wanted(n), kinds.Text(o.Body, "status", field))
}

// hasChart: a HelmRelease repeats the version of a HelmChart; of other artifacts it keeps the digest (helm-controller v1.6.3
// internal/controller/helmrelease_controller.go:904). Before there is a chart, only the repository is known, which says nothing.
func (b *book) hasChart(n *node, o facts.Object) bool {
	if engines.All().SourceOf(n.object).Kind == "HelmRepository" {
		return true
	}
	version := kinds.Text(o.Body, "status", attempted)
	digest := kinds.Text(o.Body, "status", "lastAttemptedRevisionDigest")
	return slices.ContainsFunc(b.wanted(n), func(revision string) bool {
		return revision == version || (digest != "" && strings.HasSuffix(revision, digest))
	})
}
