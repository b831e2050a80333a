package offline

import (
	"context"
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/konfig"
	kustomize "sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
)

// Root is the path of the checkout in kustomize's file system in memory. No file is written, and no file outside the checkout can
// be read.
const Root = "/checkout"

// FileSystem is kustomize's file system: the checkout in memory without remote entries. It records which files are read.
type FileSystem struct {
	filesys.FileSystem
	ctx    context.Context
	read   map[string]bool
	bounds bounds
	// kustomizations holds the kustomizations of the checkout and the generated ones, by their path in memory.
	kustomizations map[string]*localKustomization
}

// localKustomization is a kustomization without remote entries.
type localKustomization struct {
	kustomize.Kustomization
	file string // in the checkout; "" for a generated one
	// missing holds the removed remote entries that would have added objects.
	missing []string
	// patches holds the removed remote patches.
	patches []string
}

// Removed is an entry that is not part of a build.
type Removed struct {
	File, Value, Message string
	Chart                bool // it is a Helm chart; otherwise it is remote
}

// New copies t into memory. report receives each removed remote entry, and with noCharts each Helm chart.
func New(ctx context.Context, t *tree.Tree, noCharts bool, report func(Removed)) *FileSystem {
	r := &FileSystem{FileSystem: filesys.MakeFsInMemory(), ctx: ctx, read: map[string]bool{}, bounds: bounds{read: map[string]bool{}}, kustomizations: map[string]*localKustomization{}}
	for _, name := range t.Names {
		text := t.Files[name]
		if tree.IsKustomizationFile(name) {
			text = r.local(t, name, text, noCharts, report)
		}
		_ = r.WriteFile(path.Join(Root, name), text) // writes to memory do not fail
	}
	return r
}

// local removes the entries of a kustomization.yaml that kustomize would download or clone. A check before the merge must not
// depend on the current content of another repository. If kustomize cannot parse the file, it stays unchanged, and kustomize
// rejects it.
func (r *FileSystem) local(t *tree.Tree, name string, text []byte, noCharts bool, report func(Removed)) []byte {
	k := &localKustomization{file: name}
	if k.Unmarshal(text) != nil {
		return text
	}
	k.FixKustomization() // converts deprecated fields
	r.kustomizations[path.Join(Root, name)] = k
	c := cleaner{tree: t, folder: path.Dir(name), noCharts: noCharts, report: func(e removedEntry) {
		if e.objects {
			k.missing = append(k.missing, e.origin())
		}
		if e.patch {
			k.patches = append(k.patches, e.value)
		}
		report(Removed{e.file, e.value, e.message(), e.chart})
	}}
	c.clean(&k.Kustomization)
	if !c.changed {
		return text
	}
	return k.marshal()
}

// marshal keeps an empty resources field: kustomize rejects a kustomization without any field.
func (k *localKustomization) marshal() []byte {
	out, err := yaml.Marshal(k.Kustomization)
	if err == nil && len(k.Resources) == 0 {
		out = append(out, "resources: []\n"...)
	}
	return out // it was parsed from text, so there is no error; kustomize rejects an empty result
}

// PutKustomization writes a generated kustomization.
func (r *FileSystem) PutKustomization(folder string, k kustomize.Kustomization) error {
	file := path.Join(folder, "kustomization.yaml")
	r.kustomizations[file] = &localKustomization{Kustomization: k}
	return r.WriteFile(file, r.kustomizations[file].marshal())
}

// RecordReads starts a new set of the files of the checkout that are read, and returns it.
func (r *FileSystem) RecordReads() map[string]bool {
	r.read = map[string]bool{}
	return r.read
}

// refusedError ends a build that would have read outside the checkout or exceeded a limit.
type refusedError struct{ message string }

func (e *refusedError) Error() string { return e.message }

func remoteRefused(name string) *refusedError {
	return &refusedError{WithoutCredentials(name) + " is remote, and lint makes no connection"}
}

// ReadFile implements filesys.FileSystem. It is the second check after the cleaner. It panics for a kustomization.yaml with a
// remote entry, and for a missing file whose name kustomize would clone next. Kustomize would treat an error as "no such file" and
// continue with the clone. krustyRun recovers from the panic.
func (r *FileSystem) ReadFile(name string) ([]byte, error) {
	if err := r.ctx.Err(); err != nil {
		return nil, err
	}
	if inside, ok := strings.CutPrefix(path.Clean(name), Root+"/"); ok {
		r.read[inside] = true
	}
	text, err := r.FileSystem.ReadFile(name)
	isKustomization := tree.IsKustomizationFile(name) && r.IsDir(path.Dir(name))
	if exceeded := r.bounds.exceededBy(strings.TrimPrefix(path.Clean(name), Root+"/"), text, isKustomization && err == nil); exceeded != "" {
		panic(&refusedError{exceeded})
	}
	switch {
	case isKustomization:
		if remote := r.remoteField(path.Dir(name), text); remote != "" {
			panic(remoteRefused(remote))
		}
	case err != nil && r.wouldClone(name):
		panic(remoteRefused(name))
	}
	return text, err
}

// textFields lists the fields of a kustomization.yaml in which a URL is text and not a file. All other fields count as files,
// including new fields of a later kustomize.
var textFields = []string{
	"metadata", "commonLabels", "labels", "commonAnnotations", "generatorOptions", "options", "literals", "patch", "images", "imageTags", "vars",
	"source", "target", "targets", "replicas", "valuesInline", "valuesLocal", "repo", "chartRepoUrl", "extraArgs",
}

// remoteField returns a remote value of a field that contains files, or "".
func (r *FileSystem) remoteField(folder string, text []byte) (remote string) {
	var plain any
	if yaml.Unmarshal(text, &plain) != nil {
		return "" // kustomize rejects it
	}
	walkValue(plain, nil, func(keys []string, s string) {
		if slices.ContainsFunc(keys, func(key string) bool { return contains(textFields, key) }) {
			return
		}
		if isRemoteSource(s) || isClone(s) && !r.Exists(path.Join(folder, s)) {
			remote = s
		}
	})
	return remote
}

// wouldClone reports whether a missing file has the name of a repository, relative to a kustomization in a parent folder.
func (r *FileSystem) wouldClone(name string) bool {
	for folder := path.Dir(name); folder != "/" && folder != "."; folder = path.Dir(folder) {
		if !slices.ContainsFunc(konfig.RecognizedKustomizationFileNames(), func(f string) bool { return r.Exists(path.Join(folder, f)) }) {
			continue
		}
		entry := strings.TrimPrefix(name, folder+"/")
		if isClone(entry) || isClone(strings.Replace(entry, ":/", "://", 1)) { // the path was cleaned
			return true
		}
	}
	return false
}

// Path returns the path with which a generated kustomization refers to a file or folder of the checkout.
func Path(name string) string { return path.Join("..", Root, name) }
