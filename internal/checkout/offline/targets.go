package offline

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	kustomize "sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/resid"

	"github.com/kubectl-choreo/kubectl-choreo/internal/suggest"
)

// Target is the target of a patch that gives a name or a kind. Kustomize ignores a patch whose target selects no object, without a message
// (kustomize api/internal/builtins/PatchTransformer.go).
type Target struct {
	File      string // in the checkout; "" for a generated kustomization
	Component bool   // of a kustomize Component, which may be written for several builds
	IsOpen    bool   // a removed remote entry may contain it
	kustomize.Selector
}

// Targets returns those of a build.
func (r *FileSystem) Targets(folder string) []Target {
	var targets []Target
	for _, file := range r.inBuild(folder) {
		k := r.kustomizations[file]
		for _, p := range slices.Concat(k.Patches, k.PatchesJson6902) { //nolint:staticcheck // kustomize still builds from it
			if p.Target != nil && p.Target.Name+p.Target.Kind != "" {
				targets = append(targets, Target{k.file, k.Kind == kustomize.ComponentKind, len(r.missingFor(file)) > 0, *p.Target})
			}
		}
	}
	return targets
}

// Selects reports whether a target selects one of some objects, by their names and kinds before or after the build. A name may have
// got its prefix, suffix or hash in several steps, and the target may have the name between two of them.
func (t Target) Selects(objects []resid.ResId) bool {
	selector, err := kustomize.NewSelectorRegex(&t.Selector)
	if err != nil {
		return true // kustomize has reported it
	}
	return slices.ContainsFunc(objects, func(id resid.ResId) bool {
		return selector.MatchGvk(id.Gvk) && (selector.MatchName(id.Name) || strings.Contains(id.Name, t.Name))
	})
}

// Near returns the kind of objects that a target would select if one letter of its kind or of its group was another, or in another case; ""
// if there is none.
func (t Target) Near(objects []resid.ResId) string {
	for _, id := range objects {
		if isNear(t.Group, id.Group) && isNear(t.Kind, id.Kind) && (t.Version == "" || t.Version == id.Version) {
			return strings.TrimSuffix(id.Kind+"."+id.Group, ".")
		}
	}
	return ""
}

// NearKind returns the kind that the kind of a target may mean, if that is none of the known ones; "" if it is one, or may be any other. Short
// names are no evidence: a CustomResourceDefinition may have one that is nearly that of another kind.
func (t Target) NearKind(known map[string]bool) string {
	const short = 7
	if known[t.Kind] || len(t.Kind) <= short || !plainWord.MatchString(t.Kind) {
		return ""
	}
	for _, kind := range slices.Sorted(maps.Keys(known)) {
		if isNear(t.Kind, kind) {
			return kind
		}
	}
	return ""
}

// plainWord matches the name of a kind or group, and no other regular expression.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9.-]+$`)

func isNear(written, is string) bool {
	return written == "" || strings.EqualFold(written, is) || plainWord.MatchString(written) && suggest.OneEdit(written, is)
}
