package tree

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fluxcd/pkg/sourceignore"
	"github.com/google/go-cmp/cmp"
)

// TestIgnore checks that the tree excludes the same files as source-controller's artifact. .sourceignore applies from its own
// folder down. With it, only Git's own files are excluded besides, and not images, for example.
func TestIgnore(t *testing.T) {
	t.Parallel()
	files := map[string][]byte{".sourceignore": []byte("/docs\n*.tmp.yaml\n!keep.tmp.yaml\n"), "apps/.sourceignore": []byte("secret/\n")}
	for _, name := range []string{
		"docs/a.yaml", "apps/docs/b.yaml", "apps/c.tmp.yaml", "apps/keep.tmp.yaml", "apps/secret/d.yaml", "secret/e.yaml", "apps/secret.yaml",
		".github/f.yaml", ".gitignore", "picture.png", "Makefile", ".flux.yaml", "apps/g.zip",
	} {
		files[name] = nil
	}
	read := New(files)
	want := []string{
		".flux.yaml", ".github/f.yaml", ".sourceignore", "Makefile", "apps/.sourceignore", "apps/docs/b.yaml", "apps/g.zip", "apps/keep.tmp.yaml", "apps/secret.yaml",
		"picture.png", "secret/e.yaml",
	}
	if diff := cmp.Diff(want, read.Names); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if len(read.Files) != len(want) {
		t.Errorf("%d files, want %d", len(read.Files), len(want))
	}
}

// TestIgnoreAllBut: a pattern includes a folder below one that is excluded, unlike in Git.
func TestIgnoreAllBut(t *testing.T) {
	t.Parallel()
	read := New(map[string][]byte{"kubernetes/prod/a.yaml": nil, "kubernetes/dev/a.yaml": nil, "talos/a.yaml": nil, "picture.png": nil})
	want := map[string]bool{"kubernetes/dev/a.yaml": true, "talos/a.yaml": true}
	if diff := cmp.Diff(want, read.ExcludedBy(Ignore{Patterns: "# exclude all\n/*\n# include gitops dirs\n!/kubernetes/prod\n"})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"kubernetes/dev/a.yaml", "kubernetes/prod/a.yaml", "talos/a.yaml"}, read.Names); diff != "" {
		t.Errorf("without patterns (-want +got)\n%s", diff)
	}
}

// TestRead checks that a file larger than any manifest is ignored.
func TestRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "apps"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, size := range map[string]int{"apps/largest.yaml": maxFile, "too-large.yaml": maxFile + 1, "empty.yaml": 0} {
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), make([]byte, size), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	read, err := Read(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"apps/largest.yaml", "empty.yaml"}, read.Names); diff != "" || len(read.Files["apps/largest.yaml"]) != maxFile {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if _, err := Read(t.Context(), filepath.Join(dir, "gone")); err == nil {
		t.Error("a folder that is not there was read")
	}
}

func TestFolders(t *testing.T) {
	t.Parallel()
	files := New(map[string][]byte{"apps/a/b.yaml": nil, "apps/kustomization.yml": nil, "infra/Kustomization": nil, "both/kustomization.yaml": nil, "both/kustomization.yml": nil, "kustomization.yaml": nil})
	for folder, want := range map[string]struct {
		exists bool
		file   string
	}{
		".":       {true, "kustomization.yaml"},
		"apps":    {true, "apps/kustomization.yml"},
		"apps/a":  {true, ""},
		"infra":   {true, "infra/Kustomization"},
		"both":    {true, "both/kustomization.yaml"},
		"app":     {false, ""},
		"apps/a/": {false, ""},
		"gone":    {false, ""},
	} {
		if got := files.HasFolder(folder); got != want.exists {
			t.Errorf("%s exists: %v, want %v", folder, got, want.exists)
		}
		if got := files.KustomizationFile(folder); got != want.file {
			t.Errorf("%s has %q, want %q", folder, got, want.file)
		}
	}
}

func TestFilesByName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][2]bool{ // YAML, kustomization.yaml
		"a/b.yaml": {true, false}, "b.yml": {true, false}, "b.json": {}, "yaml": {}, "a.yaml/b": {},
		"kustomization.yaml": {true, true}, "a/kustomization.yml": {true, true}, "a/Kustomization": {false, true}, "a/my-kustomization.yaml": {true, false},
	} {
		if got := [2]bool{IsYAML(name), IsKustomizationFile(name)}; got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

// TestExcludedByDefault compares names alone with whole paths, for each default pattern.
func TestExcludedByDefault(t *testing.T) {
	t.Parallel()
	matcher := sourceignore.NewDefaultMatcher(nil, nil)
	byName := excludedByDefault(matcher)
	all := strings.Split(strings.Join([]string{sourceignore.ExcludeVCS, sourceignore.ExcludeExt, sourceignore.ExcludeCI, sourceignore.ExcludeExtra, "a.yaml,b"}, ","), ",")
	excluded := 0
	for _, pattern := range all {
		base := strings.Replace(strings.TrimPrefix(strings.TrimSuffix(pattern, "/"), "**/"), "*", "x", 1)
		for _, name := range []string{base, "a/" + base, "a/b/c/" + base, "x" + base, "a/" + base + "x"} {
			want := matcher.Match(segments(name), false)
			if got := byName(name); got != want {
				t.Errorf("%s: %t, want %t", name, got, want)
			}
			if want {
				excluded++
			}
		}
		if strings.Contains(strings.TrimPrefix(strings.TrimSuffix(pattern, "/"), "**/"), "/") {
			t.Errorf("%s matches paths", pattern)
		}
	}
	if excluded < 3*(len(all)-5) {
		t.Errorf("only %d names are excluded", excluded)
	}
}

func TestCommonFolder(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ a, b, want string }{
		{"clusters/dev/flux.yaml", "clusters/prod/flux.yaml", "clusters/"},
		{"clusters/dev/flux.yaml", "clusters/dev2/flux.yaml", "clusters/"},
		{"clusters/dev/a/flux.yaml", "clusters/dev/flux.yaml", "clusters/dev/"},
		{"dev/flux.yaml", "prod/flux.yaml", ""},
		{"dev.yaml", "prod.yaml", ""},
		{"a/b/c.yaml", "a/b/c.yaml", "a/b/"},
	} {
		if got, back := CommonFolder(c.a, c.b), CommonFolder(c.b, c.a); got != c.want || back != c.want {
			t.Errorf("%s and %s: %q, back %q, want %q", c.a, c.b, got, back, c.want)
		}
	}
}
