package checkout

import (
	"cmp"
	"path"
	"strings"

	"sigs.k8s.io/kustomize/api/konfig"
	kustomize "sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/resid"
	kyamlutils "sigs.k8s.io/kustomize/kyaml/utils"
	"sigs.k8s.io/yaml"
)

// Kustomize bounds copies of a value into itself as little as its other work: a JSON patch that copies the root of an object into a field
// of it, and a replacement of "data" by itself with a delimiter, double the object each time.
const (
	// maxCopied is how large the files of a repository may become by such copies, and mayGrow how much larger they may become however
	// large they are. A repository of 64 MiB already has other worries.
	maxCopied = 64 << 20
	mayGrow   = 32
	// maxGrowth is enough for small repositories.
	maxGrowth = 4096
	// maxCopies is how many values one build may copy. More take too long to look at.
	maxCopies = 10_000
)

// growth follows the copies of one build, in the order in which kustomize makes them. The size of a value is told in the sizes of
// the objects before the build; where it is not known which kind of object is meant, it may be any.
type growth struct {
	most      float64
	copies    int
	kindsVary bool                 // a patch may change the kind of an object
	sizes     map[place]float64    // of what was copied, by where it was copied to
	added     map[[2]place]float64 // how large a value was when it was last added to another
}

// place is a value in objects of one kind; "" is any kind. The path ends with a slash.
type place struct{ kind, path string }

func newGrowth(files map[string][]byte) growth {
	total := 1
	for _, text := range files {
		total += len(text)
	}
	return growth{most: float64(min(max(maxCopied/total, mayGrow), maxGrowth)), sizes: map[place]float64{}, added: map[[2]place]float64{}}
}

// copy notes a copy, and reports whether it is one too many. adds says that it does not replace what stands there. What is added to
// the same place again, as the name of each Deployment to its image, is only counted where it has grown itself.
func (g *growth) copy(from, to place, adds bool) (exceeded bool) {
	g.copies++
	size := g.size(from)
	total := size
	if adds {
		total = max(1, g.sizes[to])
		if size > g.added[[2]place{from, to}] {
			total += size
		}
		g.added[[2]place{from, to}] = size
	}
	g.sizes[to] = max(total, g.sizes[to])
	return total > g.most || g.copies > maxCopies
}

// size is that of a value: what was copied into it counts in full, and it may be as large as what it is a part of.
func (g *growth) size(of place) float64 {
	below, around := 1.0, 1.0
	for to, size := range g.sizes {
		switch {
		case to.kind != "" && of.kind != "" && to.kind != of.kind && !g.kindsVary:
		case to.path != of.path && strings.HasPrefix(to.path, of.path):
			below += size
		case strings.HasPrefix(of.path, to.path):
			around = max(around, size)
		}
	}
	return max(below, around)
}

// growsTooMuch reports whether a build of a kustomization.yaml would copy values into themselves again and again.
func (b *builder) growsTooMuch(file string) bool {
	walk := &growthWalk{files: b.memory(), growth: newGrowth(b.loader.tree.files)}
	return walk.kustomization(file, 0)
}

// growthWalk visits the kustomizations of a build: first what one includes, then what it does itself.
type growthWalk struct {
	growth

	files   *recorder
	visited int
}

// kustomization reports whether there are too many copies. That there are too many kustomizations, or that they include each other, is
// for the build to say.
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

// kustomizationIn is the kustomization.yaml of a folder; "" where there is none.
func (r *recorder) kustomizationIn(folder string) string {
	for _, name := range konfig.RecognizedKustomizationFileNames() {
		if file := path.Join(folder, name); r.kustomizations[file] != nil {
			return file
		}
	}
	return ""
}

func (w *growthWalk) text(folder, name string) []byte {
	text, _ := w.files.FileSystem.ReadFile(path.Join(folder, name)) // that it is missing is for the build to say
	return text
}

// patches looks for copies in JSON patches. A strategic merge patch copies nothing of the object.
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
		intoList := strings.HasSuffix(to, "/*/") // where a value is inserted
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

// replacementsIn are those of a file: one, or a list.
func replacementsIn(text []byte) []kustomize.Replacement {
	var list []kustomize.Replacement
	if yaml.Unmarshal(text, &list) == nil {
		return list
	}
	var one kustomize.Replacement
	_ = yaml.Unmarshal(text, &one) // what is none is for the build to say
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
		added := target.Options != nil && target.Options.Delimiter != "" // it becomes a part of the text that stands there
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

// transformers are configurations of plugins, in files or in place. Of those in folders, each is a file.
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

// kindOf is the kind that is selected; "" where it may be several. Names do not tell objects apart, as a build changes them.
func kindOf(id resid.ResId) string {
	if strings.ContainsAny(id.Kind, `.*+?()[]{}|^$\`) {
		return ""
	}
	return id.Kind
}

// fieldPath is that of a replacement, as the path of a JSON patch.
func fieldPath(field string) string {
	segments := kyamlutils.SmarterPathSplitter(cmp.Or(field, kustomize.DefaultReplacementFieldPath), ".")
	for i := range segments {
		segments[i] = strings.NewReplacer("~", "~0", "/", "~1").Replace(segments[i])
	}
	return pathOf(segments)
}

// pathOf takes all entries of a list for one: they may be named by their place, by a key, by a sign for the end, or by one for all.
func pathOf(segments []string) string {
	var text strings.Builder
	for _, segment := range segments {
		switch {
		case segment == "":
			continue
		case segment == "-", segment == "*", segment[0] == '[', strings.Trim(segment, "0123456789") == "":
			segment = "*"
		}
		text.WriteString("/" + segment)
	}
	return text.String() + "/"
}
