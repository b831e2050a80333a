package build

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/kyaml/resid"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/offline"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// unmatchedTargets reports the patches of a build that change no object. What a patch has deleted is declared in a file, and what a
// Component changes may be in another build. A target without a name selects all objects of a kind, so that a base may have it for builds with
// such objects: it is reported only if its kind is nearly that of an object.
func (b *Builder) unmatchedTargets(folder string, built resmap.ResMap, ks facts.Ref) {
	targets := b.memory().Targets(folder)
	if len(targets) == 0 {
		return
	}
	objects := b.declaredIn(tree.Sorted(b.read))
	for _, r := range built.Resources() {
		objects = append(objects, r.CurId())
	}
	for _, t := range targets {
		near := ""
		if t.Name == "" {
			near = t.Near(objects)
		}
		if t.Name+near == "" || t.Selects(objects) || (t.Component || t.Name == "") && b.isAnywhere(t) {
			continue
		}
		word := t.Name
		message := fmt.Sprintf("the target %s of a patch is no object of this build: kustomize ignores the patch", strings.TrimSpace(t.Kind+" "+t.Name))
		if near != "" {
			message = fmt.Sprintf("the target of a patch has the kind %s, and no object of this build has it, but %s: kustomize ignores the patch", written(t), near)
			if word = t.Kind; strings.HasPrefix(near+".", t.Kind+".") {
				word = t.Group
			}
		}
		b.problem(manifest.TargetAbsent, b.placeOfTarget(t, word, ks), ks, message)
	}
}

// written returns the kind of a target, with its group.
func written(t offline.Target) string { return strings.TrimSuffix(t.Kind+"."+t.Group, ".") }

// isAnywhere reports whether a target selects an object of the repository. Many builds may include the same Component.
func (b *Builder) isAnywhere(t offline.Target) bool {
	found, known := b.anywhere[t.Selector]
	if !known {
		found = t.Selects(b.declaredIn(tree.Sorted(b.parsed.Documents)))
		b.anywhere[t.Selector] = found
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

// placeOfTarget returns the line of a word of a target: in a kustomization.yaml, else in the file of the Flux Kustomization. Several clusters
// may have one of that name: it is the one with such a patch.
func (b *Builder) placeOfTarget(t offline.Target, word string, ks facts.Ref) manifest.Place {
	file, first := t.File, ""
	for _, name := range tree.Sorted(b.parsed.Documents) {
		for _, d := range b.parsed.Documents[name] {
			if d.Ref != ks || t.File != "" {
				continue
			}
			first = cmp.Or(first, name)
			if file == "" && hasTarget(d, t) {
				file = name
			}
		}
	}
	file = cmp.Or(file, first) // a parent has patched it
	return manifest.Place{File: file, Line: b.parsed.LinesOf(file, word)[0]}
}

// hasTarget reports whether a Flux Kustomization has a patch with a target.
func hasTarget(d *manifest.Document, t offline.Target) bool {
	return slices.ContainsFunc(kinds.Items(d.Body, "spec", "patches"), func(patch map[string]any) bool {
		target, _ := patch["target"].(map[string]any)
		return kinds.String(target, "kind") == t.Kind && kinds.String(target, "name") == t.Name
	})
}
