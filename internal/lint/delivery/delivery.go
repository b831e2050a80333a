// Package delivery has the rules about how Flux and Argo CD apply what a repository declares: folders, order, sources, namespaces.
package delivery

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Rules are about how Flux and Argo CD apply the objects.
func Rules() index.Rules {
	return index.Rules{
		Repository: []index.Rule{problems, neverApplied, namespaces, controlPlaneNamespaces, renamedNamespaces, encryptedSecrets, rootDependencies, rootArtifacts, rootSources, rootAppProjects},
		Cluster:    []index.Rule{bindingsBeforeReleases, dependencies, chartSources, kustomizationSources, externalArtifacts, appProjects},
	}
}

// neverApplied are files that no kustomization.yaml lists and no path of a Kustomization reaches. Of what is not
// OpenChoreo's, only what lies below such a path: other files may be for other hands.
func neverApplied(ix *index.Index) {
	said := map[string]bool{}
	for i := range ix.Unapplied {
		d := &ix.Unapplied[i]
		if said[d.Place.File] || d.Ref.Group != kinds.OpenChoreo && !belowPath(ix, d.Place.File) {
			continue
		}
		said[d.Place.File] = true
		f := trace.Finding{
			Code: trace.CodeNeverApplied, Message: fmt.Sprintf("%s is never applied: no kustomization.yaml lists %s, and no path of %s takes it in", d.Ref, d.Place.File, applier(ix)),
			Hint: "list it in the kustomization.yaml beside it, or move it below a path that is applied",
		}
		severity := trace.Warning
		if isDefinition(d.Ref.Kind) && !belowPath(ix, d.Place.File) {
			severity, f.Hint = trace.Info, "all is well where another repository applies it, and it is here for occ to cut releases from"
		}
		ix.ReportAt(d.Place, d.Ref, severity, f)
	}
}

// applier is the kind of object that applies folders.
func applier(ix *index.Index) string {
	if ix.Flux {
		return "a Kustomization"
	}
	return "an Application"
}

// isDefinition reports whether a kind is the platform's. Occ takes the types and traits that go into a release from files
// (openchoreo v1.2.3 internal/occ/fsmode), so that a repository may hold copies of what another one applies.
func isDefinition(kind string) bool {
	kind = strings.TrimPrefix(kind, "Cluster")
	return strings.HasSuffix(kind, "Type") || kind == "Trait" || kind == "Workflow"
}

// belowPath reports whether a path of a Kustomization reaches a file. The root of the repository does not count: every file is below it.
func belowPath(ix *index.Index, file string) bool {
	return slices.ContainsFunc(ix.Kustomizations, func(k manifest.Kustomization) bool {
		return strings.HasPrefix(file, k.Folder+"/")
	})
}

// bindingsBeforeReleases: OpenChoreo 1.2 does not look again at a binding when its release arrives later
// (openchoreo v1.2.3 internal/controller/releasebinding/controller.go:171), so that the order of Kustomizations decides.
func bindingsBeforeReleases(ix *index.Index) {
	late := map[string]int{}
	waits := graphOf(delivering(ix))
	var order []*manifest.Object
	for _, o := range ix.ByKind["ReleaseBinding"] {
		release := ix.Find(index.Pinned(o))
		if release == nil || len(o.AppliedBy) == 0 || len(release.AppliedBy) == 0 || waits.ordered(o.AppliedBy, release.AppliedBy) {
			continue
		}
		by := o.AppliedBy[0].String() + "\x00" + release.AppliedBy[0].String()
		if late[by]++; late[by] == 1 {
			order = append(order, o)
		}
	}
	for _, o := range order {
		release := ix.Find(index.Pinned(o))
		first, then := release.AppliedBy[0], o.AppliedBy[0]
		more := late[then.String()+"\x00"+first.String()] - 1
		message := fmt.Sprintf("%s may be applied before %s, which it pins: %s does not depend on %s", o.Ref, release.Ref.Name, then, first)
		if more > 0 {
			message += fmt.Sprintf("; the same holds for %d more", more)
		}
		ix.Report(o, "spec.releaseName", trace.Warning, trace.Finding{
			Code: trace.CodeBindingBeforeRelease, Message: message,
			Hint: fmt.Sprintf("add %s to spec.dependsOn of %s: OpenChoreo does not retry", first.Name, then.Name),
		})
	}
}

// ordered reports whether one that applies the binding also applies the release, or waits for one that does.
func (g graph) ordered(binding, release []facts.Ref) bool {
	return slices.ContainsFunc(binding, func(b facts.Ref) bool {
		waits := g.waitsFor(b)
		return slices.ContainsFunc(release, func(r facts.Ref) bool { return waits[r] })
	})
}
