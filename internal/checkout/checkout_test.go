package checkout

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/offline"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// lay writes a repository of files by name.
func lay(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	layIn(t, dir, files)
	return dir
}

func layIn(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func load(t *testing.T, files map[string]string) *manifest.Repository {
	t.Helper()
	r, err := Load(t.Context(), Options{Dir: lay(t, files)})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// shown returns a repository in a comparable form: "file:line object by Kustomization, in cluster".
func shown(r *manifest.Repository) []string {
	var lines []string
	for _, o := range r.Objects {
		p := o.At("")
		line := fmt.Sprintf("%s:%d %s", p.File, p.Line, o.Ref)
		for _, ks := range o.AppliedBy {
			line += " by " + ks.Name
		}
		if o.Cluster != "" {
			line += " in " + o.Cluster
		}
		lines = append(lines, line)
	}
	for _, d := range r.Unapplied {
		lines = append(lines, fmt.Sprintf("%s:%d %s loose", d.Place.File, d.Place.Line, d.Ref))
	}
	for _, p := range r.Problems {
		lines = append(lines, fmt.Sprintf("%s:%d problem %d %s", p.Place.File, p.Place.Line, p.Kind, p.Object.Name))
	}
	slices.Sort(lines)
	return lines
}

func check(t *testing.T, files map[string]string, want ...string) {
	t.Helper()
	slices.Sort(want)
	if diff := cmp.Diff(want, shown(load(t, files))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func configMap(name string) string {
	return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \"" + name + "\"}\n"
}

func kustomization(resources ...string) string {
	return "resources:\n  - " + strings.Join(resources, "\n  - ") + "\n"
}

// ks returns a Flux Kustomization. spec contains further fields in flow style.
func ks(name, path, spec string) string {
	return "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: " + name + ", namespace: flux-system}\n" +
		"spec: {path: " + path + ", sourceRef: {kind: GitRepository, name: gitops}" + spec + "}\n"
}

func gitRepository(url string) string {
	return "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: gitops, namespace: flux-system}\nspec: {url: " + url + "}\n"
}

// TestWithoutFlux checks that all files are applied, and that folders with a kustomization.yaml are built. The data of Go tests is
// not applied.
func TestWithoutFlux(t *testing.T) {
	t.Parallel()
	check(t, map[string]string{
		"a/one.yaml": configMap("one") + "---\n" + configMap("two"), "a/no.txt": "x", "b/kustomization.yaml": kustomization("three.yml"),
		"b/three.yml": configMap("three"), "b/four.yaml": configMap("four"),
		"pkg/testdata/want.yaml": configMap("one"), "pkg/testdata/kustomization.yaml": kustomization("gone.yaml"), "pkg/testdata/flux.yaml": ks("apps", "./gone", ""),
		"chart/Chart.yaml": "name: c\n", "chart/templates/x.yaml": "{{ .Values.x }}\n",
	}, "a/one.yaml:1 ConfigMap one", "a/one.yaml:5 ConfigMap two", "b/three.yml:1 ConfigMap three", "b/four.yaml:1 ConfigMap four loose")
}

// TestFailedBuild checks that files which a failed build did not read are neither applied nor unapplied. Files elsewhere are unapplied.
func TestFailedBuild(t *testing.T) {
	t.Parallel()
	check(t, map[string]string{
		"flux/all.yaml":           ks("apps", "./apps", "") + "---\n" + gitRepository("https://x.example/y"),
		"apps/kustomization.yaml": kustomization("missing.yaml", "base", "a.yaml"), "apps/a.yaml": configMap("a"),
		"apps/base/kustomization.yaml": kustomization("b.yaml"), "apps/base/b.yaml": configMap("b"), "other/c.yaml": configMap("c"),
	}, "apps/kustomization.yaml:2 problem 2 apps", "other/c.yaml:1 ConfigMap c loose")
}

// TestOverlays checks that an included kustomization.yaml is not a root. Roots that share a base belong to two clusters.
func TestOverlays(t *testing.T) {
	t.Parallel()
	check(t, map[string]string{
		"base/kustomization.yaml": kustomization("a.yaml"), "base/a.yaml": configMap("a"),
		"debug/kustomization.yaml": "kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\n" + kustomization("b.yaml"), "debug/b.yaml": configMap("b"),
		"over/dev/kustomization.yaml":  kustomization("../../base") + "components: [../../debug]\nnamespace: dev\n",
		"over/prod/kustomization.yaml": "bases: [../../base]\nnamePrefix: prod-\n",
	},
		"base/a.yaml:1 ConfigMap dev/a in over/dev", "debug/b.yaml:1 ConfigMap dev/b in over/dev",
		"base/a.yaml:1 ConfigMap prod-a in over/prod")
}

// TestPaths checks that with Flux only files below the paths are applied. In a folder with a kustomization.yaml only its
// resources are applied. Beside a .sourceignore, the artifact has the workflows of GitHub as well.
func TestPaths(t *testing.T) {
	t.Parallel()
	check(t, map[string]string{
		"flux/all.yaml": ks("apps", "./apps/", "") + "---\n" + ks("infra", "infra", "") + "---\n" + gitRepository("https://x.example/y"),
		"apps/a.yaml":   configMap("a"), "apps/deep/b.yaml": configMap("b"), "apps/deep/c/kustomization.yaml": kustomization("d.yaml", "../../../shared"),
		"apps/deep/c/d.yaml": configMap("d"), "apps/deep/c/e.yaml": configMap("e"),
		"infra/Kustomization": kustomization("f.yaml"), "infra/f.yaml": configMap("f"), "infra/g.yaml": configMap("g"),
		"shared/kustomization.yaml": kustomization("h.yaml"), "shared/h.yaml": configMap("h"), "other/i.yaml": configMap("i"),
		".github/workflows/j.yaml": configMap("j"), "apps/.sourceignore": "k.yaml\n", "apps/k.yaml": configMap("k"),
	},
		".github/workflows/j.yaml:1 ConfigMap j loose", "apps/a.yaml:1 ConfigMap a by apps", "apps/deep/b.yaml:1 ConfigMap b by apps", "apps/deep/c/d.yaml:1 ConfigMap d by apps",
		"shared/h.yaml:1 ConfigMap h by apps", "infra/f.yaml:1 ConfigMap f by infra",
		"apps/deep/c/e.yaml:1 ConfigMap e loose", "infra/g.yaml:1 ConfigMap g loose", "other/i.yaml:1 ConfigMap i loose")
}

// TestSpec covers the fields of a Kustomization's spec, with and without a kustomization.yaml. Line numbers do not change.
func TestSpec(t *testing.T) {
	t.Parallel()
	trait := "apiVersion: openchoreo.dev/v1alpha1\nkind: ClusterTrait\nmetadata: {name: t}\n"
	check(t, map[string]string{
		"flux.yaml":    ks("plain", "./plain", ", targetNamespace: shop, namePrefix: my-, patches: [{patch: '[{\"op\": \"replace\", \"path\": \"/metadata/name\", \"value\": \"c\"}]', target: {kind: ConfigMap, name: b}}]") + "---\n" + ks("built", "./built", ", targetNamespace: shop"),
		"plain/a.yaml": configMap("a") + "---\n" + trait + "---\n" + configMap("b"), "plain/sub/kustomization.yaml": kustomization("d.yaml"), "plain/sub/d.yaml": configMap("d"),
		"built/kustomization.yaml": kustomization("e.yaml") + "configMapGenerator: [{name: f, literals: [x=y], options: {disableNameSuffixHash: true}}]\n", "built/e.yaml": "\n\n" + configMap("e"),
	},
		"plain/a.yaml:1 ConfigMap shop/my-a by plain", "plain/a.yaml:5 ClusterTrait my-t by plain", "plain/a.yaml:9 ConfigMap shop/my-c by plain", "plain/sub/d.yaml:1 ConfigMap shop/my-d by plain",
		"built/e.yaml:3 ConfigMap shop/e by built", "built/kustomization.yaml:3 ConfigMap shop/f by built")
}

// TestTargetNamespace checks that setting the namespace without kustomize has the same result as kustomize.
func TestTargetNamespace(t *testing.T) {
	t.Parallel()
	text := configMap("a") + "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: old}\n---\napiVersion: openchoreo.dev/v1alpha1\nkind: ClusterTrait\nmetadata: {name: t}\n" +
		"---\napiVersion: example.org/v1\nkind: Unknown\nmetadata: {name: u, namespace: other}\n"
	check(t, map[string]string{
		"flux.yaml":    ks("plain", "./plain", ", targetNamespace: shop") + "---\n" + ks("built", "./built", ", targetNamespace: shop"),
		"plain/a.yaml": text, "built/a.yaml": text, "built/kustomization.yaml": kustomization("a.yaml"),
	},
		"plain/a.yaml:1 ConfigMap shop/a by plain", "plain/a.yaml:5 Namespace shop by plain", "plain/a.yaml:9 ClusterTrait t by plain", "plain/a.yaml:13 Unknown shop/u by plain",
		"built/a.yaml:1 ConfigMap shop/a by built", "built/a.yaml:5 Namespace shop by built", "built/a.yaml:9 ClusterTrait t by built", "built/a.yaml:13 Unknown shop/u by built")
}

// TestComponents covers kustomize Components that a Kustomization adds to its folder.
func TestComponents(t *testing.T) {
	t.Parallel()
	check(t, map[string]string{
		"flux.yaml": ks("k", "./a", ", components: [../parts/b, ../parts/gone], ignoreMissingComponents: true"), "a/a.yaml": configMap("a"),
		"parts/b/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n" + kustomization("b.yaml"), "parts/b/b.yaml": configMap("b"),
	}, "a/a.yaml:1 ConfigMap a by k", "parts/b/b.yaml:1 ConfigMap b by k")
}

func TestPostBuild(t *testing.T) {
	t.Parallel()
	check(t, map[string]string{
		"flux.yaml": ks("a", "./a", ", postBuild: {substitute: {NAME: one}}") + "---\n" + ks("b", "./b", ", postBuild: {substitute: {X: y}, substituteFrom: [{kind: Secret, name: s}]}") + "---\n" +
			ks("c", "./c", ", postBuild: {substituteFrom: [{kind: ConfigMap, name: vars}]}") + "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: vars, namespace: flux-system}\ndata: {NAME: three}\n",
		"a/a.yaml": configMap("${NAME}-${OTHER:=x}") + "---\n" + configMap("${MISSING}") + "---\n" + "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: off, annotations: {kustomize.toolkit.fluxcd.io/substitute: disabled}}\ndata: {v: '${MISSING}'}\n",
		"b/b.yaml": configMap("${FROM_SECRET}"), "c/c.yaml": configMap("${NAME}"),
	},
		"a/a.yaml:1 ConfigMap one-x by a", "a/a.yaml:5 ConfigMap ${MISSING} by a", "a/a.yaml:7 problem 3 a", "a/a.yaml:9 ConfigMap off by a",
		"b/b.yaml:1 ConfigMap ${FROM_SECRET} by b", "c/c.yaml:1 ConfigMap three by c", "flux.yaml:16 ConfigMap flux-system/vars loose")
}

func TestProblems(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"NoYAML":                {map[string]string{"f.yaml": ks("k", "./a", ""), "a/a.yaml": "kind: [\n"}, []string{"a/a.yaml:1 problem 1 "}},
		"NoYAMLInside":          {map[string]string{"f.yaml": ks("k", "./a", ""), "a/kustomization.yaml": kustomization("a.yaml"), "a/a.yaml": "a: b\nkind: [\n"}, []string{"a/a.yaml:2 problem 1 "}},
		"NoYAMLThatNobodyReads": {map[string]string{"f.yaml": ks("k", "./a", ""), "a/a.yaml": configMap("a"), "b.yaml": "kind: [\n", "c.yaml": "apiVersion: openchoreo.dev/v1alpha1\nkind: [\n"}, []string{"a/a.yaml:1 ConfigMap a by k", "c.yaml:2 problem 1 "}},
		"NoObject":              {map[string]string{"f.yaml": ks("k", "./a", ""), "a/values.yaml": "replicas: 1\n"}, []string{"a/values.yaml:1 problem 2 k"}},
		"FileMissing":           {map[string]string{"f.yaml": ks("k", "./a", ""), "a/kustomization.yaml": kustomization("b", "gone.yaml # or not"), "a/b/kustomization.yaml": kustomization("c.yaml"), "a/b/c.yaml": configMap("c")}, []string{"a/kustomization.yaml:3 problem 2 k"}},
		"FileMissingInside":     {map[string]string{"f.yaml": ks("k", "./a", ""), "a/kustomization.yaml": kustomization("b"), "a/b/kustomization.yaml": kustomization("c.yaml", "gone.yaml"), "a/b/c.yaml": configMap("c")}, []string{"a/b/kustomization.yaml:3 problem 2 k"}},
		"UnknownField":          {map[string]string{"f.yaml": ks("k", "./a", ""), "a/kustomization.yaml": "resourcez: []\n"}, []string{"a/kustomization.yaml:1 problem 2 k"}},
		"Outside":               {map[string]string{"f.yaml": ks("k", "./a", ""), "a/kustomization.yaml": kustomization("../../../../etc/passwd")}, []string{"a/kustomization.yaml:2 problem 2 k"}},
		"NoPath":                {map[string]string{"f.yaml": ks("k", "./gone", "") + "---\n" + gitRepository("https://x.example/y")}, []string{"f.yaml:4 problem 4 k"}},
		"Remote": {
			map[string]string{"f.yaml": ks("k", "./a", ""), "a/kustomization.yaml": kustomization("https://x.example/y//z?ref=v1", "github.com/x/y", "b.yaml"), "a/b.yaml": configMap("b")},
			[]string{"a/b.yaml:1 ConfigMap b by k", "a/kustomization.yaml:2 problem 5 ", "a/kustomization.yaml:3 problem 5 "},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, c.files, c.want...)
		})
	}
}

// TestMessages checks that problems contain kustomize's own messages without internal paths.
func TestMessages(t *testing.T) {
	t.Parallel()
	r := load(t, map[string]string{"f.yaml": ks("k", "./a", ""), "a/kustomization.yaml": kustomization("gone.yaml")})
	if len(r.Problems) != 1 || !strings.Contains(r.Problems[0].Message, "'gone.yaml'") || strings.Contains(r.Problems[0].Message, "choreo") || strings.Contains(r.Problems[0].Message, offline.Root) {
		t.Errorf("%+v", r.Problems)
	}
}
