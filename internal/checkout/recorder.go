package checkout

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// checkoutRoot is where the checkout stands in the memory that kustomize works on. No file is written, and none outside of
// the checkout can be read.
const checkoutRoot = "/checkout"

// recorder remembers which files of the checkout kustomize reads.
type recorder struct {
	filesys.FileSystem
	read map[string]bool
}

func newRecorder(l *loader) *recorder {
	r := &recorder{FileSystem: filesys.MakeFsInMemory(), read: map[string]bool{}}
	for _, name := range l.tree.names {
		text := l.tree.files[name]
		if isKustomizationFile(name) {
			text = l.local(name, text)
		}
		_ = r.WriteFile(path.Join(checkoutRoot, name), text) // memory does not refuse
	}
	return r
}

// record begins a new list.
func (r *recorder) record() map[string]bool {
	r.read = map[string]bool{}
	return r.read
}

// ReadFile implements filesys.FileSystem.
func (r *recorder) ReadFile(name string) ([]byte, error) {
	if inside, ok := strings.CutPrefix(path.Clean(name), checkoutRoot+"/"); ok {
		r.read[inside] = true
	}
	return r.FileSystem.ReadFile(name)
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

// local takes out of a kustomization.yaml what kustomize would fetch: a check before the merge must not depend on what
// another repository has today.
func (l *loader) local(name string, text []byte) []byte {
	var plain map[string]any
	if yaml.Unmarshal(text, &plain) != nil {
		return text
	}
	changed := false
	for _, field := range []string{"resources", "bases", "components"} {
		entries, ok := plain[field].([]any)
		if !ok {
			continue
		}
		kept := []any{}
		for _, entry := range entries {
			if s, ok := entry.(string); ok && l.isRemote(path.Dir(name), s) {
				changed = true
				l.problem(manifest.RemoteNotFetched, manifest.Place{File: name, Line: lineOf(text, s)}, facts.Ref{}, s+" is not in this repository, and was left out")
				continue
			}
			kept = append(kept, entry)
		}
		plain[field] = kept
	}
	if !changed {
		return text
	}
	if out, err := yaml.Marshal(plain); err == nil {
		return out
	}
	return text
}

// A host stands in front of what kustomize clones or downloads (kustomize api internal/git/repospec.go).
var remote = regexp.MustCompile(`^([a-z+]+::|[a-z+]+://|[^/]+@|[^/]+\.[a-z]+[:/])`)

func (l *loader) isRemote(folder, entry string) bool {
	local := path.Join(folder, entry)
	_, isFile := l.tree.files[local]
	return remote.MatchString(entry) && !strings.HasPrefix(entry, ".") && !isFile && !l.tree.hasFolder(local)
}

// lineOf is the line of the first mention of a word; 1 where there is none.
func lineOf(text []byte, word string) int {
	before, _, found := strings.Cut(string(text), word)
	if !found {
		return 1
	}
	return strings.Count(before, "\n") + 1
}
