package checkout

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
)

// TestArgoCD checks that the objects of an Argo CD Application beside Flux are applied as well.
func TestArgoCD(t *testing.T) {
	t.Parallel()
	app := func(name, source string) string {
		return "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: " + name + ", namespace: argocd}\nspec: {" + source + "}\n"
	}
	check(t, map[string]string{
		"flux.yaml": ks("flux", "./a", ""), "a/a.yaml": configMap("a"),
		"argo/apps.yaml":       app("one", "source: {repoURL: u, path: b}") + "---\n" + app("two", "sources: [{repoURL: u, path: c/}, {repoURL: u, chart: x}, {repoURL: v, path: gone}]") + "---\n" + app("root", "source: {repoURL: u, path: argo}"),
		"b/kustomization.yaml": kustomization("b.yaml"), "b/b.yaml": configMap("b"), "b/no.yaml": configMap("no"),
		"c/c.yaml": configMap("c"), "c/values.yaml": "x: y\n", "c/chart/Chart.yaml": "name: c\n", "c/chart/templates/t.yaml": "{{ x }}\n",
	},
		"a/a.yaml:1 ConfigMap a by flux", "b/b.yaml:1 ConfigMap b by one", "b/no.yaml:1 ConfigMap no loose", "c/c.yaml:1 ConfigMap c by two",
		"argo/apps.yaml:1 Application argocd/one by root", "argo/apps.yaml:6 Application argocd/two by root", "argo/apps.yaml:11 Application argocd/root by root")
}

// TestClusters covers one repository for two clusters, whose Kustomizations have the same names and share objects.
func TestClusters(t *testing.T) {
	t.Parallel()
	check(t, map[string]string{
		"clusters/dev/flux.yaml":  ks("flux-system", "./clusters/dev", "") + "---\n" + ks("apps", "./apps", ""),
		"clusters/prod/flux.yaml": ks("flux-system", "./clusters/prod", "") + "---\n" + ks("apps", "./apps", ""),
		"apps/a.yaml":             configMap("a"),
	},
		"apps/a.yaml:1 ConfigMap a by apps in clusters/dev", "apps/a.yaml:1 ConfigMap a by apps in clusters/prod",
		"clusters/dev/flux.yaml:1 Kustomization flux-system/flux-system by flux-system in clusters/dev", "clusters/dev/flux.yaml:6 Kustomization flux-system/apps by flux-system in clusters/dev",
		"clusters/prod/flux.yaml:1 Kustomization flux-system/flux-system by flux-system in clusters/prod", "clusters/prod/flux.yaml:6 Kustomization flux-system/apps by flux-system in clusters/prod")
}

// TestKubeConfigs: a Secret with the kubeconfig of a cluster is in the namespace of the Kustomization.
func TestKubeConfigs(t *testing.T) {
	t.Parallel()
	in := func(namespace string) string {
		return strings.Replace(ks("apps", "./apps", ", kubeConfig: {secretRef: {name: cluster}}"), "flux-system", namespace, 1)
	}
	check(t, map[string]string{"flux/hub.yaml": in("dev") + "---\n" + in("prod"), "apps/a.yaml": configMap("a")},
		"apps/a.yaml:1 ConfigMap a by apps in dev/cluster", "apps/a.yaml:1 ConfigMap a by apps in prod/cluster")
}

// TestClustersOfOtherSources covers Kustomizations for two clusters whose objects come from another source.
func TestClustersOfOtherSources(t *testing.T) {
	t.Parallel()
	check(t, map[string]string{"clusters/dev/flux.yaml": ks("apps", "./gone", ""), "clusters/prod/flux.yaml": ks("apps", "./gone", "")},
		"clusters/dev/flux.yaml:1 Kustomization flux-system/apps in clusters/dev", "clusters/prod/flux.yaml:1 Kustomization flux-system/apps in clusters/prod")
}

// TestPatchedKustomization covers a cluster folder that patches the path of a Kustomization before it is applied.
func TestPatchedKustomization(t *testing.T) {
	t.Parallel()
	check(t, map[string]string{
		"root.yaml": ks("root", "./cluster", ""), "base/apps.yaml": ks("apps", "./nowhere", ""),
		"cluster/kustomization.yaml": kustomization("../base/apps.yaml") + "patches: [{target: {kind: Kustomization}, patch: '[{\"op\": \"replace\", \"path\": \"/spec/path\", \"value\": \"./apps\"}]'}]\n",
		"apps/a.yaml":                configMap("a"),
	}, "base/apps.yaml:1 Kustomization flux-system/apps by root", "apps/a.yaml:1 ConfigMap a by apps")
}

// TestOtherRepositories checks that a Kustomization with another repository as its source applies nothing from this one.
func TestOtherRepositories(t *testing.T) {
	t.Parallel()
	theirs := strings.ReplaceAll(ks("theirs", "./", "")+"---\n"+gitRepository("https://x.example/theirs"), "name: gitops", "name: theirs")
	unknown := strings.ReplaceAll(ks("unknown", "./deploy", ""), "name: gitops", "name: unknown")
	tr, err := tree.Read(t.Context(), lay(t, map[string]string{
		"flux.yaml": gitRepository("https://x.example/ours") + "---\n" + ks("ours", "./a", "") + "---\n" + theirs + "---\n" + unknown,
		"a/a.yaml":  configMap("a"), "b/b.yaml": configMap("b"),
	}))
	if err != nil {
		t.Fatal(err)
	}
	l := newLoader(t.Context(), tr)
	if _, err := l.load(func([]string) ([]string, bool) { return []string{"https://x.example/ours"}, true }); err != nil {
		t.Fatal(err)
	}
	want := []string{"a/a.yaml:1 ConfigMap a by ours", "b/b.yaml:1 ConfigMap b loose"}
	if diff := cmp.Diff(want, shown(l.repository)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestOtherBranch checks that a GitRepository with another branch than the one that is checked out applies nothing from this checkout,
// unless its folders are here. Then nothing says what is applied.
func TestOtherBranch(t *testing.T) {
	t.Parallel()
	source := strings.Replace(gitRepository("https://x.example/ours"), "ours}", "ours, ref: {branch: team}}", 1)
	for _, c := range []struct{ path, branch, want string }{
		{"./", "main", "a/a.yaml:1 ConfigMap a"},
		{"./gone", "main", "a/a.yaml:1 ConfigMap a"},
		{"./", "team", "a/a.yaml:1 ConfigMap a by ours"},
		{"./", "", "a/a.yaml:1 ConfigMap a by ours"},
		{"./a", "main", "a/a.yaml:1 ConfigMap a by ours"},
	} {
		tr, err := tree.Read(t.Context(), lay(t, map[string]string{"flux/flux.yaml": source + "---\n" + ks("ours", c.path, ""), "a/a.yaml": configMap("a")}))
		if err != nil {
			t.Fatal(err)
		}
		l := newLoader(t.Context(), tr)
		l.branch = c.branch
		if _, err := l.load(func([]string) ([]string, bool) { return []string{"https://x.example/ours"}, true }); err != nil {
			t.Fatal(err)
		}
		if got := shown(l.repository); !slices.Contains(got, c.want) || len(l.repository.Problems) > 0 {
			t.Errorf("%+v: %q, problems %v", c, got, l.repository.Problems)
		}
	}
}

// TestNestedClusters checks that the outermost folder in which Kustomizations of one name differ is the clusters folder. Objects
// belong to the clusters of their Kustomization.
func TestNestedClusters(t *testing.T) {
	t.Parallel()
	check(t, map[string]string{
		"fleet/dev/flux.yaml":    ks("root", "./fleet/dev/sets", ""),
		"fleet/prod/flux.yaml":   ks("root", "./fleet/prod/sets", ""),
		"fleet/dev/sets/a.yaml":  ks("apps", "./apps", ""),
		"fleet/prod/sets/a.yaml": ks("apps", "./apps", ""),
		"fleet/shared.yaml":      ks("shared", "./shared", ""),
		"apps/a.yaml":            configMap("a"), "shared/s.yaml": configMap("s"),
	},
		"apps/a.yaml:1 ConfigMap a by apps in fleet/dev", "apps/a.yaml:1 ConfigMap a by apps in fleet/prod", "shared/s.yaml:1 ConfigMap s by shared",
		"fleet/dev/sets/a.yaml:1 Kustomization flux-system/apps by root in fleet/dev", "fleet/prod/sets/a.yaml:1 Kustomization flux-system/apps by root in fleet/prod")
}

// TestCircle covers Kustomizations that apply each other. They have no root, but belong to one cluster.
func TestCircle(t *testing.T) {
	t.Parallel()
	check(t, map[string]string{"a/b.yaml": ks("b", "./b", ""), "b/a.yaml": ks("a", "./a", "") + "---\n" + configMap("c")},
		"a/b.yaml:1 Kustomization flux-system/b by a", "b/a.yaml:1 Kustomization flux-system/a by b", "b/a.yaml:6 ConfigMap c by b")
}
