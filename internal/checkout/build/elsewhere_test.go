package build

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

const (
	opening = "error parsing regexp: missing closing ): `^(?:"
	ignored = ": is Deployment meant? Kustomize ignores a patch whose target is no object of the build"
)

// TestTargetsElsewhere: the objects of another repository are not known, but a regular expression must compile, and a kind that is nearly a
// known one is mistyped, unless the repository has that kind.
func TestTargetsElsewhere(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		target string
		want   []string
	}{
		"Kind":       {"kind: Deployment", nil},
		"Expression": {"kind: (HelmRelease|Deployment)", nil},
		"Mistyped":   {"name: a, kind: Deploymnt", []string{"k.yaml:9 6 k: the target of a patch has the kind Deploymnt, which is not known" + ignored}},
		"OtherCase":  {"name: a, kind: deployment", []string{"k.yaml:9 6 k: the target of a patch has the kind deployment, which is not known" + ignored}},
		"Far":        {"kind: MyDeployment", nil},
		"Short":      {"kind: Rolls", nil}, // nearly Role, but so are kinds of others
		"Own":        {"kind: Deployments", nil},
		"Defined":    {"kind: Deploymenu", nil},
		"NoKind":     {"name: (a, kind: Secret", []string{"k.yaml:8 2 k: the target of a patch: " + opening + "(a)$`"}},
		"NoRegexp":   {"name: a, kind: (a", []string{"k.yaml:9 2 k: the target of a patch: " + opening + "(a)$`"}},
		"None":       {"{}", nil},
	} {
		text := "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: k, namespace: flux-system}\nspec:\n  patches:\n  - patch: x\n    target:\n"
		for _, field := range strings.Split(c.target, ", ") {
			text += "      " + field + "\n"
		}
		b, _ := builderOf(t, map[string]string{
			"k.yaml": text, "own.yaml": "apiVersion: v1\nkind: Deployments\nmetadata: {name: a}\n",
			"crd.yaml": "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a}\nspec: {names: {kind: Deploymenu}}\n",
		})
		d := b.parsed.Documents["k.yaml"][0]
		got := shownProblems(b.TargetsElsewhere(Delivery{Ref: d.Ref, Body: d.Body, Document: d}))
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestExpressionOfATarget: kustomize does not say which target it rejects.
func TestExpressionOfATarget(t *testing.T) {
	t.Parallel()
	const kustomized = "resources: [a.yaml]\npatches:\n- patch: '[{\"op\": \"add\", \"path\": \"/data\", \"value\": {\"a\": \"b\"}}]'\n  target:\n    kind: ConfigMap\n    name: "
	b, _ := builderOf(t, map[string]string{"k/kustomization.yaml": kustomized + "(a\n", "k/a.yaml": configMap("a")})
	want := []string{"k/kustomization.yaml:6 2 k: " + opening + "(a)$`"}
	if diff := cmp.Diff(want, shownProblems(b.Build(delivery("k", nil)).Problems)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	spec := "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: k, namespace: flux-system}\nspec:\n  patches:\n  - target:\n      kind: (a\n    patch: '[{\"op\": \"remove\", \"path\": \"/metadata/labels\"}]'\n"
	b, _ = builderOf(t, map[string]string{"k/kustomization.yaml": kustomization("a.yaml"), "k/a.yaml": configMap("a"), "flux.yaml": spec})
	file, err := manifest.Parse("flux.yaml", []byte(spec))
	if err != nil {
		t.Fatal(err)
	}
	fields, _ := file.Documents[0].Body.Object["spec"].(map[string]any)
	want = []string{"flux.yaml:7 2 k: " + opening + "(a)$`"}
	if diff := cmp.Diff(want, shownProblems(b.Build(delivery("k", fields)).Problems)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
