package tree

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSubmodules: the paths of .gitmodules as git writes them, below the checkout only.
func TestSubmodules(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"": nil,
		"[submodule \"a\"]\n\tpath = vendor/a\n\turl = https://x.example/a\n[submodule \"b\"]\n\tpath=b\n": {"vendor/a", "b"},
		"path = apps/../b/\r\n":                       {"b"},
		"path = with space\n":                         {"with space"},
		"path = \"quoted\"\n":                         nil,
		"path = .\npath = ../outside\npath = /etc\n":  nil,
		"mypath = a\n# path = b\npaths = c\npath a\n": nil,
	} {
		if diff := cmp.Diff(want, submodules([]byte(text))); diff != "" {
			t.Errorf("%q (-want +got)\n%s", text, diff)
		}
	}
	if diff := cmp.Diff([]string{"vendor/a"}, New(map[string][]byte{".gitmodules": []byte("path = vendor/a\n")}).Submodules); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestIsOutside: what is in a folder of another repository is outside, unless the checkout has a file or folder of that name.
func TestIsOutside(t *testing.T) {
	t.Parallel()
	read := New(map[string][]byte{"shared/own/a.yaml": nil, "b.yaml": nil})
	read.Outside = []string{"shared", "b.yaml"}
	for name, want := range map[string]bool{
		"shared/x.yaml": true, "shared/x/y": true, "shared/own/b.yaml": true, "shared/own": false, "shared/own/a.yaml": false, "shared": false, "shared2/x": false, "other": false, "b.yaml": false, "b.yaml/c": true,
	} {
		if got := read.IsOutside(name); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	read.Outside = []string{"gone"}
	if !read.IsOutside("gone") || read.IsOutside("shared/x.yaml") {
		t.Error("the folder itself is not outside")
	}
}

// TestExcludedBy: spec.ignore of a source adds patterns to those of .sourceignore, and may include a file again. Without patterns nothing
// more is excluded.
func TestExcludedBy(t *testing.T) {
	t.Parallel()
	read := New(map[string][]byte{"apps/a.yaml": nil, "apps/b.yaml": nil, "docs/a.yaml": nil, "docs/deep/c.yaml": nil, "docs/.sourceignore": []byte("a.yaml\n")})
	for patterns, want := range map[string][]string{
		"":                       {},
		"# nothing\n":            {},
		"a.yaml\n":               {"apps/a.yaml"},
		"/docs\n":                {"docs/.sourceignore", "docs/deep/c.yaml"},
		"*.yaml\n!apps/b.yaml\n": {"apps/a.yaml", "docs/deep/c.yaml"},
	} {
		if diff := cmp.Diff(want, Sorted(read.ExcludedBy(Ignore{Patterns: patterns}))); diff != "" {
			t.Errorf("%q (-want +got)\n%s", patterns, diff)
		}
	}
	if read.ExcludedBy(Ignore{Patterns: ""}) != nil {
		t.Error("not nil without patterns")
	}
}

// TestInclude: with spec.ignore, neither the defaults nor .sourceignore need to exclude a file. What it includes is not in the artifacts of
// other sources.
func TestInclude(t *testing.T) {
	t.Parallel()
	read := New(map[string][]byte{"apps/logo.png": nil, "apps/a.yaml": nil, ".github/b.yaml": nil, ".git/config": nil})
	if names := read.Include(Ignore{Patterns: ""}); len(names) > 0 || len(read.Names) != 1 {
		t.Errorf("without patterns: %v", names)
	}
	if diff := cmp.Diff([]string{"apps/logo.png"}, read.Include(Ignore{Patterns: "/*\n!/apps\n"})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"apps/a.yaml", "apps/logo.png"}, read.Names); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{".github/b.yaml"}, read.Include(Ignore{Patterns: "/docs\n"})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for ignore, want := range map[string][]string{"": {".github/b.yaml", "apps/logo.png"}, "/*\n!/apps\n": {".github/b.yaml"}, "/docs\n": {}} {
		if diff := cmp.Diff(want, Sorted(read.ExcludedBy(Ignore{Patterns: ignore}))); diff != "" {
			t.Errorf("%q (-want +got)\n%s", ignore, diff)
		}
	}
	read = New(map[string][]byte{"apps/a.yaml": nil, "apps/b.yaml": nil, ".sourceignore": []byte("*.yaml\n")})
	if diff := cmp.Diff([]string{"apps/b.yaml"}, read.Include(Ignore{Patterns: "!/apps/b.yaml\n"})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestBucket: a bucket has no defaults. Only the .sourceignore in the folder that is pushed to it counts, with spec.ignore.
func TestBucket(t *testing.T) {
	t.Parallel()
	contents := map[string][]byte{
		"apps/a.yaml": nil, "apps/.sops.yaml": nil, "apps/b.yaml": nil, "apps/logo.png": nil, "apps/deep/b.yaml": nil, "apps/deep/c.yaml": nil, ".github/w.yaml": nil,
		"apps/.sourceignore": []byte("/b.yaml\n"), "apps/deep/.sourceignore": []byte("c.yaml\n"), ".sourceignore": []byte("*.png\n.sops.yaml\na.yaml\n.github/\n"),
	}
	for name, c := range map[string]struct {
		ignore             Ignore
		included, excluded []string
	}{
		"Root":     {Ignore{IsBucket: true, Root: "."}, []string{"apps/b.yaml", "apps/deep/c.yaml"}, []string{}},
		"Folder":   {Ignore{IsBucket: true, Root: "apps"}, []string{".github/w.yaml", "apps/.sops.yaml", "apps/a.yaml", "apps/deep/c.yaml", "apps/logo.png"}, []string{}},
		"Patterns": {Ignore{IsBucket: true, Root: "apps", Patterns: "*.png\n!/b.yaml\n/deep\n"}, []string{".github/w.yaml", "apps/.sops.yaml", "apps/a.yaml", "apps/b.yaml"}, []string{"apps/deep/.sourceignore", "apps/deep/b.yaml"}},
	} {
		read := New(maps.Clone(contents))
		if diff := cmp.Diff(c.included, read.Include(c.ignore)); diff != "" {
			t.Errorf("%s included (-want +got)\n%s", name, diff)
		}
		if diff := cmp.Diff(c.excluded, Sorted(read.ExcludedBy(c.ignore))); diff != "" {
			t.Errorf("%s excluded (-want +got)\n%s", name, diff)
		}
	}
	read := New(map[string][]byte{"apps/.sops.yaml": nil, "apps/a.yaml": nil})
	if diff := cmp.Diff([]string{"apps/.sops.yaml"}, read.Include(Ignore{IsBucket: true, Root: "."})); diff != "" {
		t.Errorf("without patterns (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"apps/.sops.yaml"}, Sorted(read.ExcludedBy(Ignore{}))); diff != "" {
		t.Errorf("of another source (-want +got)\n%s", diff)
	}
}

// TestWithLinks: the tree with links has the files that they lead to, and their kustomization files. The tree itself does not change.
func TestWithLinks(t *testing.T) {
	t.Parallel()
	read := New(map[string][]byte{"a/a.yaml": []byte("a")})
	if read.WithLinks() != read {
		t.Error("another tree without links")
	}
	read.Links, read.Submodules, read.Outside = map[string][]byte{"b/kustomization.yaml": []byte("b")}, []string{"sub"}, []string{"out"}
	linked := read.WithLinks()
	if diff := cmp.Diff([]string{"a/a.yaml", "b/kustomization.yaml"}, linked.Names); diff != "" || linked.KustomizationFile("b") != "b/kustomization.yaml" || string(linked.Files["b/kustomization.yaml"]) != "b" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([][]string{{"sub"}, {"out"}}, [][]string{linked.Submodules, linked.Outside}); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if read.HasFolder("b") || len(read.Files) != 1 {
		t.Errorf("the tree has %v", read.Names)
	}
}

// TestClean: a path is relative to the root of the tree, wherever it leads.
func TestClean(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"": ".", ".": ".", "/": ".", "./": ".", "./apps/": "apps", "/apps": "apps", "../..": ".", "../apps": "apps", "a/../../b": "b", "a//b": "a/b"} {
		if got := Clean(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

// TestFolderNames: all folders with files below them, without the root.
func TestFolderNames(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff([]string{"a", "a/b", "a/b/c", "d"}, New(map[string][]byte{"a/b/c/x.yaml": nil, "a/b/y.yaml": nil, "d/z.yaml": nil, "w.yaml": nil}).Folders()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
