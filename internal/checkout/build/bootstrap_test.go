package build

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestBuildBootstrap: what `flux bootstrap` will write may be missing or empty, and be patched already.
func TestBuildBootstrap(t *testing.T) {
	t.Parallel()
	patch := func(target string) string {
		return "patches:\n- target: {" + target + "}\n  patch: '[{\"op\": \"add\", \"path\": \"/metadata/labels\", \"value\": {\"a\": \"b\"}}]'\n"
	}
	const message, both = " of a patch is no object of this build: kustomize ignores the patch", "resources: [gotk-components.yaml, gotk-sync.yaml]\n"
	for name, c := range map[string]struct {
		kustomization, components string
		want                      []string
	}{
		"Empty":         {both, "# empty\n", nil},
		"Absent":        {both, "", nil},
		"Deployment":    {both + patch("kind: Deployment, name: (kustomize|helm)-controller"), "# empty\n", nil},
		"OfAbsent":      {both + patch("kind: Deployment, name: (kustomize|helm)-controller"), "", nil},
		"Sync":          {both + patch("kind: Kustomization, name: flux-system"), "# empty\n", nil},
		"Definition":    {both + patch("kind: CustomResourceDefinition, name: helmreleases.*"), "# empty\n", nil},
		"AnyDeployment": {both + patch("kind: Deployment"), "# empty\n", nil},
		"OtherName":     {both + patch("kind: Deployment, name: kustomize-controler"), "# empty\n", []string{"k/kustomization.yaml:3 6 : the target Deployment kustomize-controler" + message}},
		"OtherKind":     {both + patch("kind: Deploymnt, name: kustomize-controller"), "", []string{"k/kustomization.yaml:3 6 : the target Deploymnt kustomize-controller" + message}},
		"Written":       {both + patch("kind: Deployment, name: kustomize-controller"), configMap("a"), []string{"k/kustomization.yaml:3 6 : the target Deployment kustomize-controller" + message}},
		"Mistyped":      {"resources: [gotk-components.yaml, gotk-synx.yaml]\n", "# empty\n", []string{"k/kustomization.yaml:1 2 : it names 'gotk-synx.yaml', which does not exist"}},
	} {
		contents := map[string]string{"k/kustomization.yaml": c.kustomization}
		if c.components != "" {
			contents["k/gotk-components.yaml"], contents["k/gotk-sync.yaml"] = c.components, "# empty\n"
		}
		b, _ := builderOf(t, contents)
		if diff := cmp.Diff(c.want, shownProblems(b.BuildBootstrap("k"))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
