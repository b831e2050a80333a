package checkout

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// TestCoverage: each Kustomization is counted once, with what became of its folder.
func TestCoverage(t *testing.T) {
	t.Parallel()
	const substitute = ", postBuild: {substitute: {a: b}}"
	r := load(t, map[string]string{
		"clusters/prod/apps.yaml": ks("flux-system", "./clusters/prod", "") + "---\n" + ks("built", "./apps/built", substitute) +
			"---\n" + ks("broken", "./apps/broken", "") + "---\n" + ks("unsubstituted", "./apps/unsubstituted", substitute) +
			"---\n" + ks("list", "./apps/list", "") + "---\n" + ks("absent", "./apps/absent", "") + "---\n" + ks("suspended", "./apps/built", ", suspend: true"),
		"apps/built/a.yaml":              configMap("built"),
		"apps/broken/kustomization.yaml": kustomization("gone.yaml"),
		"apps/unsubstituted/a.yaml":      configMap("v${a:?}${"),
		"apps/list/kustomization.yaml":   kustomization("one/ks.yaml", "three/ks.yaml") + "#  - two/ks.yaml\n",
		"apps/list/one/ks.yaml":          ks("one", "./apps/built", ""),
		"apps/list/three/ks.yaml":        ks("three", "./apps/built", ""),
		"apps/list/two/ks.yaml":          ks("unreachable", "./apps/built", ""),
	})
	got := map[string]manifest.DeliveryState{}
	for _, d := range r.Coverage.Deliveries {
		if _, twice := got[d.Ref.Name]; twice {
			t.Errorf("%s is counted twice", d.Ref)
		}
		got[d.Ref.Name] = d.State
	}
	want := map[string]manifest.DeliveryState{
		"flux-system": manifest.Built, "built": manifest.Built, "list": manifest.Built, "one": manifest.Built, "three": manifest.Built,
		"broken": manifest.BuildFailed, "unsubstituted": manifest.BuildFailed,
		"absent": manifest.BuildFailed, "suspended": manifest.Skipped, "unreachable": manifest.NotReachable,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s\n%v", diff, r.Problems)
	}
}
