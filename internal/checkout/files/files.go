// Package files parses the files of a checkout, and finds values in their text.
package files

import (
	"context"
	"errors"
	"maps"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
	kustomize "sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// Parsed holds the files of a checkout and their content. It must not be changed after Include.
type Parsed struct {
	*tree.Tree
	Documents  map[string][]*manifest.Document  // by file
	NonObjects map[string][]manifest.NonObject  // documents that are no objects, by file
	Broken     map[string]*manifest.SyntaxError // files that are not valid YAML
	lists      map[string]List
	listed     map[string]bool // nil until needed
	kinds      map[string]bool // API groups with kinds, and kinds, of the documents; nil until needed
}

// List is a kustomization file that only lists resources.
type List struct {
	APIVersion string   `json:"apiVersion"`
	Kind       string   `json:"kind"`
	Resources  []string `json:"resources"`
}

// content is that of one file: documents, or a list of resources.
type content struct {
	manifest.File
	err  error
	list *List
}

// Parse reads all files, as many in parallel as there are processors. If ctx ends, files are missing.
func Parse(ctx context.Context, t *tree.Tree) *Parsed {
	f := &Parsed{
		Tree: t, Documents: map[string][]*manifest.Document{}, NonObjects: map[string][]manifest.NonObject{},
		Broken: map[string]*manifest.SyntaxError{}, lists: map[string]List{},
	}
	names := slices.DeleteFunc(slices.Clone(t.Names), func(name string) bool { return !tree.IsYAML(name) && !tree.IsKustomizationFile(name) })
	read := make([]content, len(names))
	var next atomic.Int64
	var hands errgroup.Group
	for range runtime.GOMAXPROCS(0) {
		hands.Go(func() error {
			parser := manifest.NewParser()
			for i := int(next.Add(1)) - 1; i < len(names) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				read[i] = parse(parser, names[i], t.Files[names[i]])
			}
			return nil
		})
	}
	_ = hands.Wait() // the functions return no error
	for i, name := range names {
		f.take(name, &read[i])
	}
	return f
}

// Include adds the files that sources include although the defaults exclude them. It returns whether there are any.
func (f *Parsed) Include(ignores map[tree.Ignore]bool) bool {
	parser, added := manifest.NewParser(), false
	for _, ignore := range slices.SortedFunc(maps.Keys(ignores), tree.Ignore.Compare) {
		for _, name := range f.Tree.Include(ignore) {
			added = true
			if tree.IsYAML(name) || tree.IsKustomizationFile(name) {
				c := parse(parser, name, f.Files[name])
				f.take(name, &c)
			}
		}
	}
	return added
}

func parse(parser *manifest.Parser, name string, text []byte) (c content) {
	if tree.IsKustomizationFile(name) {
		c.list = listOf(text)
	} else {
		c.File, c.err = parser.Parse(name, text)
	}
	return c
}

// listOf decodes a kustomization file; nil if it has other fields, or is invalid.
func listOf(text []byte) *List {
	var k List
	if yaml.UnmarshalStrict(text, &k) != nil {
		return nil
	}
	return &k
}

func (f *Parsed) take(name string, file *content) {
	if file.list != nil {
		f.lists[name] = *file.list
	}
	if n := len(file.Documents); n > 0 {
		f.Documents[name] = make([]*manifest.Document, n)
		for i := range file.Documents {
			f.Documents[name][i] = &file.Documents[i]
		}
	}
	if len(file.NonObjects) > 0 {
		f.NonObjects[name] = file.NonObjects
	}
	var broken *manifest.SyntaxError
	if errors.As(file.err, &broken) {
		f.Broken[name] = broken
	}
}

// ListIn returns the content of a kustomization file that only lists resources; false if the file is missing, invalid or does more.
func (f *Parsed) ListIn(name string) (List, bool) {
	list, is := f.lists[name]
	return list, is
}

// Kustomization decodes a kustomization file, with its deprecated fields converted.
func (f *Parsed) Kustomization(name string) (k kustomize.Kustomization, err error) {
	if known, isList := f.lists[name]; isList {
		k.Kind, k.Resources = known.Kind, known.Resources
		return k, nil
	}
	err = yaml.Unmarshal(f.Files[name], &k)
	k.FixKustomization()
	return k, err
}

// Exists reports whether a name is a file or a folder of the checkout.
func (f *Parsed) Exists(name string) bool {
	_, isFile := f.Files[name]
	return isFile || f.HasFolder(name)
}

// IsTestData reports whether a file is the input of a test in Go (go help test: "The go tool will ignore a directory named testdata").
func (f *Parsed) IsTestData(name string) bool { return strings.Contains("/"+name, "/testdata/") }

// InChart reports whether a file belongs to a Helm chart.
func (f *Parsed) InChart(name string) bool {
	for folder := path.Dir(name); ; folder = path.Dir(folder) {
		if _, ok := f.Files[path.Join(folder, "Chart.yaml")]; ok {
			return true
		}
		if folder == "." {
			return false
		}
	}
}

// Listed returns the files that a kustomization.yaml names as resources.
func (f *Parsed) Listed() map[string]bool {
	if f.listed != nil {
		return f.listed
	}
	f.listed = map[string]bool{}
	for _, name := range f.Names {
		if !tree.IsKustomizationFile(name) {
			continue
		}
		k, err := f.Kustomization(name)
		if err != nil { // kustomize reports it
			for _, file := range f.Names {
				f.listed[file] = f.listed[file] || path.Dir(file) == path.Dir(name)
			}
		}
		for _, entry := range slices.Concat(k.Resources, k.Components) {
			f.listed[path.Join(path.Dir(name), entry)] = true
		}
	}
	return f.listed
}
