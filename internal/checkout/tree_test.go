package checkout

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTree: what source-controller leaves out of an artifact is left out here: what .sourceignore names from its own folder on, and its
// defaults, such as pictures and what belongs to Git. A file that is larger than any manifest is no manifest.
func TestTree(t *testing.T) {
	t.Parallel()
	read, err := readTree(t.Context(), lay(t, map[string]string{
		".sourceignore": "/docs\n*.tmp.yaml\n!keep.tmp.yaml\n", "docs/a.yaml": "", "apps/docs/b.yaml": "", "apps/c.tmp.yaml": "", "apps/keep.tmp.yaml": "",
		"apps/.sourceignore": "secret/\n", "apps/secret/d.yaml": "", "secret/e.yaml": "", "apps/secret.yaml": "",
		".github/f.yaml": "", ".gitignore": "", "picture.png": "", "Makefile": "", ".flux.yaml": "", "apps/g.zip": "",
		"large.yaml": strings.Repeat("x", maxFile+1), "largest.yaml": strings.Repeat("x", maxFile),
	}))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{".sourceignore", "Makefile", "apps/.sourceignore", "apps/docs/b.yaml", "apps/keep.tmp.yaml", "apps/secret.yaml", "largest.yaml", "secret/e.yaml"}
	if diff := cmp.Diff(want, read.names); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if len(read.files) != len(want) {
		t.Errorf("%d files, want %d", len(read.files), len(want))
	}
}

func TestFolders(t *testing.T) {
	t.Parallel()
	files := &tree{files: map[string][]byte{"apps/a/b.yaml": nil, "apps/kustomization.yml": nil, "infra/Kustomization": nil, "both/kustomization.yaml": nil, "both/kustomization.yml": nil, "kustomization.yaml": nil}}
	files.ignore()
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
		if got := files.hasFolder(folder); got != want.exists {
			t.Errorf("%s exists: %v, want %v", folder, got, want.exists)
		}
		if got := files.kustomizationFile(folder); got != want.file {
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
		if got := [2]bool{isYAML(name), isKustomizationFile(name)}; got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}
