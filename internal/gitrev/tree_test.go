package gitrev

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTree: all files of the merge base, not those of the change, nor later ones of the base.
func TestTree(t *testing.T) {
	t.Parallel()
	dir := branched(t)
	for name, c := range map[string]struct {
		dir   string
		limit int
		want  map[string]string
	}{
		"Root":   {dir, 100, map[string]string{"gitops/a.yaml": "  a: 1\n", "gitops/b.yaml": "b: 1\n", "gitops/gone.yml": "c: 1\n", "gitops/n.txt": "n", "other.yaml": "o: 1\n"}},
		"Folder": {filepath.Join(dir, "gitops"), 100, map[string]string{"a.yaml": "  a: 1\n", "b.yaml": "b: 1\n", "gone.yml": "c: 1\n", "n.txt": "n"}},
		"Small":  {filepath.Join(dir, "gitops"), 1, map[string]string{"n.txt": "n"}},
	} {
		files, err := Tree(t.Context(), c.dir, "main", c.limit)
		got := map[string]string{}
		for file, text := range files {
			got[file] = string(text)
		}
		if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got)\n%s", name, err, diff)
		}
	}
	if _, err := Tree(t.Context(), dir, "nowhere", 100); err == nil {
		t.Error("no error for a base that the clone does not have")
	}
}
