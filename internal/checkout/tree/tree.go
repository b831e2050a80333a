// Package tree reads the files of a checkout that source-controller would include in its artifact.
package tree

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fluxcd/pkg/sourceignore"
	"sigs.k8s.io/kustomize/api/konfig"

	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev"
)

// maxFile exceeds the size of any manifest. Flux's own manifests with all CustomResourceDefinitions are below 1 MiB.
const maxFile = 8 << 20

// Tree holds the files of source-controller's artifact: regular files that neither .sourceignore nor its defaults exclude
// (source-controller v1.9.3 internal/controller/gitrepository_controller.go; fluxcd/pkg sourceignore).
type Tree struct {
	Files map[string][]byte // by path from the root, with slashes
	Names []string          // sorted
}

// Read reads the tree in dir.
func Read(ctx context.Context, dir string) (*Tree, error) {
	names, ok := gitrev.Files(ctx, dir)
	if !ok {
		var err error
		if names, err = walk(ctx, dir); err != nil {
			return nil, fmt.Errorf("read the checkout: %w", err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("read the checkout: %w", err)
	}
	defer func() { _ = root.Close() }()
	files := map[string][]byte{}
	folders := map[string]bool{".": true}
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if !isFolder(root, filepath.Dir(name), folders) {
			continue
		}
		if err := readFile(root, name, files); err != nil {
			return nil, fmt.Errorf("read the checkout: %w", err)
		}
	}
	return New(files), nil
}

// New returns the tree of files in memory, without ignored files.
func New(files map[string][]byte) *Tree {
	t := &Tree{Files: files}
	t.ignore()
	return t
}

func walk(ctx context.Context, dir string) ([]string, error) {
	var names []string
	err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err = cmp.Or(err, ctx.Err()); err != nil {
			return err
		}
		if d.IsDir() && d.Name() == ".git" {
			return filepath.SkipDir
		}
		if d.Type().IsRegular() {
			name, err := filepath.Rel(dir, file)
			names = append(names, name)
			return err
		}
		return nil
	})
	return names, err
}

// isFolder reports whether a path contains no symbolic link; an artifact contains none. git's index may list a file below a
// folder that is now a link to any place on this machine.
func isFolder(root *os.Root, folder string, known map[string]bool) bool {
	if is, ok := known[folder]; ok {
		return is
	}
	info, err := root.Lstat(folder)
	known[folder] = isFolder(root, filepath.Dir(folder), known) && err == nil && info.IsDir()
	return known[folder]
}

// readFile reads only regular files: no symbolic links, because an artifact contains none, and no pipes. A file in git's list may
// be deleted.
func readFile(root *os.Root, name string, files map[string][]byte) error {
	info, err := root.Lstat(name)
	if os.IsNotExist(err) || (err == nil && (!info.Mode().IsRegular() || info.Size() > maxFile)) {
		return nil
	}
	if err != nil {
		return err
	}
	files[filepath.ToSlash(name)], err = root.ReadFile(name)
	return err
}

// ignore removes the files that .sourceignore files and the defaults exclude.
func (t *Tree) ignore() {
	patterns := sourceignore.ReadPatterns(strings.NewReader(""), nil)
	for _, name := range Sorted(t.Files) {
		if path.Base(name) == sourceignore.IgnoreFile {
			patterns = append(patterns, sourceignore.ReadPatterns(bytes.NewReader(t.Files[name]), segments(path.Dir(name)))...)
		}
	}
	matcher := sourceignore.NewDefaultMatcher(patterns, nil)
	folders := map[string]bool{".": false}
	var ignored func(folder string) bool
	ignored = func(folder string) bool {
		if _, known := folders[folder]; !known {
			folders[folder] = ignored(path.Dir(folder)) || matcher.Match(segments(folder), true)
		}
		return folders[folder]
	}
	for name := range t.Files {
		if ignored(path.Dir(name)) || matcher.Match(segments(name), false) {
			delete(t.Files, name)
		}
	}
	t.Names = Sorted(t.Files)
}

// HasFolder reports whether a folder exists. As in Git, a folder without files does not. The root is ".".
func (t *Tree) HasFolder(folder string) bool {
	return folder == "." || slices.ContainsFunc(t.Names, func(name string) bool { return strings.HasPrefix(name, folder+"/") })
}

// KustomizationFile returns the kustomization file of a folder, or "" if there is none.
func (t *Tree) KustomizationFile(folder string) string {
	for _, name := range konfig.RecognizedKustomizationFileNames() {
		if _, ok := t.Files[path.Join(folder, name)]; ok {
			return path.Join(folder, name)
		}
	}
	return ""
}

// IsYAML reports whether kustomize-controller treats a file of that name as YAML.
func IsYAML(name string) bool {
	ext := path.Ext(name)
	return ext == ".yaml" || ext == ".yml"
}

// IsKustomizationFile reports whether kustomize recognises a file of that name.
func IsKustomizationFile(name string) bool {
	return slices.Contains(konfig.RecognizedKustomizationFileNames(), path.Base(name))
}

func segments(name string) []string {
	if name == "." || name == "" {
		return nil
	}
	return strings.Split(name, "/")
}

// Below reports whether a file is in a folder or in one of its subfolders. The root is ".".
func Below(name, folder string) bool { return folder == "." || strings.HasPrefix(name, folder+"/") }

// Sorted returns the keys of m, sorted.
func Sorted[T any](m map[string]T) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
