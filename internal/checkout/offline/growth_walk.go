package offline

import (
	"path"
	"strings"

	"sigs.k8s.io/kustomize/api/konfig"
	kustomize "sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
)

// GrowsTooMuch reports whether a build of a kustomization.yaml would copy values into themselves repeatedly.
func (r *FileSystem) GrowsTooMuch(file string, t *tree.Tree) bool {
	walk := &growthWalk{files: r, growth: newGrowth(t.Files)}
	return walk.kustomization(file, 0)
}

// growthWalk visits the kustomizations of a build. It visits included kustomizations before the including one.
type growthWalk struct {
	growth

	files   *FileSystem
	visited int
}

// kustomization reports whether there are too many copies. The build reports too many kustomizations and cycles.
func (w *growthWalk) kustomization(file string, depth int) (exceeded bool) {
	k := w.files.kustomizations[file]
	if w.visited++; k == nil || depth > maxRebuilt || w.visited > maxRebuilt {
		return false
	}
	folder := path.Dir(file)
	for _, entries := range [][]string{k.Resources, k.Components} {
		for _, entry := range entries {
			if inner := w.files.kustomizationIn(path.Join(folder, entry)); inner != "" && w.kustomization(inner, depth+1) {
				return true
			}
		}
	}
	return w.patches(folder, k.Patches) || w.patches(folder, k.PatchesJson6902) || //nolint:staticcheck // kustomize still builds from it
		w.replacements(folder, k.Replacements) || w.transformers(folder, k.Transformers)
}

// kustomizationIn returns the kustomization.yaml of a folder, or "" if there is none.
func (r *FileSystem) kustomizationIn(folder string) string {
	for _, name := range konfig.RecognizedKustomizationFileNames() {
		if file := path.Join(folder, name); r.kustomizations[file] != nil {
			return file
		}
	}
	return ""
}

func (w *growthWalk) text(folder, name string) []byte {
	text, _ := w.files.FileSystem.ReadFile(path.Join(folder, name)) // the build reports a missing file
	return text
}

// patches checks JSON patches for copies. A strategic merge patch does not copy values of the object.
func (w *growthWalk) patches(folder string, patches []kustomize.Patch) bool {
	for _, p := range patches {
		text := []byte(p.Patch)
		if p.Path != "" {
			text = w.text(folder, p.Path)
		}
		kind := ""
		if p.Target != nil {
			kind = kindOf(p.Target.ResId)
		}
		w.kindsVary = w.kindsVary || p.Options != nil && p.Options.AllowKindChange
		if w.operations(kind, text) {
			return true
		}
	}
	return false
}

func (w *growthWalk) operations(kind string, text []byte) bool {
	var operations []struct{ Op, From, Path string }
	if !strings.Contains(string(text), "copy") || yaml.Unmarshal(text, &operations) != nil {
		return false
	}
	for _, o := range operations {
		to := pathOf(strings.Split(o.Path, "/"))
		intoList := strings.HasSuffix(to, "/*/") // a copy to a list entry inserts a value
		if o.Op == "copy" && w.copy(place{kind, pathOf(strings.Split(o.From, "/"))}, place{kind, to}, intoList) {
			return true
		}
	}
	return false
}

func (w *growthWalk) replacements(folder string, fields []kustomize.ReplacementField) bool {
	for _, field := range fields {
		all := []kustomize.Replacement{field.Replacement}
		if field.Path != "" {
			all = replacementsIn(w.text(folder, field.Path))
		}
		for _, r := range all {
			if w.replacement(r) {
				return true
			}
		}
	}
	return false
}

// replacementsIn returns the replacements of a file, which contains one or a list.
func replacementsIn(text []byte) []kustomize.Replacement {
	var list []kustomize.Replacement
	if yaml.Unmarshal(text, &list) == nil {
		return list
	}
	var one kustomize.Replacement
	_ = yaml.Unmarshal(text, &one) // the build reports an invalid replacement
	return []kustomize.Replacement{one}
}

func (w *growthWalk) replacement(r kustomize.Replacement) bool {
	if r.Source == nil {
		return false
	}
	from := place{kindOf(r.Source.ResId), fieldPath(r.Source.FieldPath)}
	for _, target := range r.Targets {
		if target == nil || target.Select == nil {
			continue
		}
		added := target.Options != nil && target.Options.Delimiter != "" // with a delimiter the value becomes a part of the old text
		fields := target.FieldPaths
		if len(fields) == 0 {
			fields = []string{""}
		}
		for _, field := range fields {
			if w.copy(from, place{kindOf(target.Select.ResId), fieldPath(field)}, added) {
				return true
			}
		}
	}
	return false
}

// transformers checks plugin configurations, in files or inline. In a folder, each resource is one file.
func (w *growthWalk) transformers(folder string, entries []string) bool {
	for _, entry := range entries {
		text := w.text(folder, entry)
		if text == nil {
			text = []byte(entry)
		}
		if w.plugins(folder, text) {
			return true
		}
		if inner := w.files.kustomizationIn(path.Join(folder, entry)); inner != "" {
			below := path.Dir(inner)
			for _, resource := range w.files.kustomizations[inner].Resources {
				if w.plugins(below, w.text(below, resource)) {
					return true
				}
			}
		}
	}
	return false
}

func (w *growthWalk) plugins(folder string, text []byte) bool {
	for document := range strings.SplitSeq(string(text), "\n---") {
		var plugin struct {
			Patch, Path, JSONOp string
			Target              *kustomize.Selector
			Replacements        []kustomize.ReplacementField
		}
		if yaml.Unmarshal([]byte(document), &plugin) != nil {
			continue
		}
		patches := []kustomize.Patch{{Path: plugin.Path, Patch: plugin.Patch + plugin.JSONOp, Target: plugin.Target}}
		if w.patches(folder, patches) || w.replacements(folder, plugin.Replacements) {
			return true
		}
	}
	return false
}
