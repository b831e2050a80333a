package offline

import (
	"errors"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
	kustomize "sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/resid"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
)

// unmatched lists the errors with which kustomize reports a missing object that a field changes or copies from, or a missing field of an
// object. Each has a function that removes the entry that needs it.
var unmatched = []struct {
	message *regexp.Regexp
	skip    func(r *FileSystem, file, object string) bool
}{
	{missingField, (*FileSystem).skipOperations},
	{regexp.MustCompile(`failed to find unique target for patch ([^\s"\\]+)`), (*FileSystem).skipPatch},               // resmap/reswrangler.go:GetById
	{regexp.MustCompile(`resource with name (\S+) does not match a config with`), (*FileSystem).skipReplicas},         // internal/builtins/ReplicaCountTransformer.go
	{regexp.MustCompile(`Name:\\?"([^"\\]+)\\?".* does not exist; cannot merge or replace`), (*FileSystem).skipMerge}, // resmap/reswrangler.go:appendReplaceOrMerge
	{regexp.MustCompile(`nothing selected by ([^\s:"\\]+)`), (*FileSystem).skipReplacements},                          // filters/replacement/replacement.go
	{regexp.MustCompile(`var '\{?([^\s']+)[^']*' cannot be mapped to a field`), (*FileSystem).skipVar},                // internal/accumulator/resaccumulator.go
}

// SkippedChange is a removed part of a kustomization. The object that it changes may come from a removed remote entry.
type SkippedChange struct {
	File   string // in the checkout; "" for a generated kustomization
	Object string // as kustomize names it, or the path of a field
	Remote string // the first remote entry that may contain it
}

// SkipUnmatched removes the changes to an object that a removed remote entry may contain. It returns them, so that the caller can
// build again. If no remote entry below a kustomization was removed, the object is missing.
func (r *FileSystem) SkipUnmatched(message, folder string) []SkippedChange {
	for _, u := range unmatched {
		m := u.message.FindStringSubmatch(message)
		if m == nil {
			continue
		}
		var skipped []SkippedChange
		for _, file := range r.inBuild(folder) {
			remote := r.missingFor(file)
			if u.message == missingField {
				remote = append(remote, r.removedPatches(file)...)
			}
			if len(remote) == 0 || !u.skip(r, file, m[1]) {
				continue
			}
			_ = r.WriteFile(file, r.kustomizations[file].marshal()) // writes to memory do not fail
			skipped = append(skipped, SkippedChange{r.kustomizations[file].file, m[1], WithoutCredentials(remote[0])})
		}
		if len(skipped) > 0 {
			return skipped
		}
	}
	return nil
}

// inBuild returns the kustomizations below a folder in memory, including the folder itself.
func (r *FileSystem) inBuild(folder string) []string {
	var files []string
	open, seen := []string{folder}, map[string]bool{}
	for ; len(open) > 0; open = open[1:] {
		file := r.kustomizationIn(open[0])
		if file == "" || seen[file] {
			continue
		}
		seen[file] = true
		files = append(files, file)
		open = append(open, r.below(file)...)
	}
	return files
}

// below returns the folders that a kustomization includes.
func (r *FileSystem) below(file string) []string {
	k := r.kustomizations[file]
	var folders []string
	for _, entry := range slices.Concat(k.Resources, k.Components) {
		folders = append(folders, path.Join(path.Dir(file), entry))
	}
	return folders
}

// missingFor returns the remote entries that could contain the objects that a kustomization changes. These are its own entries
// and those of included kustomizations. A Component changes the objects of the kustomizations that include it, so their entries
// count as well.
func (r *FileSystem) missingFor(file string) []string {
	var missing []string
	takers := []string{path.Dir(file)}
	if r.kustomizations[file].Kind == kustomize.ComponentKind {
		for _, other := range tree.Sorted(r.kustomizations) {
			if slices.Contains(r.below(other), path.Dir(file)) {
				takers = append(takers, path.Dir(other))
			}
		}
	}
	for _, folder := range takers {
		for _, name := range r.inBuild(folder) {
			missing = append(missing, r.kustomizations[name].missing...)
		}
	}
	return missing
}

// skipPatch removes the strategic merge patches of one object. A patch with a target applies only to existing objects.
func (r *FileSystem) skipPatch(file, object string) bool {
	k := r.kustomizations[file]
	skipped := false
	var patches []kustomize.Patch
	for _, p := range k.Patches {
		if rest, found := withoutPatch(r.patchText(file, p), object); found && p.Target == nil {
			skipped = true
			p.Path, p.Patch = "", rest
			if rest == "" {
				continue
			}
		}
		patches = append(patches, p)
	}
	var merges []kustomize.PatchStrategicMerge
	for _, p := range k.PatchesStrategicMerge { //nolint:staticcheck // kustomize still builds from it
		text := string(p)
		if inFile := r.patchText(file, kustomize.Patch{Path: text}); inFile != "" {
			text = inFile
		}
		if rest, found := withoutPatch(text, object); found {
			skipped = true
			p = kustomize.PatchStrategicMerge(rest)
			if rest == "" {
				continue
			}
		}
		merges = append(merges, p)
	}
	k.Patches, k.PatchesStrategicMerge = patches, merges //nolint:staticcheck // kustomize still builds from it
	return skipped
}

// patchText returns an inline patch or the patch in a file. It returns "" if the file is missing.
func (r *FileSystem) patchText(file string, p kustomize.Patch) string {
	if p.Path == "" {
		return p.Patch
	}
	full := path.Join(path.Dir(file), p.Path)
	if path.IsAbs(p.Path) {
		full = p.Path
	}
	text, _ := r.FileSystem.ReadFile(full)
	return string(text)
}

// withoutPatch removes the documents of one object from a patch.
func withoutPatch(text, object string) (rest string, found bool) {
	decoder := yaml.NewDecoder(strings.NewReader(text))
	for {
		var node yaml.Node
		if err := decoder.Decode(&node); errors.Is(err, io.EOF) {
			return rest, found
		} else if err != nil {
			return text, false
		}
		var o struct {
			APIVersion string `yaml:"apiVersion"`
			Kind       string
			Metadata   struct{ Name, Namespace string }
		}
		_ = node.Decode(&o) // operations of a JSON patch are a list without an object
		group, version := resid.ParseGroupVersion(o.APIVersion)
		id := resid.NewResIdWithNamespace(resid.Gvk{Group: group, Version: version, Kind: o.Kind}, o.Metadata.Name, o.Metadata.Namespace)
		if id.String() == object {
			found = true
			continue
		}
		if out, err := yaml.Marshal(&node); err == nil {
			rest += "---\n" + string(out)
		}
	}
}

func (r *FileSystem) skipReplicas(file, name string) bool {
	k := r.kustomizations[file]
	before := len(k.Replicas)
	k.Replicas = slices.DeleteFunc(k.Replicas, func(x kustomize.Replica) bool { return x.Name == name })
	return len(k.Replicas) < before
}

func (r *FileSystem) skipMerge(file, name string) bool {
	k := r.kustomizations[file]
	before := len(k.ConfigMapGenerator) + len(k.SecretGenerator)
	merges := func(g kustomize.GeneratorArgs) bool {
		return g.Name == name && (g.Behavior == "merge" || g.Behavior == "replace")
	}
	k.ConfigMapGenerator = slices.DeleteFunc(k.ConfigMapGenerator, func(g kustomize.ConfigMapArgs) bool { return merges(g.GeneratorArgs) })
	k.SecretGenerator = slices.DeleteFunc(k.SecretGenerator, func(g kustomize.SecretArgs) bool { return merges(g.GeneratorArgs) })
	return len(k.ConfigMapGenerator)+len(k.SecretGenerator) < before
}

// skipReplacements removes all replacements, because another file may select the object.
func (r *FileSystem) skipReplacements(file, _ string) bool {
	k := r.kustomizations[file]
	found := len(k.Replacements) > 0
	k.Replacements = nil
	return found
}

func (r *FileSystem) skipVar(file, name string) bool {
	k := r.kustomizations[file]
	before := len(k.Vars)                                                                    //nolint:staticcheck // kustomize still builds from it
	k.Vars = slices.DeleteFunc(k.Vars, func(v kustomize.Var) bool { return v.Name == name }) //nolint:staticcheck // kustomize still builds from it
	return len(k.Vars) < before                                                              //nolint:staticcheck // kustomize still builds from it
}
