package tree

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev"
)

// maxFile exceeds the size of any manifest. Flux's own manifests with all CustomResourceDefinitions are below 1 MiB.
const maxFile = 8 << 20

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
	r := &reader{root: root, folders: map[string]bool{".": true}, files: map[string][]byte{}, links: map[string][]byte{}}
	if ok {
		r.files = skipped(ctx, dir)
	}
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if !r.isFolder(filepath.Dir(name)) {
			continue
		}
		if err := r.readFile(name); err != nil {
			return nil, fmt.Errorf("read the checkout: %w", err)
		}
	}
	t := New(r.files)
	t.Links = r.links
	return t, nil
}

// ReadBase returns the tree in dir at the merge base of HEAD and base. It has no symbolic links.
func ReadBase(ctx context.Context, dir, base string) (*Tree, error) {
	files, err := gitrev.Tree(ctx, dir, base, maxFile)
	if err != nil {
		return nil, err
	}
	return New(files), nil
}

// reader reads the files of a checkout.
type reader struct {
	root         *os.Root
	folders      map[string]bool // whether a path is a folder, and contains no symbolic link
	files, links map[string][]byte
}

// skipped returns the files that a sparse checkout leaves out: the artifact contains them.
func skipped(ctx context.Context, dir string) map[string][]byte {
	files := map[string][]byte{}
	for name, text := range gitrev.Skipped(ctx, dir) {
		if len(text) <= maxFile {
			files[name] = text
		}
	}
	return files
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
func (r *reader) isFolder(folder string) bool {
	if is, ok := r.folders[folder]; ok {
		return is
	}
	info, err := r.root.Lstat(folder)
	r.folders[folder] = r.isFolder(filepath.Dir(folder)) && err == nil && info.IsDir()
	return r.folders[folder]
}

// readFile reads only regular files: no pipes, and symbolic links apart, if they lead to a regular file of the checkout. A file in
// git's list may be deleted.
func (r *reader) readFile(name string) error {
	info, err := r.root.Lstat(name)
	if err == nil && info.Mode()&os.ModeSymlink != 0 {
		target, ok := r.follow(name)
		if !ok {
			return nil
		}
		r.links[filepath.ToSlash(name)], err = r.root.ReadFile(target)
		return err
	}
	if os.IsNotExist(err) || (err == nil && (!info.Mode().IsRegular() || info.Size() > maxFile)) {
		return nil
	}
	if err != nil {
		return err
	}
	r.files[filepath.ToSlash(name)], err = r.root.ReadFile(name)
	return err
}

// maxLinks bounds a chain of symbolic links, as Linux does (path_resolution(7)).
const maxLinks = 40

// follow returns the regular file that a symbolic link leads to, in the checkout but not among git's own files.
func (r *reader) follow(name string) (string, bool) {
	for range maxLinks {
		target, err := r.root.Readlink(name)
		if err != nil || filepath.IsAbs(target) {
			return "", false
		}
		name = filepath.Join(filepath.Dir(name), target)
		if !filepath.IsLocal(name) || slices.ContainsFunc(segments(filepath.ToSlash(name)), func(s string) bool { return strings.EqualFold(s, ".git") }) || !r.isFolder(filepath.Dir(name)) {
			return "", false
		}
		info, err := r.root.Lstat(name)
		switch {
		case err != nil:
			return "", false
		case info.Mode().IsRegular():
			return name, info.Size() <= maxFile
		case info.Mode()&os.ModeSymlink == 0:
			return "", false
		}
	}
	return "", false
}
