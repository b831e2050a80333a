package build

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// TestListed compares the objects and the read files of kustomizations that only list resources with those of kustomize itself.
func TestListed(t *testing.T) {
	t.Parallel()
	const namespaced = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: x, labels: {a: b}}\ndata: {n: \"1\", m: '2020-01-01'}\n"
	const list = "apiVersion: v1\nkind: ConfigMapList\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: one}}\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: two}}\n"
	const odd = "apiVersion: x.example/v1\nkind: Odd\nmetadata: {name: o, annotations: {a: b}}\nspec: {n: 1, f: 1.5, big: 12345678901, e: null, l: [1, a, true]}\n"
	for name, files := range map[string]map[string]string{
		"Files":      {"kustomization.yaml": kustomization("a.yaml", "./b.yml"), "a.yaml": configMap("a") + "---\n" + configMap("b"), "b.yml": namespaced, "c.yaml": configMap("c")},
		"Folders":    {"kustomization.yaml": kustomization("x", "y/", "a.yaml"), "a.yaml": configMap("a"), "x/kustomization.yml": kustomization("x.yaml", "../z"), "x/x.yaml": configMap("x"), "y/Kustomization": "kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1\n" + kustomization("y.yaml"), "y/y.yaml": odd, "z/kustomization.yaml": kustomization("z.yaml"), "z/z.yaml": configMap("z")},
		"List":       {"kustomization.yaml": kustomization("l.yaml"), "l.yaml": list},
		"Namespaces": {"kustomization.yaml": kustomization("a.yaml", "b.yaml"), "a.yaml": configMap("a"), "b.yaml": namespaced},
		"Anchors":    {"kustomization.yaml": kustomization("a.yaml"), "a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: &x b, c: *x}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, around := builderOf(t, files)
			got, ok := b.listed(around)
			if !ok {
				t.Fatal("kustomize is called")
			}
			result := b.Begin()
			want := b.kustomize(around, facts.Ref{}, manifest.Place{})
			if len(result.Problems) > 0 || len(want) == 0 {
				t.Fatalf("kustomize: %d objects, problems %v", len(want), result.Problems)
			}
			if diff := cmp.Diff(want, got.objects, cmpopts.IgnoreUnexported(manifest.Document{})); diff != "" {
				t.Errorf("objects (-kustomize +listed)\n%s", diff)
			}
			maps.DeleteFunc(result.Used, func(name string, _ bool) bool { _, is := files[name]; return !is }) // it looks for each name of a kustomization.yaml
			if diff := cmp.Diff(result.Used, got.read); diff != "" {
				t.Errorf("files (-kustomize +listed)\n%s", diff)
			}
		})
	}
}

// TestOnlyKustomizeKnows checks that kustomize decides whatever it may reject or change.
func TestOnlyKustomizeKnows(t *testing.T) {
	t.Parallel()
	metadata := func(fields string) string {
		return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, " + fields + "}\n"
	}
	base := map[string]string{"kustomization.yaml": kustomization("a.yaml"), "a.yaml": configMap("a"), "b.yaml": configMap("b"), "f/kustomization.yaml": kustomization("f.yaml"), "f/f.yaml": configMap("f")}
	for name, files := range map[string]map[string]string{
		"Namespace":         {"kustomization.yaml": "namespace: x\n" + kustomization("a.yaml")},
		"Patches":           {"f/kustomization.yaml": "patches: [{path: p.yaml}]\n" + kustomization("f.yaml"), "kustomization.yaml": kustomization("f")},
		"Component":         {"f/kustomization.yaml": "kind: Component\n" + kustomization("f.yaml"), "kustomization.yaml": kustomization("f")},
		"Unknown":           {"kustomization.yaml": "colour: red\n" + kustomization("a.yaml")},
		"Nothing":           {"kustomization.yaml": "resources: []\n"},
		"Invalid":           {"kustomization.yaml": "resources: [\n"},
		"Two":               {"kustomization.yml": kustomization("a.yaml")},
		"Absent":            {"kustomization.yaml": kustomization("a.yaml", "c.yaml")},
		"Outside":           {"kustomization.yaml": kustomization("a.yaml", "../c.yaml")},
		"Absolute":          {"kustomization.yaml": kustomization("/a.yaml")},
		"Remote":            {"kustomization.yaml": kustomization("a.yaml", "https://x.example/c.yaml")},
		"NotYAML":           {"kustomization.yaml": kustomization("a.txt"), "a.txt": configMap("a")},
		"Kustomization":     {"kustomization.yaml": kustomization("f/kustomization.yaml")},
		"NoKustomization":   {"kustomization.yaml": kustomization("g"), "g/a.yaml": configMap("a")},
		"FileTwice":         {"kustomization.yaml": kustomization("a.yaml", "./a.yaml")},
		"FolderTwice":       {"kustomization.yaml": kustomization("f", "f/")},
		"Circle":            {"f/kustomization.yaml": kustomization(".."), "kustomization.yaml": kustomization("f")},
		"ObjectTwice":       {"kustomization.yaml": kustomization("a.yaml", "b.yaml"), "b.yaml": metadata("namespace: default")},
		"Empty":             {"a.yaml": "# nothing\n"},
		"NonObject":         {"a.yaml": configMap("a") + "---\nx: y\n"},
		"Broken":            {"a.yaml": configMap("a") + "---\nx: [\n"},
		"LabelNotText":      {"a.yaml": metadata("labels: {a: 1}")},
		"AnnotationNotText": {"a.yaml": metadata("annotations: {a: true}")},
		"NamespaceNotText":  {"a.yaml": metadata("namespace: 1")},
		"LocalConfig":       {"a.yaml": metadata("annotations: {config.kubernetes.io/local-config: \"true\"}")},
		"Internal":          {"a.yaml": metadata("annotations: {internal.config.kubernetes.io/index: \"1\"}")},
		"Behavior":          {"a.yaml": metadata("annotations: {kustomize.config.k8s.io/behavior: merge}")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := maps.Clone(base)
			maps.Copy(all, files)
			b, around := builderOf(t, all)
			if l, ok := b.listed(around); ok {
				t.Errorf("kustomize is not called; objects %v", l.objects)
			}
		})
	}
}
