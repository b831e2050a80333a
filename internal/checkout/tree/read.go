package tree

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev"
)

// maxFile exceeds the size of any manifest. Flux's own manifests with all CustomResourceDefinitions are below 1 MiB.
const maxFile = 8 << 20

// Read reads the tree in dir.
func Read(ctx context.Context, dir string) (*Tree, error) {
	names, ok := gitrev.Files(ctx, dir)
	if !ok {
		if err := gitrev.Check(ctx, dir); err != nil {
			return nil, err // which files it ignores, and its remotes, are not known
		}
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
	files, links, err := readFiles(ctx, root, names)
	if err != nil {
		return nil, fmt.Errorf("read the checkout: %w", err)
	}
	if ok {
		for name, text := range skipped(ctx, dir) {
			if files[name] == nil {
				files[name] = text
			}
		}
	}
	t := New(files)
	t.Links = links
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

// ReadAt returns the tree of the whole clone of dir at a revision, and its commit. It has no symbolic links.
func ReadAt(ctx context.Context, dir, revision string) (*Tree, string, error) {
	files, commit, err := gitrev.TreeAt(ctx, dir, revision, maxFile)
	if err != nil {
		return nil, "", err
	}
	return New(files), commit, nil
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
			names = append(names, filepath.ToSlash(name))
			return err
		}
		return nil
	})
	return names, err
}
