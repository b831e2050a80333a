package checkout

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

const remoteBase = "https://h.example/install.yaml"

func patchOf(name string) string {
	return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + ", namespace: n}\ndata: {a: b}\n"
}

func indented(text string) string { return strings.ReplaceAll(text, "\n", "\n      ") }

// builtAndUnchecked lists the built objects, and the files with unchecked changes.
func builtAndUnchecked(t *testing.T, files map[string]string) []string {
	t.Helper()
	r := load(t, files)
	var got []string
	for _, o := range r.Objects {
		line := o.Ref.String()
		if data, ok := o.Body.Object["data"].(map[string]any); ok {
			line += fmt.Sprint(" ", data["a"])
		}
		got = append(got, line)
	}
	for _, p := range r.Problems {
		what, found := strings.CutPrefix(p.Message, "the changes to ")
		if p.Kind != manifest.RemoteNotFetched {
			t.Errorf("%v", p)
		} else if found {
			what, _, _ = strings.Cut(what, " were not checked: it is not in this repository, and may come from "+remoteBase)
			got = append(got, fmt.Sprintf("%s:%d %s", p.Place.File, p.Place.Line, what))
		}
	}
	return got
}

// TestChangesToRemoteObjects checks that changes to objects of a remote base are reported as unchecked, and that the rest is
// built.
func TestChangesToRemoteObjects(t *testing.T) {
	t.Parallel()
	base := "resources:\n  - a.yaml\n  - " + remoteBase + "\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  []string // built objects, and files with unchecked changes
	}{
		"PatchInPlace": {
			map[string]string{"k/kustomization.yaml": base + "patches:\n  - patch: |\n      " + indented(patchOf("theirs")) + "\n  - patch: |\n      " + indented(patchOf("a")) + "\n"},
			[]string{"ConfigMap n/a b", "k/kustomization.yaml:8 ConfigMap n/theirs"},
		},
		"PatchInFile": {
			map[string]string{"k/kustomization.yaml": base + "patches: [{path: p.yaml}]\n", "k/p.yaml": patchOf("theirs") + "---\n" + patchOf("a")},
			[]string{"ConfigMap n/a b", "k/kustomization.yaml:1 ConfigMap n/theirs"},
		},
		"MergePatch": {
			map[string]string{"k/kustomization.yaml": base + "patchesStrategicMerge: [p.yaml, q.yaml]\n", "k/p.yaml": patchOf("theirs"), "k/q.yaml": patchOf("a")},
			[]string{"ConfigMap n/a b", "k/kustomization.yaml:1 ConfigMap n/theirs"},
		},
		"Overlay": {
			map[string]string{"base/kustomization.yaml": base, "base/a.yaml": patchOf("a"), "k/kustomization.yaml": kustomization("../base") + "patches: [{path: p.yaml}]\n", "k/p.yaml": patchOf("theirs")},
			[]string{"ConfigMap n/a b", "k/kustomization.yaml:1 ConfigMap n/theirs"},
		},
		"Component": {
			map[string]string{"k/kustomization.yaml": base + "components: [../c]\n", "c/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{path: p.yaml}]\n", "c/p.yaml": patchOf("theirs")},
			[]string{"ConfigMap n/a", "c/kustomization.yaml:1 ConfigMap n/theirs"},
		},
		"Replicas": {
			map[string]string{"k/kustomization.yaml": base + "replicas: [{name: theirs, count: 2}]\n"},
			[]string{"ConfigMap n/a", "k/kustomization.yaml:4 theirs"},
		},
		"Merge": {
			map[string]string{"k/kustomization.yaml": base + "configMapGenerator:\n- {name: theirs, behavior: merge, literals: [a=b]}\n"},
			[]string{"ConfigMap n/a", "k/kustomization.yaml:5 theirs"},
		},
		"Replacement": {
			map[string]string{"k/kustomization.yaml": base + "replacements: [{source: {kind: ConfigMap, name: theirs, fieldPath: data.a}, targets: [{select: {name: a}, fieldPaths: [data.a]}]}]\n"},
			[]string{"ConfigMap n/a", "k/kustomization.yaml:4 ConfigMap theirs"},
		},
		"Variable": {
			map[string]string{"k/kustomization.yaml": base + "vars: [{name: X, objref: {apiVersion: v1, kind: ConfigMap, name: theirs}}]\n"},
			[]string{"ConfigMap n/a", "k/kustomization.yaml:4 X"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.files["base/a.yaml"] == "" {
				c.files["k/a.yaml"] = strings.Replace(configMap("a"), "name: \"a\"", "name: a, namespace: n", 1)
			}
			got := builtAndUnchecked(t, c.files)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestMissingTargetsStayFailures covers changes to missing objects without a remote entry below their kustomization.
func TestMissingTargetsStayFailures(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]map[string]string{
		"Alone":   {"k/kustomization.yaml": kustomization("a.yaml") + "patches: [{path: p.yaml}]\n", "k/p.yaml": patchOf("typo"), "k/a.yaml": configMap("a")},
		"Sibling": {"k/kustomization.yaml": kustomization("../x", "../y"), "x/kustomization.yaml": kustomization(remoteBase), "y/kustomization.yaml": kustomization("a.yaml") + "patches: [{path: p.yaml}]\n", "y/p.yaml": patchOf("typo"), "y/a.yaml": configMap("a")},
		"Syntax":  {"k/kustomization.yaml": kustomization(remoteBase) + "patches: [{patch: \"a: [\"}]\n"},
		"Missing": {"k/kustomization.yaml": kustomization(remoteBase, "missing.yaml")},
		"Crd":     {"k/kustomization.yaml": kustomization("a.yaml") + "crds: [\"https://h.example/crd\"]\npatches: [{path: p.yaml}]\n", "k/p.yaml": patchOf("typo"), "k/a.yaml": configMap("a")},
	} {
		r := load(t, files)
		if !slices.ContainsFunc(r.Problems, func(p manifest.Problem) bool { return p.Kind == manifest.NotBuilt }) {
			t.Errorf("%s: %v", name, r.Problems)
		}
	}
}
