package build

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/files"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// TestUnmatchedTargets: a patch with a target that is no object of its build is reported once, where the target is named. What the build
// deletes or renames counts, and a Component may change the objects of another build.
func TestUnmatchedTargets(t *testing.T) {
	t.Parallel()
	patch := func(target string) string {
		return "patches:\n- target: " + target + "\n  patch: '[{\"op\": \"add\", \"path\": \"/data\", \"value\": {\"a\": \"b\"}}]'\n"
	}
	const component = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
	const message = " of a patch is no object of this build: kustomize ignores the patch"
	for name, c := range map[string]struct {
		files map[string]string
		spec  map[string]any
		want  []string
	}{
		"Selected":           {map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + patch("{kind: ConfigMap, name: a}")}, nil, nil},
		"OtherBuild":         {map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + patch("{kind: ConfigMap, name: other}")}, nil, []string{"k/kustomization.yaml:4 6 k: the target ConfigMap other" + message}},
		"WithoutKind":        {map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + patch("{name: gone}")}, nil, []string{"k/kustomization.yaml:4 6 k: the target gone" + message}},
		"OtherGroup":         {map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + patch("{group: apps, kind: ConfigMap, name: a}")}, nil, []string{"k/kustomization.yaml:4 6 k: the target ConfigMap a" + message}},
		"OtherVersion":       {map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + patch("{version: v2, kind: ConfigMap, name: a}")}, nil, []string{"k/kustomization.yaml:4 6 k: the target ConfigMap a" + message}},
		"Deleted":            {map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + "patches:\n- target: {name: a}\n  patch: '{$patch: delete, apiVersion: v1, kind: ConfigMap, metadata: {name: a}}'\n"}, nil, nil},
		"Renamed":            {map[string]string{"k/kustomization.yaml": "namePrefix: x-\n" + kustomization("a.yaml") + patch("{kind: ConfigMap, name: a}")}, nil, nil},
		"Component":          {map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + "components: [../c]\n", "c/kustomization.yaml": component + patch("{kind: ConfigMap, name: other}")}, nil, nil},
		"ComponentMistyped":  {map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + "components: [../c]\n", "c/kustomization.yaml": component + patch("{kind: ConfigMap, name: gone}")}, nil, []string{"c/kustomization.yaml:4 6 k: the target ConfigMap gone" + message}},
		"OfTheKustomization": {map[string]string{"k/kustomization.yaml": kustomization("a.yaml")}, map[string]any{"patches": []any{map[string]any{"target": map[string]any{"kind": "ConfigMap", "name": "gone"}, "patch": `[{"op": "remove", "path": "/data"}]`}}}, []string{"flux/k.yaml:6 6 k: the target ConfigMap gone" + message}},
	} {
		c.files["k/a.yaml"], c.files["other.yaml"] = configMap("a"), configMap("other")
		c.files["flux/k.yaml"] = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: k, namespace: flux-system}\nspec:\n  patches:\n  - target: {kind: ConfigMap, name: gone}\n"
		c.files["clusters/k.yaml"] = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: k, namespace: flux-system}\n" // of another cluster
		b, _ := builderOf(t, c.files)
		result := b.Build(delivery("k", c.spec))
		if diff := cmp.Diff(c.want, shownProblems(result.Problems)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestTargetsOfAKind: a target without a name may be for the objects of another build. It is reported if its kind, or its group, is nearly that
// of an object of the build, and no object of the repository has it.
func TestTargetsOfAKind(t *testing.T) {
	t.Parallel()
	patch := func(target string) string {
		return "patches:\n- target: " + target + "\n  patch: '[{\"op\": \"add\", \"path\": \"/data\", \"value\": {\"a\": \"b\"}}]'\n"
	}
	message := func(kind, near string) []string {
		return []string{"k/kustomization.yaml:5 6 k: the target of a patch has the kind " + kind + ", and no object of this build has it, but " + near + ": kustomize ignores the patch"}
	}
	const deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\n"
	for name, c := range map[string]struct {
		target string
		want   []string
	}{
		"Selected":        {"{kind: ConfigMap}", nil},
		"Mistyped":        {"{kind: ConfgMap}", message("ConfgMap", "ConfigMap")},
		"OtherCase":       {"{kind: configmap}", message("configmap", "ConfigMap")},
		"WithSelector":    {"{kind: Deplyment, labelSelector: a=b}", message("Deplyment", "Deployment.apps")},
		"Group":           {"{group: app, kind: Deployment}", message("Deployment.app", "Deployment.apps")},
		"OtherVersion":    {"{version: v2, kind: ConfgMap}", nil},
		"OtherKind":       {"{kind: Secret}", nil},
		"OtherGroup":      {"{group: batch, kind: Deployment}", nil},
		"Expression":      {"{kind: ConfgMap|Secret}", nil},
		"OfAnotherBuild":  {"{kind: ConfigMaps}", nil},
		"WithoutAnything": {"{labelSelector: a=b}", nil},
		"OnlyGroup":       {"{group: app}", nil},
	} {
		b, _ := builderOf(t, map[string]string{
			"k/kustomization.yaml": kustomization("a.yaml", "d.yaml") + patch(c.target), "k/a.yaml": configMap("a"), "k/d.yaml": deployment,
			"else/a.yaml": "apiVersion: v1\nkind: ConfigMaps\nmetadata: {name: a}\n",
		})
		if diff := cmp.Diff(c.want, shownProblems(b.Build(delivery("k", nil)).Problems)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestPlaceOfATarget: the line is that of the word that is at fault, in the target itself, also if a parent has added it to the Kustomization.
func TestPlaceOfATarget(t *testing.T) {
	t.Parallel()
	const (
		flux  = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: %, namespace: flux-system}\nspec:\n  patches:\n  - patch: |-\n      spec:\n        patches:\n        - target:\n            kind: ConfgMap\n          patch: '[]'\n"
		json  = "  patch: '[{\"op\": \"add\", \"path\": \"/data\", \"value\": {\"a\": \"b\"}}]'\n"
		first = "resources: [a.yaml]\nnamePrefix: a\n"
	)
	added := map[string]any{"patches": []any{map[string]any{"target": map[string]any{"kind": "ConfgMap"}, "patch": "[]"}}}
	for name, c := range map[string]struct {
		kustomization, flux string
		spec                map[string]any
		want                []string
	}{
		"Name":     {"resources: [a.yaml]\nnamePrefix: a\npatches:\n- target:\n    kind: ConfigMap\n    name: gone\n" + json, "", nil, []string{"k/kustomization.yaml:6"}},
		"Kind":     {first + "patches:\n- target:\n    name: a\n    kind: ConfigMapp\n" + json, "", nil, []string{"k/kustomization.yaml:6"}},
		"Group":    {first + "patches:\n- target:\n    group: apps\n    kind: ConfigMap\n    name: a\n" + json, "", nil, []string{"k/kustomization.yaml:6"}},
		"JSON6902": {first + "patchesJson6902:\n- target:\n    version: v1\n    kind: ConfigMap\n    name: gone\n" + json, "", nil, []string{"k/kustomization.yaml:7"}},
		"Remote":   {"resources: [a.yaml, \"https://h.example/a.yaml\"]\npatches:\n- target:\n    name: gone\n    kind: ConfgMap\n" + json, "", nil, []string{"k/kustomization.yaml:5"}},
		"Own":      {"resources: [a.yaml]\n", strings.ReplaceAll(flux, "%", "k"), added, []string{"flux/k.yaml:10"}},
		"Parent":   {"resources: [a.yaml]\n", strings.ReplaceAll(flux, "%", "parent"), added, []string{"flux/k.yaml:10"}},
		"Nowhere":  {"resources: [a.yaml]\n", "", added, []string{"k/kustomization.yaml:1"}},
	} {
		text := map[string][]byte{"k/kustomization.yaml": []byte(c.kustomization), "k/a.yaml": []byte(configMap("a")), "flux/k.yaml": []byte(c.flux)}
		b := New(t.Context(), files.Parse(t.Context(), tree.New(text)), func(manifest.Problem) {})
		var got []string
		for _, p := range b.Build(delivery("k", c.spec)).Problems {
			if p.Kind == manifest.TargetAbsent {
				got = append(got, p.Place.String())
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestDeclaredIn: the identity of a document for kustomize has its version and its namespace.
func TestDeclaredIn(t *testing.T) {
	t.Parallel()
	b, _ := builderOf(t, map[string]string{
		"a.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\n---\n" + configMap("a"), "b.yaml": configMap("b"), "c.yaml": configMap("c"),
	})
	var got []string
	for _, id := range (targets{b}).declaredIn(tree.Sorted(map[string]bool{"a.yaml": true, "c.yaml": true, "gone.yaml": true})) {
		got = append(got, id.String())
	}
	if diff := cmp.Diff([]string{"Deployment.v1.apps/web.shop", "ConfigMap.v1.[noGrp]/a.[noNs]", "ConfigMap.v1.[noGrp]/c.[noNs]"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
