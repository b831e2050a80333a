package checkout

import (
	"path"
	"slices"
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

// TestLeftOutOfAListOfOne: one Kustomization is listed and those beside it are not. The name of the file is that of other lists.
func TestLeftOutOfAListOfOne(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"clusters/prod/apps.yaml":     ks("flux-system", "./clusters/prod", "") + "---\n" + ks("apps", "./apps", ""),
		"apps/db/kustomization.yaml":  kustomization("one/ks.yaml"),
		"apps/db/one/ks.yaml":         ks("one", "./apps/db/one/app", ""),
		"apps/db/late/ks.yaml":        ks("late", "./apps/db/late/gone", ""),
		"apps/db/one/app/a.yaml":      configMap("one"),
		"apps/web/two/app/a.yaml":     configMap("two"),
		"apps/web/three/app/a.yaml":   configMap("three"),
		"apps/web/two/ks.yaml":        ks("two", "./apps/web/two/app", ""),
		"apps/web/three/ks.yaml":      ks("three", "./apps/web/three/app", ""),
		"apps/web/kustomization.yaml": kustomization("two/ks.yaml", "three/ks.yaml"),
	}
	if r := load(t, files); len(r.Problems) > 0 {
		t.Errorf("%v", r.Problems)
	}
	files["apps/web/kustomization.yaml"] = kustomization("two/ks.yaml")
	if r := load(t, files); len(r.Problems) == 0 {
		t.Error("without another list, one listed file is no list")
	}
}

// TestUnappliedBuilds: the chart flux-instance says with which folder the controllers begin. What fails and is not applied is no error.
func TestUnappliedBuilds(t *testing.T) {
	t.Parallel()
	const instance = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: flux-instance, namespace: flux-system}\n" +
		"spec: {chartRef: {kind: OCIRepository, name: flux-instance}, values: {instance: {sync: {kind: GitRepository, url: 'https://x.example/ours', ref: refs/heads/main, path: flux/cluster}}}}\n"
	files := map[string]string{
		"flux/cluster/ks.yaml":       ks("apps", "./apps", ", patches: [{target: {kind: Kustomization}, patch: '[{\"op\": \"add\", \"path\": \"/spec/targetNamespace\", \"value\": \"shop\"}]'}]"),
		"apps/flux/ks.yaml":          ks("flux", "./apps/flux/instance", ""),
		"apps/flux/instance/hr.yaml": instance,
		"apps/a/ks.yaml":             ks("a", "./shop/a", ""), "shop/a/a.yaml": configMap("a"),
		"spare/ks.yaml": ks("old", "./shop/old", ""), "shop/old/kustomization.yaml": kustomization("gone.yaml"),
	}
	r := load(t, files)
	if len(r.Problems) != 1 || r.Problems[0].Kind != manifest.NotBuilt || !r.Problems[0].Unapplied {
		t.Errorf("%+v", r.Problems)
	}
	if got := shown(r); !slices.Contains(got, "shop/a/a.yaml:1 ConfigMap shop/a by a") || slices.Contains(got, "shop/a/a.yaml:1 ConfigMap a by a") {
		t.Errorf("the parent was left out: %v", got)
	}
	files["apps/b/ks.yaml"] = ks("b", "./shop/b", "")
	files["shop/b/kustomization.yaml"] = kustomization("gone.yaml")
	if r := load(t, files); len(r.Problems) != 2 || r.Problems[0].Unapplied == r.Problems[1].Unapplied {
		t.Errorf("of an applied one: %+v", r.Problems)
	}
}

// TestPathThatNothingApplies: a Kustomization that nothing applies may name the folder that it had.
func TestPathThatNothingApplies(t *testing.T) {
	t.Parallel()
	files := map[string]string{"spare/ks.yaml": ks("old", "./apps/old", ""), "apps/web/a.yaml": configMap("web"), "clusters/prod/apps.yaml": ks("apps", "./apps/web", "")}
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

// TestArchives: what was put aside is out of use, if the repository says what is applied, and nothing applies it.
func TestArchives(t *testing.T) {
	t.Parallel()
	for _, file := range []string{".archive/old/ks.yaml", "_archive/a/ks.yaml", "archived/ks.yaml", "apps/old/ks.yaml", "Disabled/ks.yaml"} {
		files := map[string]string{file: ks("old", "./apps/gone", ", dependsOn: [{name: gone}]"), "apps/web/a.yaml": configMap("web"), "clusters/prod/apps.yaml": ks("apps", "./apps/web", "")}
		if r := load(t, files); len(r.Problems) != 1 || r.Problems[0].Kind != manifest.PathAbsent {
			t.Errorf("%s without a bootstrap: %v", file, r.Problems)
		}
		files["clusters/prod/apps.yaml"] += "---\n" + ks("flux-system", "./clusters/prod", "")
		r := load(t, files)
		named := slices.ContainsFunc(r.Kustomizations, func(k manifest.Kustomization) bool { return k.Ref.Name == "old" })
		if len(r.Problems) != 0 || named || len(r.Kustomizations) != 2 {
			t.Errorf("%s beside a bootstrap: %v of %v", file, r.Problems, r.Kustomizations)
		}
		at := slices.IndexFunc(r.Coverage.Deliveries, func(d manifest.Delivery) bool { return d.Ref.Name == "old" })
		if at < 0 || r.Coverage.Deliveries[at].State != manifest.NotReachable {
			t.Errorf("%s: not counted in %v", file, r.Coverage.Deliveries)
		}
		files["clusters/prod/more.yaml"] = ks("more", "./"+path.Dir(file), "")
		if r := load(t, files); len(r.Problems) != 1 || r.Problems[0].Kind != manifest.PathAbsent {
			t.Errorf("%s applied: %v", file, r.Problems)
		}
	}
}
