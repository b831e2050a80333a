package checkout

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestCircleBelowARoot: Kustomizations that apply each other have no root of their own if one of them is applied by another one, which
// another one applies in turn. Each cluster applies them once.
func TestCircleBelowARoot(t *testing.T) {
	t.Parallel()
	const dev, prod = "clusters/dev", "clusters/prod"
	files := map[string]string{
		dev + "/root.yaml": ks("root", "./middle", ""), prod + "/root.yaml": ks("root", "./middle", ""),
		"middle/x.yaml": ks("x", "./x", ""), "x/y.yaml": ks("y", "./y", ""), "y/z.yaml": ks("z", "./z", ""), "z/y.yaml": ks("y", "./y", ""), "y/c.yaml": configMap("c"),
	}
	r := load(t, files)
	var got []string
	for _, line := range shown(r) {
		if strings.Contains(line, "ConfigMap") {
			got = append(got, line)
		}
	}
	if diff := cmp.Diff([]string{"y/c.yaml:1 ConfigMap c by y in " + dev, "y/c.yaml:1 ConfigMap c by y in " + prod}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestUndecidedByALaterBuild: a build that fails may have applied the Kustomization in a file that it did not read. So the problems of what that
// one applies count, whichever is built first.
func TestUndecidedByALaterBuild(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		list      string
		unapplied bool
	}{
		"MayBeApplied": {kustomization("ks.yaml", "gone.yaml"), false},
		"NotApplied":   {"", true},
	} {
		files := map[string]string{
			"clusters/one/sync.yaml": ks("one", "./clusters/one", ""), "clusters/one/apps.yaml": ks("apps", "./extra", ""),
			"extra/ks.yaml": ks("extra", "./k", ""), "k/kustomization.yaml": kustomization("lost.yaml"),
		}
		if c.list != "" {
			files["extra/kustomization.yaml"] = c.list
		} else {
			files["clusters/one/apps.yaml"] = configMap("apps")
		}
		r := load(t, files)
		found := false
		for _, p := range r.Problems {
			if p.Place.File == "k/kustomization.yaml" {
				found = true
				if p.Unapplied != c.unapplied {
					t.Errorf("%s: unapplied is %t, want %t", name, p.Unapplied, c.unapplied)
				}
			}
		}
		if !found {
			t.Errorf("%s: lost.yaml is not reported: %v", name, r.Problems)
		}
	}
}

// TestGeneratedSource: a ResourceSet may declare the source of a Kustomization, and with it that its files are elsewhere.
func TestGeneratedSource(t *testing.T) {
	t.Parallel()
	const set = "apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSet\nmetadata: {name: sources, namespace: flux-system}\nspec:\n  resources:\n" +
		"  - {apiVersion: source.toolkit.fluxcd.io/v1, kind: GitRepository, metadata: {name: gitops, namespace: flux-system}, spec: {url: 'https://x.example/'}}\n"
	for url, want := range map[string]string{"ours": "a/a.yaml:1 ConfigMap a by apps", "theirs": "a/a.yaml:1 ConfigMap a loose"} {
		files := map[string]string{
			"flux/set.yaml": strings.Replace(set, "x.example/", "x.example/"+url, 1), "flux/apps.yaml": ks("apps", "./a", ""), "a/a.yaml": configMap("a"),
			"own/own.yaml": strings.ReplaceAll(gitRepository("https://x.example/ours")+"---\n"+ks("own", "./own", ""), "gitops", "own"),
		}
		if got := shown(loadClone(t, "https://x.example/ours", files)); !slices.Contains(got, want) {
			t.Errorf("%s: %q is not in\n%s", url, want, strings.Join(got, "\n"))
		}
	}
}

// TestCopyOfAnotherRepository: a Kustomization that applies the folder of its own file shows that its source is this repository, unless another
// source has the URL of a remote.
func TestCopyOfAnotherRepository(t *testing.T) {
	t.Parallel()
	for remote, want := range map[string]string{"https://x.example/ours": "b/c.yaml:1 ConfigMap c", "https://x.example/fork": "b/c.yaml:1 ConfigMap c by copy in b"} {
		files := map[string]string{
			"a/own.yaml":  strings.ReplaceAll(gitRepository("https://x.example/ours")+"---\n"+ks("own", "./a", ""), "gitops", "own"),
			"b/copy.yaml": strings.ReplaceAll(gitRepository("https://x.example/theirs")+"---\n"+ks("copy", "./b", ""), "gitops", "copy"),
			"b/c.yaml":    configMap("c"),
		}
		got := slices.DeleteFunc(shown(loadClone(t, remote, files)), func(line string) bool { return !strings.Contains(line, "ConfigMap") })
		if len(got) != 1 || strings.TrimSuffix(got[0], " loose") != want {
			t.Errorf("%s: %q, want %q", remote, got, want)
		}
	}
}

// TestSuspendedFiles: what a suspended Kustomization would apply is not applied, and known.
func TestSuspendedFiles(t *testing.T) {
	t.Parallel()
	check(t, map[string]string{
		"flux.yaml": ks("paused", "./a", ", suspend: true") + "---\n" + ks("apps", "./b", ""),
		"a/a.yaml":  configMap("a"), "b/b.yaml": configMap("b"), "c/c.yaml": configMap("c"),
	}, "b/b.yaml:1 ConfigMap b by apps", "c/c.yaml:1 ConfigMap c loose")
}

// TestNameOfTheBootstrap: what is only in the cluster has the name that `flux bootstrap` gives it.
func TestNameOfTheBootstrap(t *testing.T) {
	t.Parallel()
	r, err := Load(t.Context(), Options{Dir: lay(t, map[string]string{"apps/a.yaml": configMap("a")}), Clusters: []string{"apps"}})
	if err != nil {
		t.Fatal(err)
	}
	want := []facts.Ref{{Plane: facts.Control, Group: kinds.FluxKustomize, Kind: "Kustomization", Namespace: "flux-system", Name: "flux-system"}}
	if len(r.Objects) != 1 {
		t.Fatalf("%d objects, want 1", len(r.Objects))
	}
	if diff := cmp.Diff(want, r.Objects[0].AppliedBy); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
