package checkout

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// TestBootstrapFolder: without the object that `flux bootstrap` writes, nothing applies the folder flux-system. It is built for its problems.
// What nothing at all applies is not built, but its files must exist.
func TestBootstrapFolder(t *testing.T) {
	t.Parallel()
	const missing = "it names 'gone.yaml', which does not exist"
	for name, c := range map[string]struct {
		file, kustomization string
		want                []string
	}{
		"Below":   {"clusters/one/flux-system/kustomization.yaml", kustomization("gotk-sync.yaml", "gone.yaml"), []string{"clusters/one/flux-system/kustomization.yaml:3 " + missing}},
		"In":      {"clusters/one/kustomization.yaml", kustomization("apps.yaml", "gone.yaml"), []string{"clusters/one/kustomization.yaml:3 " + missing}},
		"Deeper":  {"clusters/one/more/b/kustomization.yaml", kustomization("gone.yaml"), []string{"clusters/one/more/b/kustomization.yaml:2 " + missing}},
		"Else":    {"archive/kustomization.yaml", kustomization("gone.yaml"), nil},
		"Healthy": {"clusters/one/flux-system/kustomization.yaml", kustomization("gotk-components.yaml", "gotk-sync.yaml"), nil},
	} {
		r := load(t, map[string]string{
			"clusters/one/apps.yaml": ks("apps", "./k", ""), "k/a.yaml": configMap("a"), c.file: c.kustomization,
		})
		var got []string
		for _, p := range r.Problems {
			got = append(got, p.Place.String()+" "+p.Message)
			if p.Kind != manifest.NotBuilt || !p.Unapplied {
				t.Errorf("%s: %+v", name, p)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestLeftOverFolder: where a bootstrap applies itself, the folder of another Kustomization that nothing applies is none that it applies, and is
// not built.
func TestLeftOverFolder(t *testing.T) {
	t.Parallel()
	const patched = "patches:\n- target: {kind: ConfigMap, name: gone}\n  patch: '[{\"op\": \"remove\", \"path\": \"/data\"}]'\n"
	for bootstrap, want := range map[string]int{"./elsewhere": 1, "./clusters/one": 0} {
		r := load(t, map[string]string{
			"clusters/one/sync.yaml": gitRepository("https://h.example/r") + "---\n" + ks("one", bootstrap, ""), "elsewhere/a.yaml": configMap("a"),
			"left/ks.yaml": ks("left", "./left/app", ", suspend: true"), "left/over/kustomization.yaml": kustomization("../../elsewhere/a.yaml") + patched,
		})
		count := 0
		for _, p := range r.Problems {
			if p.Kind == manifest.TargetAbsent {
				count++
			}
		}
		if count != want {
			t.Errorf("%s: %d targets, want %d: %v", bootstrap, count, want, r.Problems)
		}
	}
}
