package checkout

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
)

// checkoutRoot is where the checkout stands in the memory that kustomize works on. No file is written, and none outside of
// the checkout can be read.
const checkoutRoot = "/checkout"

// recorder is the file system of kustomize: the checkout in memory, without what is remote. It remembers which files are read.
type recorder struct {
	filesys.FileSystem
	ctx    context.Context
	read   map[string]bool
	bounds bounds
	// kustomizations are those of the checkout and our own, by their path in memory.
	kustomizations map[string]*partial
}

// partial is a kustomization without what is remote.
type partial struct {
	kustomize.Kustomization
	file string // in the checkout; "" for our own
	// missing are the remote entries that would have added objects.
	missing []string
}

// newRecorder puts t into memory. report gets each remote entry that was left out: the file of it, its value, and a message.
func newRecorder(ctx context.Context, t *tree, report func(file, value, message string)) *recorder {
	r := &recorder{FileSystem: filesys.MakeFsInMemory(), ctx: ctx, read: map[string]bool{}, bounds: bounds{read: map[string]bool{}}, kustomizations: map[string]*partial{}}
	for _, name := range t.names {
		text := t.files[name]
		if isKustomizationFile(name) {
			text = r.local(t, name, text, report)
		}
		_ = r.WriteFile(path.Join(checkoutRoot, name), text) // memory does not refuse
	}
	return r
}

// local takes out of a kustomization.yaml what kustomize would download or clone: a check before the merge must not depend on
// what another repository has today. One that kustomize cannot parse is left for kustomize to refuse.
func (r *recorder) local(t *tree, name string, text []byte, report func(file, value, message string)) []byte {
	k := &partial{file: name}
	if k.Unmarshal(text) != nil {
		return text
	}
	k.FixKustomization() // older fields become newer ones
	r.kustomizations[path.Join(checkoutRoot, name)] = k
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
func (k *partial) marshal() []byte {
	out, err := yaml.Marshal(k.Kustomization)
	if err == nil && len(k.Resources) == 0 {
		out = append(out, "resources: []\n"...)
	}
	return out // it was parsed from text, so there is no error; and without text, kustomize refuses
}

// own writes a kustomization of our own.
func (r *recorder) own(folder string, k kustomize.Kustomization) error {
	file := path.Join(folder, "kustomization.yaml")
	r.kustomizations[file] = &partial{Kustomization: k}
	return r.WriteFile(file, r.kustomizations[file].marshal())
}

// record begins a new list.
func (r *recorder) record() map[string]bool {
	r.read = map[string]bool{}
	return r.read
}

// refusedError ends a build that would have left the checkout, or would not have ended in time.
type refusedError struct{ message string }

func (e *refusedError) Error() string { return e.message }

func remoteRefused(name string) *refusedError {
	return &refusedError{withoutCredentials(name) + " is remote, and lint makes no connection"}
}

// ReadFile implements filesys.FileSystem. It is the second lock: whatever has passed the cleaner, nothing remote is handed out,
// and a name that kustomize would clone next ends the build. Kustomize takes an error for "no such file" and goes on to clone,
// so this panics, and krustyRun recovers.
func (r *recorder) ReadFile(name string) ([]byte, error) {
	if err := r.ctx.Err(); err != nil {
		return nil, err
	}
	if inside, ok := strings.CutPrefix(path.Clean(name), checkoutRoot+"/"); ok {
		r.read[inside] = true
	}
	text, err := r.FileSystem.ReadFile(name)
	isKustomization := isKustomizationFile(name) && r.IsDir(path.Dir(name))
	if exceeded := r.bounds.exceededBy(strings.TrimPrefix(path.Clean(name), checkoutRoot+"/"), text, isKustomization && err == nil); exceeded != "" {
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
func (r *recorder) remoteField(folder string, text []byte) (remote string) {
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
func (r *recorder) wouldClone(name string) bool {
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

// inside is how a kustomization of our own names a file or folder of the checkout.
func inside(name string) string { return path.Join("..", checkoutRoot, name) }

// Kustomize says in three ways that an entry is no file, no folder and no URL; one is enough.
var absentEntry = regexp.MustCompile(`accumulating resources from '([^']+)': '[^']+' doesn't exist`)

var ownFolder = regexp.MustCompile(`/kubectl-choreo-\d+/?`)

// outside takes the places of this memory out of a message, and the kustomization of our own, which is the outermost.
func outside(message string) string {
	if _, rest, found := strings.Cut(message, "recursed accumulation of path '"); found {
		_, message, _ = strings.Cut(rest, "': ")
	}
	if m := absentEntry.FindStringSubmatch(message); m != nil {
		return fmt.Sprintf("it names '%s', which is not there", m[1])
	}
	message = strings.ReplaceAll(message, ".."+checkoutRoot+"/", "")
	message = strings.ReplaceAll(message, checkoutRoot+"/", "")
	message = strings.ReplaceAll(message, checkoutRoot, ".")
	return ownFolder.ReplaceAllString(message, ".")
}
