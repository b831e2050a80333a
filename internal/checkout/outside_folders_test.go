package checkout

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFoldersOfOtherRepositories covers Git submodules and spec.include: their files are in the artifact, and not in this repository.
func TestFoldersOfOtherRepositories(t *testing.T) {
	t.Parallel()
	const modules = "[submodule \"lib\"]\n\tpath = modules/lib\n\turl = https://h.example/lib.git\n[submodule \"up\"]\n\tpath = ../up\n"
	source := func(spec string) string {
		return "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: gitops, namespace: flux-system}\nspec: {url: https://h.example/r" + spec + "}\n---\n"
	}
	for name, c := range map[string]struct {
		source, path string
		listed       string // in the kustomization.yaml of the second Kustomization
		want         []string
	}{
		"Submodule":           {source(", recurseSubmodules: true"), "./modules/lib/base", "../modules/lib/x.yaml", []string{"k/kustomization.yaml:3 RemoteNotFetched ../modules/lib/x.yaml is not in this repository and was not checked"}},
		"NotRecursed":         {source(""), "./modules/lib/base", "../b.yaml", []string{"flux.yaml:9 PathAbsent spec.path ./modules/lib/base is no folder of this repository: it is in a Git submodule, and GitRepository flux-system/gitops does not set spec.recurseSubmodules"}},
		"SubmoduleUndeclared": {"", "./modules/lib/base", "../b.yaml", nil},
		"SubmoduleMistyped":   {source(", recurseSubmodules: true"), "./module/lib/base", "../b.yaml", []string{"flux.yaml:9 PathAbsent spec.path ./module/lib/base is no folder of this repository"}},
		"OutsideOfTheClone":   {source(", recurseSubmodules: true"), "./up", "../b.yaml", []string{"flux.yaml:9 PathAbsent spec.path ./up is no folder of this repository"}},
		"Include":             {source(", include: [{repository: {name: other}, toPath: vendor/other}]"), "./vendor/other", "../vendor/other/x.yaml", []string{"k/kustomization.yaml:3 RemoteNotFetched ../vendor/other/x.yaml is not in this repository and was not checked"}},
		"IncludeByItsName":    {source(", include: [{repository: {name: other}}]"), "./other/base", "../b.yaml", nil},
		"IncludeMistyped":     {source(", include: [{repository: {name: other}}]"), "./othr", "../b.yaml", []string{"flux.yaml:9 PathAbsent spec.path ./othr is no folder of this repository"}},
		"IncludeOverOurs":     {source(", include: [{repository: {name: other}, toPath: .}]"), "./k", "../b.yaml", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := load(t, map[string]string{
				".gitmodules": modules, "flux.yaml": c.source + ks("theirs", c.path, "") + "---\n" + ks("ours", "./k", ""), "b.yaml": configMap("b"),
				"k/kustomization.yaml": kustomization("a.yaml", c.listed), "k/a.yaml": configMap("a"),
			})
			kinds := map[int]string{4: "PathAbsent", 5: "RemoteNotFetched"}
			var got []string
			for _, p := range r.Problems {
				got = append(got, fmt.Sprintf("%s:%d %s %s", p.Place.File, p.Place.Line, kinds[int(p.Kind)], p.Message))
			}
			slices.Sort(got)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if !slices.ContainsFunc(shown(r), func(line string) bool {
				return strings.HasPrefix(line, "k/a.yaml:1 ConfigMap a by ") && strings.HasSuffix(line, " by ours")
			}) {
				t.Errorf("the rest is not built: %v", shown(r))
			}
		})
	}
}
