package build

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/offline"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// TestMatch: an object is that document of its file that is most like it: the same, of the same name, or with a name that is a part of
// the new one, else any of its kind. A document is one object.
func TestMatch(t *testing.T) {
	t.Parallel()
	const text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: one}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: two}\n---\n" +
		"apiVersion: v1\nkind: Secret\nmetadata: {name: web}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"
	b, _ := builderOf(t, map[string]string{"a.yaml": text, "b.yaml": configMap("a") + "---\n" + configMap("b") + "---\n" + configMap("ab")})
	of := func(group, kind, namespace, name, file string) manifest.Object {
		return manifest.Object{Ref: facts.Ref{Plane: facts.Control, Group: group, Kind: kind, Namespace: namespace, Name: name}, File: file}
	}
	for name, c := range map[string]struct {
		objects []manifest.Object
		want    []int // the line of the document of each object; 0 for none
	}{
		"Same":             {[]manifest.Object{of("", "ConfigMap", "two", "web", "a.yaml"), of("", "ConfigMap", "one", "web", "a.yaml")}, []int{5, 1}},
		"OtherNamespace":   {[]manifest.Object{of("", "ConfigMap", "shop", "web", "a.yaml"), of("", "ConfigMap", "shop", "web", "a.yaml")}, []int{1, 5}},
		"SameBeforeOthers": {[]manifest.Object{of("", "ConfigMap", "shop", "web", "a.yaml"), of("", "ConfigMap", "one", "web", "a.yaml")}, []int{5, 1}},
		"OtherKind":        {[]manifest.Object{of("", "Secret", "one", "web", "a.yaml")}, []int{9}},
		"OtherGroup":       {[]manifest.Object{of("", "Deployment", "", "web", "a.yaml"), of("apps", "Deployment", "", "web", "a.yaml")}, []int{0, 13}},
		"OtherFile":        {[]manifest.Object{of("", "Secret", "", "web", "b.yaml"), of("", "ConfigMap", "", "web", "")}, []int{0, 0}},
		"Prefixed":         {[]manifest.Object{of("", "ConfigMap", "", "x-b", "b.yaml")}, []int{5}},
		"Suffixed":         {[]manifest.Object{of("", "ConfigMap", "", "b-x", "b.yaml")}, []int{5}},
		"NameBeforePart":   {[]manifest.Object{of("", "ConfigMap", "", "ab", "b.yaml"), of("", "ConfigMap", "", "a", "b.yaml"), of("", "ConfigMap", "", "b", "b.yaml")}, []int{9, 1, 5}},
		"Renamed":          {[]manifest.Object{of("", "ConfigMap", "", "new", "b.yaml"), of("", "ConfigMap", "", "a", "b.yaml")}, []int{5, 1}},
		"MoreThanDeclared": {[]manifest.Object{of("", "Secret", "", "one", "a.yaml"), of("", "Secret", "", "two", "a.yaml")}, []int{9, 0}},
	} {
		b.match(c.objects)
		var got []int
		for _, o := range c.objects {
			got = append(got, o.At("").Line)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestBuiltObjects: an object has the file and the document that it comes from, also when a patch renames it, and no annotation of the
// build. A generated one has the file and the line of its generator.
func TestBuiltObjects(t *testing.T) {
	t.Parallel()
	b, _ := builderOf(t, map[string]string{
		"k/kustomization.yaml":    "namePrefix: p-\n" + kustomization("../base", "b.yaml") + "configMapGenerator: [{name: g, literals: [x=y], options: {disableNameSuffixHash: true}}]\n",
		"base/kustomization.yaml": kustomization("a.yaml"), "base/a.yaml": "\n" + configMap("a"), "k/b.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, annotations: {own: kept}}\n",
	})
	result := b.Build(delivery("k", nil))
	var got []string
	for _, o := range result.Objects {
		got = append(got, fmt.Sprint(o.Ref.Name, " ", o.File, " ", o.At(""), " ", o.Body.GetAnnotations()))
		if _, has := o.Body.Object["metadata"].(map[string]any)["annotations"]; has != (o.Ref.Name == "p-b") {
			t.Errorf("%s has annotations: %v", o.Ref, has)
		}
	}
	want := []string{"p-a base/a.yaml base/a.yaml:2 map[]", "p-b k/b.yaml k/b.yaml:1 map[own:kept]", "p-g k/kustomization.yaml k/kustomization.yaml:5 map[]"}
	if diff := cmp.Diff(want, got); diff != "" || len(result.Problems) > 0 {
		t.Errorf("(-want +got)\n%s\nproblems %v", diff, result.Problems)
	}
}

// TestUsable: kustomize-controller lists all files of a folder without a kustomization.yaml, so each document that is no object fails
// the build. A file that is not valid YAML is reported on its own.
func TestUsable(t *testing.T) {
	t.Parallel()
	const message = " 2 k: a document without kind, apiVersion or metadata.name: every file below the path must hold Kubernetes objects"
	for name, spec := range map[string]map[string]any{"Plain": nil, "Generated": {"nameSuffix": "-x"}} {
		b, _ := builderOf(t, map[string]string{"k/a.yaml": configMap("a"), "k/b.yaml": "x: y\n---\n" + configMap("b") + "---\nz: y\n", "k/c.yaml": "x: [\n"})
		result := b.Build(delivery("k", spec))
		want := "a k/a.yaml"
		if spec != nil {
			want = "a-x k/a.yaml"
		}
		if diff := cmp.Diff([]string{want}, names(result)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		if diff := cmp.Diff([]string{"k/b.yaml:1" + message, "k/b.yaml:7" + message}, shownProblems(result.Problems)); diff != "" {
			t.Errorf("%s: problems (-want +got)\n%s", name, diff)
		}
		if !result.Used["k/a.yaml"] || !result.Used["k/b.yaml"] || !result.Used["k/c.yaml"] {
			t.Errorf("%s: used %v", name, result.Used)
		}
	}
}

// TestBlamed: a message is about the line that names the last file in it, in the innermost kustomization.yaml. A missing file is not named
// by a kustomization.yaml that has a file of that name beside it.
func TestBlamed(t *testing.T) {
	t.Parallel()
	b, _ := builderOf(t, map[string]string{
		"k/kustomization.yaml": "resources:\n- base\n- a.yaml\n- gone.yaml\n- only\n", "k/a.yaml": configMap("a"),
		"k/base/kustomization.yaml": "resources:\n- a.yaml\npatches:\n- path: p.yaml\n- path: gone.yaml\n- path: stray.yaml\n", "k/base/p.yaml": configMap("p"), "k/base/stray.yaml": "---\napiVersion: v1\nmetadata: {name: a}\ndata: {}\n",
		"unread/kustomization.yaml": "resources: [never]\n", "k/base/x.yaml": "- only\n",
	})
	read := map[string]bool{"k/kustomization.yaml": true, "k/base/kustomization.yaml": true, "k/base/x.yaml": true}
	for message, want := range map[string]string{
		"accumulating resources from 'a.yaml': it is wrong":                     "k/base/kustomization.yaml:2",
		"accumulating resources from 'a.yaml': 'a.yaml' doesn't exist":          "k/base/kustomization.yaml:2",
		"accumulating resources from 'gone.yaml': '/x/gone.yaml' doesn't exist": "k/base/kustomization.yaml:5",
		"accumulating resources from 'p.yaml': 'p.yaml' doesn't exist":          "flux.yaml:3",
		"accumulating 'base': accumulating 'gone.yaml'":                         "k/base/kustomization.yaml:5",
		"accumulating 'gone.yaml': accumulating 'base'":                         "k/kustomization.yaml:2",
		`the resource "a.yaml" is wrong`:                                        "k/base/kustomization.yaml:2",
		"it's failed to get the patch file from path(gone.yaml): no such file":  "k/base/kustomization.yaml:5",
		"failed to get the patch file from path(p.yaml): no such file":          "flux.yaml:3",
		"accumulating resources from 'only': wrong":                             "k/kustomization.yaml:5",
		"accumulating resources from 'never': wrong":                            "flux.yaml:3",
		`unable to parse SM or JSON patch from [path: "p.yaml"]`:                "k/base/p.yaml:1",
		`unable to parse SM or JSON patch from [path: "stray.yaml"]`:            "k/base/stray.yaml:2",
		`unable to parse SM or JSON patch from [path: "gone.yaml"]`:             "k/base/kustomization.yaml:5",
		"wrong": "flux.yaml:3",
	} {
		if got := b.blamed(message, read, manifest.Place{File: "flux.yaml", Line: 3}).String(); got != want {
			t.Errorf("%s: %s, want %s", message, got, want)
		}
	}
}

// TestMessagesOfFailedBuilds: a kustomization.yaml that is not valid YAML has the place of its mistake. The message about a file that
// source-controller leaves out says how to include it. No message has the content of a file.
func TestMessagesOfFailedBuilds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"BrokenInside": {map[string]string{"k/kustomization.yaml": kustomization("a.yaml", "b"), "k/b/kustomization.yaml": "resources: []\nx: [\n"}, "k/b/kustomization.yaml:2 2 k: did not find expected node content"},
		"Broken":       {map[string]string{"k/kustomization.yaml": "resources:\n\t- a.yaml\n"}, "k/kustomization.yaml:2 2 k: found character that cannot start any token"},
		"LeftOut":      {map[string]string{"k/kustomization.yaml": kustomization("a.yaml", "b.yaml"), "k/b.yaml": configMap("b"), ".sourceignore": "k/b.yaml\n"}, "k/kustomization.yaml:3 2 k: it names 'b.yaml', which does not exist"},
		"LeftOutByPath": {
			map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + "configMapGenerator: [{name: g, files: [../b.txt]}]\n", "b.txt": "b", ".sourceignore": "b.txt\n"}, "; source-controller leaves b.txt out of the artifact: to include it, add !/b.txt to .sourceignore",
		},
		"Component": {
			map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + "components: [c]\n", "k/c/kustomization.yaml": "kind: Component\nresources: [gone.yaml]\n"},
			"k/c/kustomization.yaml:2 2 k: it names 'gone.yaml', which does not exist",
		},
		"ContentOfAComponent": {
			map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + "components: [c]\n", "k/c/kustomization.yaml": "kind: Component\npatches:\n- target: {kind: ConfigMap}\n  patch: hunter2\n"},
			"k/c/kustomization.yaml:4 2 k: accumulating components: recursed accumulation of path 'k/c': trouble configuring builtin PatchTransformer: unable to parse SM or JSON patch from [patch]",
		},
		"PatchWithoutKind": {
			map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + "patches: [{path: p.yaml}]\n", "k/p.yaml": "apiVersion: v1\nmetadata: {name: a}\ndata: {}\n"},
			"k/p.yaml:1 2 k: trouble configuring builtin PatchTransformer: unable to parse SM or JSON patch from [path: \"p.yaml\"]; the document has no kind",
		},
		"OldPatchWithoutKind": {
			map[string]string{"k/kustomization.yaml": kustomization("a.yaml", "other.yaml") + "patchesStrategicMerge: [p.yaml]\n", "k/other.yaml": configMap("b"), "k/p.yaml": "---\napiVersion: v1\nmetadata: {name: a}\ndata: {}\n"},
			"k/p.yaml:2 2 k: trouble configuring builtin PatchStrategicMergeTransformer: missing kind in object {{v1 } {{a } map[] map[]}}; the document has no kind",
		},
		"OperationOnAMissingField": {
			map[string]string{
				"k/kustomization.yaml": kustomization("a.yaml") + "components: [c]\n",
				"k/b.yaml":             "# /data/list/-\n", "k/c/kustomization.yaml": "kind: Component\npatches:\n- target: {kind: ConfigMap}\n  path: p.yaml\n",
				"k/c/p.yaml": "- op: add\n  path: /data/list/-\n  value: a\n",
			},
			`k/c/p.yaml:2 2 k: accumulating components: recursed accumulation of path 'k/c': add operation does not apply: doc is missing path: "/data/list/-": missing value`,
		},
		"OperationInTheKustomization": {
			map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + "patches:\n- target: {kind: ConfigMap}\n  patch: |\n    - op: remove\n      path: /data/gone/it\n"},
			`k/kustomization.yaml:7 2 k: remove operation does not apply: doc is missing path: "/data/gone/it": missing value`,
		},
		"Missing": {map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + "configMapGenerator: [{name: g, files: [../b.txt]}]\n"}, "b.txt' doesn't exist"},
	} {
		c.files["k/a.yaml"] = configMap("a")
		b, _ := builderOf(t, c.files)
		got := shownProblems(b.Build(delivery("k", nil)).Problems)
		if len(got) != 1 || !strings.HasSuffix(got[0], c.want) || strings.Contains(got[0], offline.Root) {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
	}
}
