package tree

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// write writes files below dir, each with its own name as text.
func write(t *testing.T, dir string, names ...string) {
	t.Helper()
	for _, name := range names {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func openRoot(t *testing.T, dir string) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	return root
}

// TestReadFiles reads folders whose names sort between a folder and what is below it, and skips what is deleted, is no file, or is
// too large.
func TestReadFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	want := []string{"a.yaml", "a/a.yaml", "a-b/c.yaml", "a/b/c/d.yaml", "a/b/e.yaml", "ab/f.yaml", "a/g", "z/y/x/w.yaml"}
	write(t, dir, append(want, "a/large.yaml")...)
	if err := os.Truncate(filepath.Join(dir, "a", "large.yaml"), maxFile+1); err != nil {
		t.Fatal(err)
	}
	files, links, err := readFiles(t.Context(), openRoot(t, dir), append(want, "a/large.yaml", "a/b", "a/deleted.yaml", "deleted/a.yaml", "a.yaml/b", "a/b/deleted/c.yaml"))
	if err != nil || len(links) > 0 {
		t.Fatalf("%v, links %v", err, links)
	}
	all, text := map[string]string{}, map[string]string{}
	for _, name := range want {
		all[name] = name
	}
	for name, content := range files {
		text[name] = string(content)
	}
	if diff := cmp.Diff(all, text); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestReplacedFolder replaces an open folder by a link to a place outside. What is open stays the folder of the checkout.
func TestReplacedFolder(t *testing.T) {
	t.Parallel()
	outside, dir := t.TempDir(), t.TempDir()
	write(t, outside, "a.yaml", "b/b.yaml", "secret.yaml")
	write(t, dir, "a/a.yaml", "a/b/b.yaml")
	r := newReader(openRoot(t, dir))
	defer r.closeTo(0)
	folder, err := r.enter("a")
	if err != nil || folder == nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, "a"), filepath.Join(dir, "moved")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "a")); err != nil {
		t.Fatal(err)
	}
	if err := r.readFile(folder, "a/secret.yaml"); err != nil || len(r.files) > 0 {
		t.Errorf("a file from outside was read: %v, %v", r.files, err)
	}
	if below, err := r.enter("a/b"); err != nil || below == nil {
		t.Errorf("the folder below is not that of the checkout: %v", err)
	} else if err := r.readFile(below, "a/b/b.yaml"); err != nil || string(r.files["a/b/b.yaml"]) != "a/b/b.yaml" {
		t.Errorf("read %q, %v", r.files, err)
	}
	r.closeTo(0)
	if again, err := r.enter("a/b"); err != nil || again != nil {
		t.Errorf("a folder below a link was opened: %v", err)
	}
}

// TestReplacedFile replaces a file by a link to a place outside after it was recognized as a file.
func TestReplacedFile(t *testing.T) {
	t.Parallel()
	outside, dir := t.TempDir(), t.TempDir()
	write(t, outside, "secret.yaml")
	if err := os.Symlink(filepath.Join(outside, "secret.yaml"), filepath.Join(dir, "a.yaml")); err != nil {
		t.Fatal(err)
	}
	if text, ok, err := readRegular(openRoot(t, dir), "a.yaml"); ok || err == nil {
		t.Errorf("read %q", text)
	}
}

// TestReadCost expects that a file in a deep folder costs as much as one in the root: its folders are opened once, and not for each
// file.
func TestReadCost(t *testing.T) {
	const count = 100
	dir := t.TempDir()
	root := openRoot(t, dir)
	cost := func(folder string) float64 {
		names := make([]string, count)
		for i := range names {
			names[i] = path.Join(folder, fmt.Sprintf("%d.yaml", i))
		}
		write(t, dir, names...)
		return testing.AllocsPerRun(5, func() {
			if files, _, err := readFiles(t.Context(), root, names); err != nil || len(files) != count {
				t.Fatal(err)
			}
		}) / count
	}
	if shallow, deep := cost("."), cost(strings.Repeat("a/", 20)+"a"); deep > shallow+3 {
		t.Errorf("%.1f allocations for each file in a deep folder, %.1f in the root", deep, shallow)
	}
}

func TestBelow(t *testing.T) {
	t.Parallel()
	tr := New(map[string][]byte{"a.yaml": nil, "a/b.yaml": nil, "a/c/d.yaml": nil, "a-b/c.yaml": nil, "a0": nil, "ab/c.yaml": nil})
	for folder, want := range map[string][]string{
		".": {"a-b/c.yaml", "a.yaml", "a/b.yaml", "a/c/d.yaml", "a0", "ab/c.yaml"}, "a": {"a/b.yaml", "a/c/d.yaml"}, "a/c": {"a/c/d.yaml"}, "a-b": {"a-b/c.yaml"},
		"a.yaml": {}, "b": {}, "a/c/d.yaml": {}, "": {},
	} {
		if diff := cmp.Diff(want, tr.Below(folder)); diff != "" {
			t.Errorf("%q (-want +got)\n%s", folder, diff)
		}
		if tr.HasFolder(folder) != (len(want) > 0) {
			t.Errorf("%q: HasFolder is %t", folder, tr.HasFolder(folder))
		}
	}
}

// TestKustomizationFile expects the first name in kustomize's order, as kustomize rejects a folder with two.
func TestKustomizationFile(t *testing.T) {
	t.Parallel()
	tr := New(map[string][]byte{"Kustomization": nil, "a/kustomization.yml": nil, "a/kustomization.yaml": nil, "a/Kustomization": nil, "a/b/kustomization.yml": nil, "c/x.yaml": nil})
	for folder, want := range map[string]string{".": "Kustomization", "": "Kustomization", "a": "a/kustomization.yaml", "a/b": "a/b/kustomization.yml", "a/b/..": "a/kustomization.yaml", "c": "", "d": "", "..": ""} {
		if got := tr.KustomizationFile(folder); got != want {
			t.Errorf("%q: %q, want %q", folder, got, want)
		}
	}
}
