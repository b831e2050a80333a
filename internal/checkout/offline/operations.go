package offline

import (
	"path"
	"regexp"
	"slices"
	"strings"

	kustomize "sigs.k8s.io/kustomize/api/types"
)

// missingField matches the errors about a JSON patch whose path is not in the object, or has another value (gopkg.in/evanphx/json-patch.v4
// patch.go). A remote patch that was removed may add it.
var missingField = regexp.MustCompile(`(?:operation does not apply: (?:doc )?is missing (?:(?:from|destination) )?(?:path|key): "?|error in \w+ for (?:path|from): '|testing value )(/[^\s":']+)`)

// removedPatches returns the remote patches of a kustomization and of those that it includes.
func (r *FileSystem) removedPatches(file string) []string {
	var removed []string
	for _, name := range r.inBuild(path.Dir(file)) {
		removed = append(removed, r.kustomizations[name].patches...)
	}
	return removed
}

// skipOperations removes the JSON patches that change a field.
func (r *FileSystem) skipOperations(file, field string) bool {
	k := r.kustomizations[file]
	before := len(k.Patches) + len(k.PatchesJson6902) //nolint:staticcheck // kustomize still builds from it
	changes := func(p kustomize.Patch) bool {
		text := strings.TrimSpace(r.patchText(file, p))
		return (strings.HasPrefix(text, "-") || strings.HasPrefix(text, "[")) && strings.Contains(text, field)
	}
	k.Patches = slices.DeleteFunc(k.Patches, changes)
	k.PatchesJson6902 = slices.DeleteFunc(k.PatchesJson6902, changes) //nolint:staticcheck // kustomize still builds from it
	return len(k.Patches)+len(k.PatchesJson6902) < before             //nolint:staticcheck // kustomize still builds from it
}
