package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// deliveryRules are about how Flux and Argo CD apply the objects.
func deliveryRules() rules {
	return rules{
		repository: []rule{problems, neverApplied, namespaces, controlPlaneNamespaces, renamedNamespaces, encryptedSecrets},
		cluster:    []rule{bindingsBeforeReleases, kustomizations, chartSources, kustomizationSources},
	}
}

// neverApplied are files that no kustomization.yaml lists and no path of a Kustomization reaches. Of what is not
// OpenChoreo's, only what lies below such a path: other files may be for other hands.
func neverApplied(w *index) {
	said := map[string]bool{}
	for i := range w.Loose {
		d := &w.Loose[i]
		if said[d.Place.File] || d.Ref.Group != kinds.OpenChoreo && !w.belowPath(d.Place.File) {
			continue
		}
		said[d.Place.File] = true
		f := trace.Finding{
			Code: trace.CodeNeverApplied, Message: fmt.Sprintf("%s is never applied: no kustomization.yaml lists %s, and no path of %s takes it in", d.Ref, d.Place.File, w.applier()),
			Hint: "list it in the kustomization.yaml beside it, or move it below a path that is applied",
		}
		severity := trace.Warning
		if isDefinition(d.Ref.Kind) && !w.belowPath(d.Place.File) {
			severity, f.Hint = trace.Info, "all is well where another repository applies it, and it is here for occ to cut releases from"
		}
		w.reportAt(d.Place, d.Ref, severity, f)
	}
}

// applier is the kind of object that applies folders.
func (w *index) applier() string {
	if w.flux {
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

// belowPath reports whether a path of a Kustomization reaches a file. The root of the repository is none that says so: all lies there.
func (w *index) belowPath(file string) bool {
	return slices.ContainsFunc(w.Kustomizations, func(k manifest.Kustomization) bool {
		return strings.HasPrefix(file, k.Folder+"/")
	})
}

// bindingsBeforeReleases: OpenChoreo 1.2 does not look again at a binding when its release arrives later
// (openchoreo v1.2.3 internal/controller/releasebinding/controller.go:171), so that the order of Kustomizations decides.
func bindingsBeforeReleases(w *index) {
	late := map[string]int{}
	var order []*manifest.Object
	for _, o := range w.byKind["ReleaseBinding"] {
		release := w.find(pinned(o))
		if release == nil || len(o.AppliedBy) == 0 || len(release.AppliedBy) == 0 || w.ordered(o.AppliedBy, release.AppliedBy) {
			continue
		}
		by := o.AppliedBy[0].String() + "\x00" + release.AppliedBy[0].String()
		if late[by]++; late[by] == 1 {
			order = append(order, o)
		}
	}
	for _, o := range order {
		release := w.find(pinned(o))
		first, then := release.AppliedBy[0], o.AppliedBy[0]
		more := late[then.String()+"\x00"+first.String()] - 1
		message := fmt.Sprintf("%s may be applied before %s, which it pins: %s does not depend on %s", o.Ref, release.Ref.Name, then, first)
		if more > 0 {
			message += fmt.Sprintf("; %d more likewise", more)
		}
		w.report(o, "spec.releaseName", trace.Warning, trace.Finding{
			Code: trace.CodeBindingBeforeRelease, Message: message,
			Hint: fmt.Sprintf("add %s to spec.dependsOn of %s: OpenChoreo does not retry", first.Name, then.Name),
		})
	}
}

// ordered reports whether one that applies the binding also applies the release, or waits for one that does.
func (w *index) ordered(binding, release []facts.Ref) bool {
	return slices.ContainsFunc(binding, func(b facts.Ref) bool {
		waits := w.waitsFor(b)
		return slices.ContainsFunc(release, func(r facts.Ref) bool { return waits[r] })
	})
}

// waitsFor are a Kustomization and all that it depends on.
func (w *index) waitsFor(ks facts.Ref) map[facts.Ref]bool {
	seen := map[facts.Ref]bool{}
	open := []facts.Ref{ks}
	for len(open) > 0 {
		next := open[0]
		open = open[1:]
		if seen[next] {
			continue
		}
		seen[next] = true
		for _, k := range w.Kustomizations {
			if k.Ref == next {
				open = append(open, needs(k)...)
			}
		}
	}
	return seen
}

func needs(k manifest.Kustomization) []facts.Ref {
	return engines.All().DependsOn(facts.Object{Ref: k.Ref, Body: k.Body})
}

// kustomizations wait for each other, for ever where one is not there or where they stand in a circle.
func kustomizations(w *index) {
	for i := range w.Kustomizations {
		k := &w.Kustomizations[i]
		for j, needed := range needs(*k) {
			path := fmt.Sprintf("spec.dependsOn[%d].name", j)
			if !w.has(needed) {
				w.report(&k.Object, path, trace.Warning, trace.Finding{
					Code: trace.CodeKustomizationNotFound, Message: fmt.Sprintf("%s depends on %s, which is not in this repository", k.Ref, needed),
					Hint: "it waits until there is one",
				})
			} else if w.waitsFor(needed)[k.Ref] {
				w.report(&k.Object, path, trace.Error, trace.Finding{
					Code: trace.CodeDependencyCycle, Message: fmt.Sprintf("%s depends on %s, which depends on it in turn", k.Ref, needed),
				})
			}
		}
	}
}
