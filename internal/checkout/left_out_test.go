package checkout

import (
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// TestLeftOutOfAList: a kustomization.yaml lists the Kustomization of each application, and one is commented out.
func TestLeftOutOfAList(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"clusters/prod/apps.yaml":         ks("flux-system", "./clusters/prod", "") + "---\n" + ks("apps", "./apps", ""),
		"apps/kustomization.yaml":         kustomization("media/web/ks.yaml", "media/db/ks.yaml") + "#  - media/old/ks.yaml\n",
		"apps/media/web/ks.yaml":          ks("web", "./apps/media/web/app", ""),
		"apps/media/db/ks.yaml":           ks("db", "./apps/media/db/app", ""),
		"apps/media/old/ks.yaml":          ks("old", "./apps/media/old/gone", ""),
		"apps/media/web/app/a.yaml":       configMap("web"),
		"apps/media/db/app/a.yaml":        configMap("db"),
		"clusters/prod/unlisted/own.yaml": configMap("own"),
	}
	r := load(t, files)
	if len(r.Problems) > 0 {
		t.Errorf("%v", r.Problems)
	}
	for _, d := range r.Coverage.Deliveries {
		if want := map[bool]manifest.DeliveryState{true: manifest.NotReachable, false: manifest.Built}[d.Ref.Name == "old"]; d.State != want {
			t.Errorf("%s: %v, want %v", d.Ref, d.State, want)
		}
	}
}

// TestPathOfAnArchive: what was put aside still names the folder that it had, but nothing applies it.
func TestPathOfAnArchive(t *testing.T) {
	t.Parallel()
	files := map[string]string{".archive/old/ks.yaml": ks("old", "./apps/old", ""), "apps/web/a.yaml": configMap("web"), "clusters/prod/apps.yaml": ks("apps", "./apps/web", "")}
	if r := load(t, files); len(r.Problems) != 1 || r.Problems[0].Kind != manifest.PathAbsent {
		t.Errorf("without a bootstrap: %v", r.Problems)
	}
	files["clusters/prod/apps.yaml"] += "---\n" + ks("flux-system", "./clusters/prod", "")
	if r := load(t, files); len(r.Problems) != 1 || r.Problems[0].Kind != manifest.PathAbsentUnapplied {
		t.Errorf("beside a bootstrap: %v", r.Problems)
	}
	files["clusters/prod/apps.yaml"] += "---\n" + ks("mistyped", "./apps/wbe", "")
	if r := load(t, files); len(r.Problems) != 2 || r.Problems[0].Kind == r.Problems[1].Kind {
		t.Errorf("below a bootstrap: %v", r.Problems)
	}
}
