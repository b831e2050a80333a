package tree

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestLinks checks that symbolic links are no files, and that Argo CD follows only those to regular files of the checkout: not to
// git's own files, not out of the checkout, and not through a folder that is a link.
func TestLinks(t *testing.T) {
	t.Parallel()
	outside := t.TempDir()
	dir := t.TempDir()
	for name, text := range map[string]string{
		filepath.Join(outside, "secret.yaml"): "secret", filepath.Join(dir, "a.yaml"): "a", filepath.Join(dir, ".git", "config"): "token",
		filepath.Join(dir, "apps", "b.yaml"): "b",
	} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, target := range map[string]string{
		"beside.yaml": "a.yaml", "deep.yaml": "apps/b.yaml", "apps/above.yaml": "../a.yaml", "chain.yaml": "beside.yaml",
		"absolute.yaml": filepath.Join(dir, "a.yaml"), "out.yaml": filepath.Join(outside, "secret.yaml"), "up.yaml": "../" + filepath.Base(outside) + "/secret.yaml",
		"git.yaml": ".git/config", "upper.yaml": ".GIT/config", "circle.yaml": "circle.yaml", "gone.yaml": "nowhere.yaml", "folder.yaml": "apps",
		"linked": ".git", "through.yaml": "linked/config", "second.yaml": "through.yaml",
	} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	names := []string{"a.yaml", "apps/b.yaml"}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = root.Close() }()
	for _, e := range entries {
		if !e.IsDir() {
			names = append(names, e.Name())
		}
	}
	files, links, err := readFiles(t.Context(), root, append(names, "apps/above.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	text := func(files map[string][]byte) map[string]string {
		all := map[string]string{}
		for name, content := range files {
			all[name] = string(content)
		}
		return all
	}
	if diff := cmp.Diff(map[string]string{"a.yaml": "a", "apps/b.yaml": "b"}, text(files)); diff != "" {
		t.Errorf("files (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"beside.yaml": "a", "deep.yaml": "b", "apps/above.yaml": "a", "chain.yaml": "a"}, text(links)); diff != "" {
		t.Errorf("links (-want +got)\n%s", diff)
	}
}
