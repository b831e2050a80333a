package build

import (
	"fmt"
	"strings"

	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/kyaml/resid"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/offline"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// unmatchedTargets reports the patches of a build that change no object. What a patch has deleted is declared in a file, and what a
// Component changes may be in another build.
func (b *Builder) unmatchedTargets(folder string, built resmap.ResMap, ks facts.Ref) {
	named := b.memory().NamedTargets(folder)
	if len(named) == 0 {
		return
	}
	objects := b.declaredIn(tree.Sorted(b.read))
	for _, r := range built.Resources() {
		objects = append(objects, r.CurId())
	}
	for _, t := range named {
		if t.Selects(objects) || t.Component && b.isAnywhere(t) {
			continue
		}
		selected := strings.TrimSpace(t.Target.Kind + " " + t.Target.Name)
		b.problem(manifest.TargetAbsent, b.placeOfTarget(t, ks), ks, fmt.Sprintf("the target %s of a patch is no object of this build: kustomize ignores the patch", selected))
	}
}

// isAnywhere reports whether a target selects an object of the repository. Many builds may include the same Component.
func (b *Builder) isAnywhere(t offline.NamedTarget) bool {
	found, known := b.anywhere[t.Target]
	if !known {
		found = t.Selects(b.declaredIn(tree.Sorted(b.parsed.Documents)))
		b.anywhere[t.Target] = found
	}
	return found
}

func (b *Builder) declaredIn(files []string) []resid.ResId {
	var declared []resid.ResId
	for _, name := range files {
		for _, d := range b.parsed.Documents[name] {
			gvk := d.Body.GroupVersionKind()
			declared = append(declared, resid.NewResIdWithNamespace(resid.NewGvk(gvk.Group, gvk.Version, gvk.Kind), d.Body.GetName(), d.Body.GetNamespace()))
		}
	}
	return declared
}

// placeOfTarget returns the line of the target's name: in a kustomization.yaml, else in the file of the Flux Kustomization.
func (b *Builder) placeOfTarget(t offline.NamedTarget, ks facts.Ref) manifest.Place {
	file := t.File
	for _, name := range tree.Sorted(b.parsed.Documents) {
		for _, d := range b.parsed.Documents[name] {
			if file == "" && d.Ref == ks {
				file = name
			}
		}
	}
	return manifest.Place{File: file, Line: b.parsed.LinesOf(file, t.Target.Name)[0]}
}
