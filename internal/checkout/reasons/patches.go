package reasons

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/revision"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/internal/drift"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/yamlnode"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// maxFolders bounds the folders of a build that are searched.
const maxFolders = 1000

// patch is a patch of a kustomization.yaml or of a Kustomization.
type patch struct {
	target    *yaml.Node // nil without one
	documents []*yaml.Node
	file      string
	before    int // lines of the file before its text
	fixed     int // the line of the whole text, if its lines are not those of the file; else 0
}

// at returns the place of a line of the text of a patch.
func (p patch) at(line int) manifest.Place {
	switch {
	case p.file == revision.ClusterFile:
		return manifest.Place{}
	case p.fixed > 0:
		return manifest.Place{File: p.file, Line: p.fixed}
	}
	return manifest.Place{File: p.file, Line: p.before + line}
}

// patches returns those of some deliveries, or of all, the last that applies first.
func (f *Finder) patches(of []facts.Ref) []patch {
	var all []patch
	for _, k := range f.clone.Kustomizations {
		if !f.isApplied(k.Ref) || len(of) > 0 && !slices.Contains(of, k.Ref) {
			continue
		}
		var inner []patch
		for _, d := range f.read(k.File) {
			if text(d, "kind") == k.Ref.Kind && text(yamlnode.Child(d, "metadata"), "name") == k.Document.Ref.Name {
				inner = f.patchesIn(k.File, yamlnode.Child(yamlnode.Child(d, "spec"), "patches"))
			}
		}
		all = append(all, inner...)
		all = append(all, f.patchesOfFolders(k)...)
	}
	return all
}

func (f *Finder) isApplied(ref facts.Ref) bool {
	return slices.ContainsFunc(f.applied, func(u *unstructured.Unstructured) bool { return manifest.RefOf(u) == ref })
}

// patchesOfFolders returns the patches of the kustomization files that a build reads, the outermost first.
func (f *Finder) patchesOfFolders(k manifest.Kustomization) []patch {
	folders, known := f.foldersOf(k), map[string]bool{}
	var all []patch
	for i := 0; i < len(folders) && i < maxFolders; i++ {
		file := f.clone.Files.KustomizationFile(folders[i])
		if file == "" || known[file] {
			continue
		}
		known[file] = true
		for _, d := range f.read(file) {
			for _, field := range []string{"patches", "patchesJson6902", "patchesStrategicMerge"} {
				all = append(all, f.patchesIn(file, yamlnode.Child(d, field))...)
			}
			for _, field := range []string{"resources", "bases", "components"} {
				for _, entry := range items(yamlnode.Child(d, field)) {
					folders = append(folders, tree.Clean(path.Join(folders[i], entry.Value)))
				}
			}
		}
	}
	return all
}

// foldersOf returns the folders that a Kustomization names. Without a kustomization file, Flux includes all below its folder.
func (f *Finder) foldersOf(k manifest.Kustomization) []string {
	folders := []string{k.Folder}
	components, _, _ := unstructured.NestedStringSlice(k.Body.Object, "spec", "components")
	for _, c := range components {
		folders = append(folders, path.Join(k.Folder, c))
	}
	if f.clone.Files.KustomizationFile(k.Folder) != "" {
		return folders
	}
	for _, name := range f.clone.Files.Below(k.Folder) {
		if tree.IsKustomizationFile(name) {
			folders = append(folders, path.Dir(name))
		}
	}
	return folders
}

// patchesIn returns the patches of a list, the last first.
func (f *Finder) patchesIn(file string, list *yaml.Node) []patch {
	var all []patch
	for _, entry := range slices.Backward(items(list)) {
		inline, name, target := yamlnode.Child(entry, "patch"), text(entry, "path"), yamlnode.Child(entry, "target")
		if entry.Kind == yaml.ScalarNode { // of patchesStrategicMerge
			if inline = entry; !strings.Contains(entry.Value, "\n") {
				inline, name = nil, entry.Value
			}
		}
		if name != "" {
			from := tree.Clean(path.Join(path.Dir(file), name))
			all = append(all, patch{target: target, documents: f.read(from), file: from})
		}
		if inline != nil {
			p := patch{target: target, documents: parse([]byte(inline.Value)), file: file, before: inline.Line}
			if inline.Style&yaml.LiteralStyle == 0 {
				p.fixed = inline.Line
			}
			all = append(all, p)
		}
	}
	return all
}

// removes reports whether a patch deletes an object, and in which line of its text.
func (p patch) removes(object facts.Ref, body *unstructured.Unstructured) (line int, found bool) {
	for _, d := range p.documents {
		if key, value := yamlnode.Entry(d, "$patch"); key != nil && value.Value == "delete" && p.selects(d, object, body) {
			return key.Line, true
		}
	}
	return 0, false
}

// sets reports whether a patch sets a field of an object, and in which line of its text.
func (p patch) sets(object facts.Ref, body *unstructured.Unstructured, field string) (line int, found bool) {
	steps := drift.Steps(field)
	for _, d := range p.documents {
		if d.Kind == yaml.MappingNode && p.selects(d, object, body) {
			if line, found = lineOf(d, steps); found {
				return line, true
			}
		}
		for _, operation := range slices.Backward(items(d)) {
			key, pointer := yamlnode.Entry(operation, "path")
			if key != nil && p.selects(nil, object, body) && overlap(pointer.Value, steps) {
				return key.Line, true
			}
		}
	}
	return 0, false
}

// lineOf returns the line of a field in a merge patch. Entries of a list have other indexes there.
func lineOf(node *yaml.Node, steps []string) (line int, found bool) {
	for _, s := range steps {
		key, value := yamlnode.Entry(node, s)
		if key == nil {
			return line, node.Kind == yaml.SequenceNode || node.Kind == yaml.ScalarNode && node.Tag == "!!null"
		}
		line, node = key.Line, value
	}
	return line, true
}

// overlap reports whether the path of an operation is that of a field, or one around or below it.
func overlap(pointer string, steps []string) bool {
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	for i, s := range strings.Split(strings.TrimPrefix(pointer, "/"), "/") {
		if i < len(steps) && unescape.Replace(s) != steps[i] {
			return s == "-"
		}
	}
	return true
}

// selects reports whether a patch is one of an object: by its target, else by its own kind and name.
func (p patch) selects(d *yaml.Node, object facts.Ref, body *unstructured.Unstructured) bool {
	if p.target == nil {
		return d != nil && text(d, "kind") == object.Kind && text(yamlnode.Child(d, "metadata"), "name") == body.GetName()
	}
	for field, value := range map[string]string{"group": object.Group, "kind": object.Kind, "name": body.GetName(), "namespace": object.Namespace} {
		pattern, err := regexp.Compile("^(?:" + text(p.target, field) + ")$")
		if text(p.target, field) != "" && (err != nil || !pattern.MatchString(value)) {
			return false
		}
	}
	of := map[string]map[string]string{"labelSelector": body.GetLabels(), "annotationSelector": body.GetAnnotations()}
	for field, set := range of {
		selector, err := labels.Parse(text(p.target, field))
		if err != nil || !selector.Matches(labels.Set(set)) {
			return false
		}
	}
	return kinds.Text(body, "kind") != ""
}
