package checkout

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// loadClone loads the files of a clone with a remote.
func loadClone(t *testing.T, remote string, files map[string]string) *manifest.Repository {
	t.Helper()
	tr, err := tree.Read(t.Context(), lay(t, files))
	if err != nil {
		t.Fatal(err)
	}
	l := newLoader(t.Context(), tr)
	own := func(urls []string) (own []string, remotes bool) {
		for _, url := range urls {
			if url == remote {
				own = append(own, url)
			}
		}
		return own, true
	}
	if _, err := l.load(own); err != nil {
		t.Fatal(err)
	}
	return l.repository
}

// TestOnlySource: the only source has another URL than the clone. It is this repository if one of its paths is here: it may have another
// name, as in a mirror. Otherwise it is that of an example.
func TestOnlySource(t *testing.T) {
	t.Parallel()
	mistyped := strings.Replace(ks("typo", "./a", ""), "name: gitops}", "name: gitopsx}", 1)
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"Example":         {ks("web", "./helm-guestbook", ""), []string{"a/a.yaml:1 ConfigMap a"}},
		"ExampleOfTwo":    {ks("web", "./web", "") + "---\n" + ks("db", "./db", ""), []string{"a/a.yaml:1 ConfigMap a"}},
		"Mirror":          {ks("web", "./a", ""), []string{"a/a.yaml:1 ConfigMap a by web"}},
		"MirrorWithATypo": {ks("web", "./a", "") + "---\n" + ks("db", "./bd", ""), []string{"a/a.yaml:1 ConfigMap a by web", "flux/flux.yaml:14 problem 4 db"}},
		// One mistyped name must not turn all others into those of another repository.
		"MirrorWithAMistypedSource": {ks("web", "./a", "") + "---\n" + ks("app", "./a", "") + "---\n" + mistyped, []string{"a/a.yaml:1 ConfigMap a by web by app by typo"}},
		// A repository that nothing declares, such as that of a bootstrap, with as many folders here.
		"DeclaredElsewhere": {ks("web", "./b", "") + "---\n" + mistyped, []string{"a/a.yaml:1 ConfigMap a by typo"}},
		"RootOfTheMirror":   {ks("web", "./", ""), []string{"a/a.yaml:1 ConfigMap a by web"}},
		"Application":       {"apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\nspec: {source: {repoURL: 'https://x.example/examples', path: guestbook}}\n", []string{"a/a.yaml:1 ConfigMap a"}},
		"PathIsATemplate":   {ks("web", "./namespaces/<namespace>/web", ""), []string{"a/a.yaml:1 ConfigMap a"}},
		"ApplicationOfOurs": {"apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\nspec: {source: {repoURL: 'https://x.example/ours', path: guestbook}}\n", []string{"a/a.yaml:1 ConfigMap a", "flux/flux.yaml:9 problem 4 web"}},
	} {
		r := loadClone(t, "https://x.example/ours", map[string]string{"flux/flux.yaml": gitRepository("https://x.example/theirs") + "---\n" + c.text, "a/a.yaml": configMap("a")})
		got := slices.DeleteFunc(shown(r), func(line string) bool { return strings.HasPrefix(line, "flux/") && !strings.Contains(line, "problem") })
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

func ignoring(ignore string) string {
	return strings.Replace(gitRepository("https://x.example/ours"), "ours}", "ours, ignore: \""+ignore+"\"}", 1)
}

// TestIgnoreReplacesTheDefaults: with spec.ignore, the artifact has the images and the workflows that the defaults would exclude.
func TestIgnoreReplacesTheDefaults(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"flux/flux.yaml":          gitRepository("https://x.example/ours") + "---\n" + ks("apps", "./apps", ""),
		"apps/kustomization.yaml": kustomization("cloudbuild.yaml") + "configMapGenerator: [{name: logo, files: [logo.png]}]\n", "apps/logo.png": "x", "apps/cloudbuild.yaml": configMap("a"),
	}
	if r := load(t, files); len(r.Problems) != 2 {
		t.Errorf("with the defaults: %v", r.Problems)
	}
	files["flux/flux.yaml"] = ignoring("/*\\n!/apps\\n") + "---\n" + ks("apps", "./apps", "")
	if r := load(t, files); len(r.Problems) > 0 || len(r.Objects) != 2 {
		t.Errorf("with spec.ignore: %v, %v", r.Problems, shown(r))
	}
}

// TestIgnoreOfTwoClusters: each cluster leaves out the folder of the other one, with a source of the same name.
func TestIgnoreOfTwoClusters(t *testing.T) {
	t.Parallel()
	const patches = ", patches: [{target: {kind: Kustomization}, patch: '[{\"op\": \"add\", \"path\": \"/spec/targetNamespace\", \"value\": \"shop\"}]'}]"
	check(t, map[string]string{
		"east/flux/flux.yaml": ignoring("/*\\n!/east\\n") + "---\n" + ks("root", "./east/flux", "") + "---\n" + ks("sets", "./east/sets", patches),
		"west/flux/flux.yaml": ignoring("/*\\n!/west\\n") + "---\n" + ks("root", "./west/flux", "") + "---\n" + ks("sets", "./west/sets", patches),
		"east/sets/ks.yaml":   ks("apps", "./east/apps", ""), "east/apps/a.yaml": configMap("a"),
		"west/sets/ks.yaml": ks("apps", "./west/apps", ""), "west/apps/b.yaml": configMap("b"),
	},
		"east/apps/a.yaml:1 ConfigMap shop/a by apps in east", "west/apps/b.yaml:1 ConfigMap shop/b by apps in west",
		"east/flux/flux.yaml:1 GitRepository flux-system/gitops by root in east", "west/flux/flux.yaml:1 GitRepository flux-system/gitops by root in west",
		"east/flux/flux.yaml:6 Kustomization flux-system/root by root in east", "west/flux/flux.yaml:6 Kustomization flux-system/root by root in west",
		"east/flux/flux.yaml:11 Kustomization flux-system/sets by root in east", "west/flux/flux.yaml:11 Kustomization flux-system/sets by root in west",
		"east/sets/ks.yaml:1 Kustomization flux-system/apps by sets in east", "west/sets/ks.yaml:1 Kustomization flux-system/apps by sets in west")
}
