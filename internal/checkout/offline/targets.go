package offline

import (
	"slices"
	"strings"

	kustomize "sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/resid"
)

// NamedTarget is the target of a patch that gives a name. Kustomize ignores a patch whose target selects no object, without a message
// (kustomize api/internal/builtins/PatchTransformer.go).
type NamedTarget struct {
	File      string // in the checkout; "" for a generated kustomization
	Component bool   // of a kustomize Component, which may be written for several builds
	Target    kustomize.Selector
}

// NamedTargets returns those of a build, without the targets that a removed remote entry may contain.
func (r *FileSystem) NamedTargets(folder string) []NamedTarget {
	var named []NamedTarget
	for _, file := range r.inBuild(folder) {
		k := r.kustomizations[file]
		for _, p := range k.Patches {
			if p.Target != nil && p.Target.Name != "" && len(r.missingFor(file)) == 0 {
				named = append(named, NamedTarget{k.file, k.Kind == kustomize.ComponentKind, *p.Target})
			}
		}
	}
	return named
}

// Selects reports whether a target selects one of some objects, by their names and kinds before or after the build. A name may have
// got its prefix, suffix or hash in several steps, and the target may have the name between two of them.
func (t NamedTarget) Selects(objects []resid.ResId) bool {
	selector, err := kustomize.NewSelectorRegex(&t.Target)
	if err != nil {
		return true // kustomize has reported it
	}
	return slices.ContainsFunc(objects, func(id resid.ResId) bool {
		return selector.MatchGvk(id.Gvk) && (selector.MatchName(id.Name) || strings.Contains(id.Name, t.Target.Name))
	})
}
