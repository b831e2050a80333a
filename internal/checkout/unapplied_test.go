package checkout

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const generatorOf = "apiVersion: source.extensions.fluxcd.io/v1beta1\nkind: ArtifactGenerator\nmetadata: {name: g, namespace: flux-system}\n" +
	"spec: {sources: [{alias: r, kind: GitRepository, name: gitops}], artifacts: [{name: a, copy: [{from: '@r/apps/**', to: '@artifact/'}]}]}\n"

const noKind = "apiVersion: v1\nmetadata: {name: a}\ndata: {}\n"

// TestIncompleteDocuments: a document that is evidently an object is reported in files that nothing applies, in those that Argo CD reads, and
// if no Kustomization says what is applied. Kustomize reports those that it reads, and a patch need not be an object.
func TestIncompleteDocuments(t *testing.T) {
	t.Parallel()
	application := "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a, namespace: argocd}\nspec: {source: {repoURL: https://x.example/y, path: apps}, destination: {}}\n"
	flux := ks("apps", "./apps", "") + "---\n" + gitRepository("https://x.example/y")
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"NotApplied":     {map[string]string{"flux/all.yaml": flux, "apps/a.yaml": configMap("a"), "drafts/a.yaml": configMap("b") + "---\n" + noKind}, []string{"drafts/a.yaml:1 ConfigMap b loose", "drafts/a.yaml:5 problem 9 "}},
		"Applied":        {map[string]string{"flux/all.yaml": flux, "apps/a.yaml": configMap("a"), "apps/b.yaml": noKind}, []string{"apps/b.yaml:1 problem 2 apps"}},
		"ReadByABuild":   {map[string]string{"flux/all.yaml": flux, "apps/a.yaml": configMap("a"), "apps/kustomization.yaml": kustomization("a.yaml") + "configMapGenerator: [{name: g, files: [b.yaml]}]\n", "apps/b.yaml": noKind}, nil},
		"WithoutFlux":    {map[string]string{"apps/a.yaml": configMap("a"), "apps/b.yaml": noKind}, []string{"apps/b.yaml:1 problem 9 "}},
		"ByArgoCD":       {map[string]string{"argo.yaml": application, "apps/a.yaml": configMap("a"), "apps/b.yaml": noKind}, []string{"apps/b.yaml:1 problem 9 ", "argo.yaml:1 Application argocd/a"}},
		"Configurations": {map[string]string{"flux/all.yaml": flux, "apps/a.yaml": configMap("a"), "kind.yaml": "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\n", ".github/workflows/a.yaml": "name: a\non: push\n", "values.yaml": "a: b\n"}, nil},
	} {
		var got []string
		for _, line := range shown(load(t, c.files)) {
			if !strings.HasPrefix(line, "apps/a.yaml:1 ConfigMap a") && !strings.Contains(line, "ConfigMap g-") {
				got = append(got, line)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestRoots: the Kustomizations of other sources, the generators, and the sources beside other roots, that nothing applies. One that a kustomization.yaml leaves out, and one
// that is applied, are not among them.
func TestRoots(t *testing.T) {
	t.Parallel()
	other := func(name string) string {
		return "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: " + name + ", namespace: flux-system}\nspec: {path: ./theirs, sourceRef: {kind: GitRepository, name: other}}\n"
	}
	otherSource := "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: other, namespace: flux-system}\nspec: {url: https://other.example/z}\n"
	bucket := func(name string) string {
		return "apiVersion: source.toolkit.fluxcd.io/v1\nkind: Bucket\nmetadata: {name: " + name + ", namespace: flux-system}\nspec: {endpoint: other.example}\n"
	}
	r := load(t, map[string]string{
		"flux/apps.yaml": ks("apps", "./apps", "") + "---\n" + gitRepository("https://x.example/y") + "---\n" + otherSource,
		"apps/a.yaml":    configMap("a"), "apps/child.yaml": other("child"),
		"flux/other.yaml": other("other"), "flux/generator.yaml": generatorOf,
		"else/source.yaml":       strings.ReplaceAll(otherSource, "name: other", "name: else"),
		"two/kustomization.yaml": kustomization("ks.yaml", "bucket.yaml"), "two/ks.yaml": ks("two", "./two/apps", ""), "two/apps/b.yaml": configMap("b"),
		"two/bucket.yaml": bucket("listed"), "two/patch.yaml": bucket("patch"),
		"left/kustomization.yaml": kustomization("in.yaml"), "left/in.yaml": other("in"), "left/out.yaml": other("out"),
	})
	var got []string
	for _, d := range r.Roots {
		got = append(got, d.Ref.String())
	}
	want := []string{
		"Kustomization flux-system/other", "Kustomization flux-system/in", "GitRepository flux-system/gitops", "GitRepository flux-system/other", "ArtifactGenerator flux-system/g",
		"Bucket flux-system/listed",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
