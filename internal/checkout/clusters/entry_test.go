package clusters

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// TestEntryFolder: an entry is named by its folder, or by the kustomization file that kustomize would read there.
func TestEntryFolder(t *testing.T) {
	t.Parallel()
	files := tree.New(map[string][]byte{"clusters/a/kustomization.yaml": nil, "clusters/b/x.yaml": nil})
	for name, c := range map[string]struct {
		entry, folder string
		want          bool
	}{
		"Folder":       {"clusters/a", "clusters/a", true},
		"PlainFolder":  {"clusters/b", "clusters/b", true},
		"File":         {"clusters/a/kustomization.yaml", "clusters/a", true},
		"OtherForm":    {"clusters/a/kustomization.yml", "clusters/a", false},
		"NoFile":       {"clusters/b/kustomization.yaml", "clusters/b", false},
		"NoFolder":     {"clusters/c", "clusters/c", false},
		"OrdinaryFile": {"clusters/b/x.yaml", "clusters/b/x.yaml", false},
	} {
		if folder, got := EntryFolder(files, c.entry); got != c.want || folder != c.folder {
			t.Errorf("%s: %q, %v, want %q, %v", name, folder, got, c.folder, c.want)
		}
	}
}

func TestBootstrapped(t *testing.T) {
	t.Parallel()
	folders := []string{"clusters/a", "clusters/a/flux-system", "clusters/a/x/deep", "clusters/b", "."}
	if diff := cmp.Diff([]string{"clusters/a", "clusters/a/flux-system"}, Bootstrapped(folders, []string{"clusters/a/apps.yaml"})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := Bootstrapped(folders, nil); len(got) != 0 || len(folders) != 5 || folders[0] != "clusters/a" {
		t.Errorf("%q of %q", got, folders)
	}
}

// TestIsInCircle: a document that applies itself by way of others, and one that only applies a circle.
func TestIsInCircle(t *testing.T) {
	t.Parallel()
	type parents = map[*manifest.Document]map[*manifest.Document]bool
	a, b, c := &manifest.Document{}, &manifest.Document{}, &manifest.Document{}
	by := func(d ...*manifest.Document) map[*manifest.Document]bool {
		all := map[*manifest.Document]bool{}
		for _, one := range d {
			all[one] = true
		}
		return all
	}
	for name, one := range map[string]struct {
		parents parents
		want    [3]bool // for a, b and c
	}{
		"None":     {nil, [3]bool{}},
		"Chain":    {parents{a: by(b), b: by(c)}, [3]bool{}},
		"Itself":   {parents{a: by(a)}, [3]bool{true, false, false}},
		"Two":      {parents{a: by(b), b: by(a), c: by(a)}, [3]bool{true, true, false}},
		"Three":    {parents{a: by(b), b: by(c), c: by(a)}, [3]bool{true, true, true}},
		"TwoPaths": {parents{a: by(b, c), b: by(c)}, [3]bool{}},
	} {
		if got := [3]bool{IsInCircle(a, one.parents), IsInCircle(b, one.parents), IsInCircle(c, one.parents)}; got != one.want {
			t.Errorf("%s: %v, want %v", name, got, one.want)
		}
	}
}
