package schemas

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/json"
	"fmt"
	"sync"

	runtime "k8s.io/apimachinery/pkg/runtime/schema"
)

// The names of the files.
const (
	openChoreo = "openchoreo"
	flux       = "flux"
	argoCD     = "argocd"
)

//go:embed *.json.gz
var files embed.FS

// family is the content of a file.
type family struct {
	// Releases are kinds by release, each with the index of its definition. A kind is group/version/kind.
	Releases    map[string]map[string]int `json:"releases"`
	Installed   map[string][]Installed    `json:"installed"`
	Definitions []json.RawMessage         `json:"definitions"`

	mu       sync.Mutex
	compiled map[int]*compiled
}

func lazily(name string) func() (*family, error) {
	return sync.OnceValues(func() (*family, error) {
		f := &family{compiled: map[int]*compiled{}}
		if err := decode(name, f); err != nil {
			return nil, fmt.Errorf("read the embedded definitions of %s: %w", name, err)
		}
		return f, nil
	})
}

func decode(name string, into *family) error {
	text, err := files.ReadFile(name + ".json.gz")
	if err != nil {
		return err
	}
	r, err := gzip.NewReader(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return json.NewDecoder(r).Decode(into)
}

func (f *family) find(release string, kind runtime.GroupVersionKind) (int, bool) {
	if kind.Group != OpenChoreo {
		release = ""
	}
	at, ok := f.Releases[release][kind.Group+"/"+kind.Version+"/"+kind.Kind]
	return at, ok
}

func (f *family) compile(release string, kind runtime.GroupVersionKind) (*compiled, error) {
	at, ok := f.find(release, kind)
	if !ok {
		return nil, fmt.Errorf("release %q has no such kind", release)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if c, ok := f.compiled[at]; ok {
		return c, nil
	}
	c, err := compile(f.Definitions[at])
	if err == nil {
		f.compiled[at] = c
	}
	return c, err
}
