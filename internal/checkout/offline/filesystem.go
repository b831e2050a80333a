package offline

import (
	"context"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/konfig"
	kustomize "sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
)

// Root is where the checkout stands in the memory that kustomize works on. No file is written, and none outside of
// the checkout can be read.
const Root = "/checkout"

// FileSystem is the file system of kustomize: the checkout in memory, without what is remote. It remembers which files are read.
type FileSystem struct {
	filesys.FileSystem
	ctx    context.Context
	read   map[string]bool
	bounds bounds
	// kustomizations are those of the checkout and our own, by their path in memory.
	kustomizations map[string]*localKustomization
}

// localKustomization is a kustomization without what is remote.
type localKustomization struct {
	kustomize.Kustomization
	file string // in the checkout; "" for our own
	// missing are the remote entries that would have added objects.
	missing []string
}

// New puts t into memory. report gets each remote entry that was left out: the file of it, its value, and a message.
func New(ctx context.Context, t *tree.Tree, report func(file, value, message string)) *FileSystem {
	r := &FileSystem{FileSystem: filesys.MakeFsInMemory(), ctx: ctx, read: map[string]bool{}, bounds: bounds{read: map[string]bool{}}, kustomizations: map[string]*localKustomization{}}
	for _, name := range t.Names {
		text := t.Files[name]
		if tree.IsKustomizationFile(name) {
			text = r.local(t, name, text, report)
		}
		_ = r.WriteFile(path.Join(Root, name), text) // memory does not refuse
	}
	return r
}

// local takes out of a kustomization.yaml what kustomize would download or clone: a check before the merge must not depend on
// what another repository has today. One that kustomize cannot parse is left for kustomize to refuse.
func (r *FileSystem) local(t *tree.Tree, name string, text []byte, report func(file, value, message string)) []byte {
	k := &localKustomization{file: name}
	if k.Unmarshal(text) != nil {
		return text
	}
	k.FixKustomization() // older fields become newer ones
	r.kustomizations[path.Join(Root, name)] = k
	c := cleaner{tree: t, folder: path.Dir(name), report: func(e removedEntry) {
		if e.objects {
			k.missing = append(k.missing, e.value)
		}
		report(e.file, e.value, e.message())
	}}
	c.clean(&k.Kustomization)
	if !c.changed {
		return text
	}
	return k.marshal()
}

// marshal keeps resources where they are empty: kustomize refuses a kustomization without any field.
func (k *localKustomization) marshal() []byte {
	out, err := yaml.Marshal(k.Kustomization)
	if err == nil && len(k.Resources) == 0 {
		out = append(out, "resources: []\n"...)
	}
	return out // it was parsed from text, so there is no error; and without text, kustomize refuses
}

// PutKustomization writes a kustomization of our own.
func (r *FileSystem) PutKustomization(folder string, k kustomize.Kustomization) error {
	file := path.Join(folder, "kustomization.yaml")
	r.kustomizations[file] = &localKustomization{Kustomization: k}
	return r.WriteFile(file, r.kustomizations[file].marshal())
}

// Reads are the files of the checkout that were read since the last RecordReads.
func (r *FileSystem) Reads() map[string]bool { return r.read }

// RecordReads begins a new list of the files that are read, and returns it.
func (r *FileSystem) RecordReads() map[string]bool {
	r.read = map[string]bool{}
	return r.read
}

// refusedError ends a build that would have left the checkout, or would not have ended in time.
type refusedError struct{ message string }

func (e *refusedError) Error() string { return e.message }

func remoteRefused(name string) *refusedError {
	return &refusedError{WithoutCredentials(name) + " is remote, and lint makes no connection"}
}

// ReadFile implements filesys.FileSystem. It is the second lock: whatever has passed the cleaner, nothing remote is handed out,
// and a name that kustomize would clone next ends the build. Kustomize takes an error for "no such file" and goes on to clone,
// so this panics, and krustyRun recovers.
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

// textFields are those of a kustomization.yaml in which a URL is text, and not a file. A field that is not among them, such as
// one that a newer kustomize has, is taken for files.
var textFields = []string{
	"metadata", "commonLabels", "labels", "commonAnnotations", "generatorOptions", "options", "literals", "patch", "images", "imageTags", "vars",
	"source", "target", "targets", "replicas", "valuesInline", "valuesLocal", "repo", "chartRepoUrl", "extraArgs",
}

// remoteField is something remote in a field that holds files; "" where there is nothing.
func (r *FileSystem) remoteField(folder string, text []byte) (remote string) {
	var plain any
	if yaml.Unmarshal(text, &plain) != nil {
		return "" // kustomize refuses it
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

// wouldClone reports whether a file that is missing has, seen from a kustomization above it, the name of a repository.
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

// Path is the path with which a kustomization of our own names a file or folder of the checkout.
func Path(name string) string { return path.Join("..", Root, name) }

// Kustomize says in three ways that an entry is no file, no folder and no URL; one is enough.
var absentEntry = regexp.MustCompile(`accumulating resources from '([^']+)': '[^']+' doesn't exist`)

var ownFolder = regexp.MustCompile(`/kubectl-choreo-\d+/?`)

// CleanMessage removes the paths of this memory from a message of kustomize, and our own kustomization, which is the outermost.
func CleanMessage(message string) string {
	if _, rest, found := strings.Cut(message, "recursed accumulation of path '"); found {
		_, message, _ = strings.Cut(rest, "': ")
	}
	if m := absentEntry.FindStringSubmatch(message); m != nil {
		return fmt.Sprintf("it names '%s', which is not there", m[1])
	}
	message = strings.ReplaceAll(message, ".."+Root+"/", "")
	message = strings.ReplaceAll(message, Root+"/", "")
	message = strings.ReplaceAll(message, Root, ".")
	return ownFolder.ReplaceAllString(message, ".")
}
