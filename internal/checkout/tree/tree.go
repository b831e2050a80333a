// Package tree reads the files of a checkout that source-controller would include in its artifact.
package tree

import (
	"cmp"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/fluxcd/pkg/sourceignore/gitignore"
	"sigs.k8s.io/kustomize/api/konfig"
)

// Tree holds the files of source-controller's artifact: regular files that neither .sourceignore nor its defaults exclude
// (source-controller v1.9.3 internal/controller/gitrepository_controller.go; fluxcd/pkg sourceignore).
type Tree struct {
	Files map[string][]byte // by path from the root, with slashes
	Names []string          // sorted
	// Excluded holds the files of the checkout that are not in the artifact.
	Excluded map[string][]byte
	// Links holds the files of the checkout that symbolic links lead to, by the path of the link. Artifacts of Flux contain no
	// links; Argo CD follows them.
	Links map[string][]byte
	// Submodules are the folders of the Git submodules. Git keeps no file of them in this repository.
	Submodules []string
	// Outside are the folders of the artifact whose files come from other repositories. Whoever knows the source sets it.
	Outside []string
	// kustomizations are the kustomization files by their folder.
	kustomizations map[string]string
	patterns       []gitignore.Pattern // of all .sourceignore files
	// included are the excluded files that some source includes by its spec.ignore.
	included map[string]bool
}

// WithLinks returns the tree that Argo CD reads.
func (t *Tree) WithLinks() *Tree {
	if len(t.Links) == 0 {
		return t
	}
	files := maps.Clone(t.Files)
	maps.Copy(files, t.Links)
	linked := &Tree{Files: files, Submodules: t.Submodules, Outside: t.Outside}
	linked.index()
	return linked
}

// New returns the tree of files in memory, without ignored files.
func New(files map[string][]byte) *Tree {
	t := &Tree{Files: files}
	t.ignore()
	return t
}

func (t *Tree) index() {
	t.Names, t.kustomizations = Sorted(t.Files), map[string]string{}
	for _, name := range t.Names {
		if !IsKustomizationFile(name) {
			continue
		}
		folder, base := path.Split(name)
		folder = path.Clean(folder)
		known, again := t.kustomizations[folder]
		if !again || slices.Index(kustomizationFiles, base) < slices.Index(kustomizationFiles, path.Base(known)) {
			t.kustomizations[folder] = name
		}
	}
}

// HasFolder reports whether a folder exists. As in Git, a folder without files does not. The root is ".".
func (t *Tree) HasFolder(folder string) bool { return folder == "." || len(t.Below(folder)) > 0 }

// Below returns the files in a folder and in its subfolders, sorted. The root is ".".
func (t *Tree) Below(folder string) []string {
	if folder == "." {
		return t.Names
	}
	first, _ := slices.BinarySearch(t.Names, folder+"/")
	after, _ := slices.BinarySearch(t.Names, folder+"0") // the character after the slash
	return t.Names[first:after]
}

// KustomizationFile returns the kustomization file of a folder, or "" if there is none.
func (t *Tree) KustomizationFile(folder string) string { return t.kustomizations[path.Clean(folder)] }

// kustomizationFiles are the names that kustomize recognises, in its order.
var kustomizationFiles = konfig.RecognizedKustomizationFileNames()

// IsYAML reports whether kustomize-controller treats a file of that name as YAML.
func IsYAML(name string) bool {
	ext := path.Ext(name)
	return ext == ".yaml" || ext == ".yml"
}

// IsKustomizationFile reports whether kustomize recognises a file of that name.
func IsKustomizationFile(name string) bool {
	return slices.Contains(kustomizationFiles, path.Base(name))
}

func segments(name string) []string {
	if name == "." || name == "" {
		return nil
	}
	return strings.Split(name, "/")
}

// Below reports whether a file is in a folder or in one of its subfolders. The root is ".".
func Below(name, folder string) bool { return folder == "." || strings.HasPrefix(name, folder+"/") }

// NoFolder contains no file.
const NoFolder = "\x00"

// Clean returns a path relative to the root of the tree, wherever it leads.
func Clean(name string) string {
	return cmp.Or(strings.TrimPrefix(path.Clean("/"+name), "/"), ".")
}

// CommonFolder returns the innermost folder of two files: a path that ends with a slash, or "" for the root.
func CommonFolder(a, b string) string {
	folder := ""
	for {
		rest := strings.TrimPrefix(a, folder)
		next, _, deeper := strings.Cut(rest, "/")
		if !deeper || !strings.HasPrefix(b, folder+next+"/") {
			return folder
		}
		folder += next + "/"
	}
}

// BelowAny reports whether a name is one of the folders or below one.
func BelowAny(name string, folders []string) bool {
	return slices.ContainsFunc(folders, func(folder string) bool { return name == folder || Below(name, folder) })
}

// Sorted returns the keys of m, sorted.
func Sorted[T any](m map[string]T) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Folders returns all folders but the root, sorted.
func (t *Tree) Folders() []string {
	folders := map[string]bool{}
	for _, name := range t.Names {
		for f := path.Dir(name); f != "." && !folders[f]; f = path.Dir(f) {
			folders[f] = true
		}
	}
	return Sorted(folders)
}

// archives matches folders whose content was put aside.
var archives = regexp.MustCompile(`(?i)(^|/)[._]?(archived?|attic|old|disabled|deprecated|unused|backups?)/`)

// IsArchived reports whether a file was put aside.
func IsArchived(file string) bool { return archives.MatchString(file) }
