package tree

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sync/errgroup"
)

// reader reads the files of some folders. It keeps the folders above the present one open, and opens each file relative to its
// folder: os.Root opens each folder of a path again, and checks it again. What it opens stays below an open folder, even if
// another process replaces a folder by a link.
type reader struct {
	root         *os.Root
	open         []openFolder
	folders      map[string]bool // whether a path is a folder, and contains no symbolic link
	files, links map[string][]byte
	err          error
}

type openFolder struct {
	*os.Root
	name string
}

func newReader(root *os.Root) *reader {
	return &reader{root: root, folders: map[string]bool{".": true}, files: map[string][]byte{}, links: map[string][]byte{}}
}

// readFiles reads the named files, as many folders in parallel as there are processors.
func readFiles(ctx context.Context, root *os.Root, names []string) (files, links map[string][]byte, err error) {
	inFolder := map[string][]string{}
	for _, name := range names {
		inFolder[path.Dir(name)] = append(inFolder[path.Dir(name)], name)
	}
	folders := Sorted(inFolder)
	var readers []*reader
	var hands errgroup.Group
	hands.SetLimit(runtime.GOMAXPROCS(0))
	for some := range slices.Chunk(folders, 1+len(folders)/(4*runtime.GOMAXPROCS(0))) {
		r := newReader(root)
		readers = append(readers, r)
		hands.Go(func() error {
			r.err = r.readFolders(ctx, some, inFolder)
			return nil
		})
	}
	_ = hands.Wait() // the functions return no error
	files, links = make(map[string][]byte, len(names)), map[string][]byte{}
	for _, r := range readers {
		if r.err != nil {
			return nil, nil, r.err
		}
		maps.Copy(files, r.files)
		maps.Copy(links, r.links)
	}
	return files, links, nil
}

func (r *reader) readFolders(ctx context.Context, folders []string, names map[string][]string) error {
	defer r.closeTo(0)
	for _, name := range folders {
		folder, err := r.enter(name)
		if err != nil {
			return inCheckout(names[name][0], err)
		}
		if folder == nil {
			continue
		}
		for _, file := range names[name] {
			if err := cmp.Or(ctx.Err(), r.readFile(folder, file)); err != nil {
				return err
			}
		}
	}
	return nil
}

// enter opens a folder, relative to the nearest one above it that is open. It returns nil for a path that is no folder or that
// contains a symbolic link: git's index may list a file below a folder that is now a link to any place on this machine.
func (r *reader) enter(folder string) (*os.Root, error) {
	at, rest := r.root, folder
	kept := len(r.open)
	for kept > 0 && !Below(folder+"/", r.open[kept-1].name) {
		kept--
	}
	r.closeTo(kept)
	if kept > 0 {
		at, rest = r.open[kept-1].Root, strings.TrimPrefix(folder[len(r.open[kept-1].name):], "/")
	}
	for _, step := range segments(rest) {
		if !isDir(at, step) {
			return nil, nil
		}
		next, err := at.OpenRoot(step)
		if err != nil {
			return nil, err
		}
		name := step
		if len(r.open) > 0 {
			name = r.open[len(r.open)-1].name + "/" + step
		}
		r.open = append(r.open, openFolder{next, name})
		at = next
	}
	return at, nil
}

func isDir(in *os.Root, name string) bool {
	info, err := in.Lstat(name)
	return err == nil && info.IsDir()
}

// closeTo closes all open folders but the first ones.
func (r *reader) closeTo(kept int) {
	for _, folder := range r.open[kept:] {
		_ = folder.Close()
	}
	r.open = r.open[:kept]
}

// readFile reads only regular files: no pipes, and symbolic links apart, if they lead to a regular file of the checkout. A file in
// git's list may be deleted.
func (r *reader) readFile(folder *os.Root, name string) error {
	info, err := folder.Lstat(path.Base(name))
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return inCheckout(name, err)
	}
	if info.Mode()&os.ModeSymlink != 0 {
		target, ok := r.follow(name)
		if !ok {
			return nil
		}
		r.links[name], err = r.root.ReadFile(target)
		return err
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return nil
	}
	text, ok, err := readRegular(folder, path.Base(name))
	if err != nil {
		return inCheckout(name, err)
	}
	if ok {
		r.files[name] = text
	}
	return nil
}

// readRegular returns the text of a regular file; false if another process has just replaced it by a pipe, for example. With
// O_NONBLOCK, to open a pipe does not wait for a writer (fifo(7)).
func readRegular(folder *os.Root, name string) ([]byte, bool, error) {
	file, err := folder.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, false, err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxFile {
		return nil, false, err
	}
	if info.Size() == 0 { // some file systems in user space do not know the size
		text, err := io.ReadAll(io.LimitReader(file, maxFile))
		return text, true, err
	}
	text := make([]byte, info.Size())
	n, err := io.ReadFull(file, text)
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		err = nil // it was cut
	}
	return text[:n], true, err
}

// inCheckout names the whole path in an error about a file relative to its folder.
func inCheckout(name string, err error) error {
	var of *fs.PathError
	if errors.As(err, &of) {
		return &fs.PathError{Op: of.Op, Path: name, Err: of.Err}
	}
	return err
}

// isFolder reports whether a path contains no symbolic link; an artifact contains none.
func (r *reader) isFolder(folder string) bool {
	if is, ok := r.folders[folder]; ok {
		return is
	}
	info, err := r.root.Lstat(folder)
	r.folders[folder] = r.isFolder(filepath.Dir(folder)) && err == nil && info.IsDir()
	return r.folders[folder]
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
