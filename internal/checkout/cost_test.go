package checkout

import (
	"context"
	"fmt"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
)

// lists returns the files of folders with seven ConfigMaps each, and a kustomization.yaml that lists them. A Kustomization applies all.
func lists(folders int) map[string][]byte {
	files := map[string][]byte{"cluster.yaml": []byte(ks("apps", "./apps", "") + "---\n" + gitRepository("https://example.com/x"))}
	for i := range folders {
		folder := fmt.Sprintf("apps/team-%d/app-%d/", i/10, i)
		var names []string
		for n := range 7 {
			names = append(names, fmt.Sprintf("%d.yaml", n))
			files[folder+names[n]] = []byte(configMap(fmt.Sprintf("a-%d-%d", i, n)))
		}
		files[folder+"kustomization.yaml"] = []byte(kustomization(names...))
	}
	return files
}

func loadFiles(ctx context.Context, tb testing.TB, files *tree.Tree, objects int) {
	tb.Helper()
	l := newLoader(ctx, files)
	if _, err := l.load(func([]string) ([]string, bool) { return nil, false }); err != nil || len(l.repository.Objects) != objects {
		tb.Fatalf("%d objects, %v", len(l.repository.Objects), err)
	}
}

// TestLoadCost expects that each file is parsed once, which takes most of the 95 allocations, and that its cost does not grow with the
// number of files.
func TestLoadCost(t *testing.T) {
	cost := func(folders int) float64 {
		files := tree.New(lists(folders))
		return testing.AllocsPerRun(3, func() { loadFiles(t.Context(), t, files, 7*folders) }) / float64(8*folders)
	}
	if few, many := cost(5), cost(200); many > 140 || many > few+5 {
		t.Errorf("%.0f allocations for each of few files, %.0f for each of many", few, many)
	}
}

func BenchmarkLoad(b *testing.B) {
	files := tree.New(lists(1000))
	for b.Loop() {
		loadFiles(b.Context(), b, files, 7000)
	}
}
