package checkout

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// TestPatchTargets checks that only a target that nothing can match is reported: kustomize compares names as regular expressions, with
// the names before and after the build.
func TestPatchTargets(t *testing.T) {
	t.Parallel()
	const labels = `[{"op": "add", "path": "/metadata/labels", "value": {"a": "b"}}]`
	patch := func(target string) string {
		return "patches:\n  - target: " + target + "\n    patch: '" + labels + "'\n"
	}
	const reported = "the target ConfigMap aa of a patch is no object of this build: kustomize ignores the patch"
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"Mistyped":   {map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + patch("{kind: ConfigMap, name: aa}")}, []string{"k/kustomization.yaml:4 " + reported}},
		"OtherKind":  {map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + patch("{kind: Secret, name: a}")}, []string{"k/kustomization.yaml:4 the target Secret a of a patch is no object of this build: kustomize ignores the patch"}},
		"Matches":    {map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + patch("{kind: ConfigMap, name: a}")}, nil},
		"Expression": {map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + patch("{name: '[a-c]'}")}, nil},
		"Unnamed":    {map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + patch("{kind: Secret}")}, nil},
		"NewName":    {map[string]string{"k/kustomization.yaml": kustomization("base") + patch("{kind: ConfigMap, name: x-a}"), "k/base/kustomization.yaml": "namePrefix: x-\n" + kustomization("../a.yaml")}, nil},
		"OldName":    {map[string]string{"k/kustomization.yaml": kustomization("base") + patch("{kind: ConfigMap, name: a}"), "k/base/kustomization.yaml": "namePrefix: x-\n" + kustomization("../a.yaml")}, nil},
		"BetweenNames": {map[string]string{
			"k/kustomization.yaml": "nameSuffix: -y\n" + kustomization("m"), "k/m/kustomization.yaml": kustomization("../base") + patch("{kind: ConfigMap, name: x-a}"),
			"k/base/kustomization.yaml": "namePrefix: x-\n" + kustomization("../a.yaml"),
		}, nil},
		"Deleted":   {map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + "patches:\n  - target: {kind: ConfigMap, name: a}\n    patch: |\n      $patch: delete\n      apiVersion: v1\n      kind: ConfigMap\n      metadata: {name: a}\n"}, nil},
		"Generated": {map[string]string{"k/kustomization.yaml": "configMapGenerator: [{name: g, literals: [a=b]}]\n" + patch("{kind: ConfigMap, name: g}")}, nil},
		"Remote":    {map[string]string{"k/kustomization.yaml": kustomization("a.yaml", remoteBase) + patch("{kind: ConfigMap, name: aa}")}, nil},
		"Component": {map[string]string{
			"k/kustomization.yaml": kustomization("a.yaml") + "components: [../c]\n", "c/kustomization.yaml": "kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\n" + patch("{kind: ConfigMap, name: b}"), "b.yaml": configMap("b"),
		}, nil},
		"ComponentMistyped": {map[string]string{
			"k/kustomization.yaml": kustomization("a.yaml") + "components: [../c]\n", "c/kustomization.yaml": "kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\n" + patch("{kind: ConfigMap, name: aa}"),
		}, []string{"c/kustomization.yaml:4 " + reported}},
		"OfFlux": {map[string]string{
			"flux.yaml": gitRepository("https://h.example/r") + "---\n" + ks("apps", "./k", ", patches: [{target: {kind: ConfigMap, name: aa}, patch: '"+labels+"'}]"), "k/kustomization.yaml": kustomization("a.yaml"),
		}, []string{"flux.yaml:9 " + reported}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.files["k/a.yaml"] = configMap("a")
			if _, flux := c.files["flux.yaml"]; !flux {
				c.files["flux.yaml"] = gitRepository("https://h.example/r") + "---\n" + ks("apps", "./k", "")
			}
			var got []string
			for _, p := range load(t, c.files).Problems {
				if p.Kind != manifest.RemoteNotFetched {
					got = append(got, fmt.Sprintf("%s:%d %s", p.Place.File, p.Place.Line, p.Message))
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
