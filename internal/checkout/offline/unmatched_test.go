package offline

import (
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const remoteBase = "https://h.example/install.yaml"

// TestWithoutPatch: kustomize names the object of a patch by kind, version, group, name and namespace.
func TestWithoutPatch(t *testing.T) {
	t.Parallel()
	const a, b = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: n}\n", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: b}\n"
	for name, c := range map[string]struct {
		text, object, rest string
		found              bool
	}{
		"Only":         {a, "ConfigMap.v1.[noGrp]/a.n", "", true},
		"OfAGroup":     {b, "Deployment.v1.apps/b.[noNs]", "", true},
		"OneOfTwo":     {a + "---\n" + b, "ConfigMap.v1.[noGrp]/a.n", "---\n" + b, true},
		"OtherName":    {a, "ConfigMap.v1.[noGrp]/b.n", "---\n" + a, false},
		"OtherSpace":   {a, "ConfigMap.v1.[noGrp]/a.[noNs]", "---\n" + a, false},
		"OtherKind":    {a, "Secret.v1.[noGrp]/a.n", "---\n" + a, false},
		"OtherVersion": {b, "Deployment.v1beta1.apps/b.[noNs]", "---\n" + b, false},
		"JSONPatch":    {"- {op: remove, path: /data}\n", "ConfigMap.v1.[noGrp]/a.n", "---\n- {op: remove, path: /data}\n", false},
		"Invalid":      {a + "---\n[", "ConfigMap.v1.[noGrp]/a.n", a + "---\n[", false},
		"Empty":        {"", "ConfigMap.v1.[noGrp]/a.n", "", false},
	} {
		rest, found := withoutPatch(c.text, c.object)
		if diff := cmp.Diff(c.rest, rest); diff != "" || found != c.found {
			t.Errorf("%s: found %t, want %t (-want +got)\n%s", name, found, c.found, diff)
		}
	}
}

// skipCase is a kustomization.yaml with a remote entry, and a message of kustomize.
type skipCase struct {
	text, message string
	object        string // "" if nothing is skipped
	want          string // the fields that stay beside resources
}

// base has an object of the checkout, and some that nobody knows.
const base = "resources: [a.yaml, " + remoteBase + "]\n"

func (c skipCase) check(t *testing.T) {
	t.Helper()
	const patch = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: theirs, namespace: n}\n"
	r := New(t.Context(), treeOf(map[string]string{"k": base + c.text, "k/p.yaml": patch}), false, func(Removed) {})
	file := path.Join(Root, "k/kustomization.yaml")
	before := string(r.kustomizations[file].marshal())
	got := r.SkipUnmatched(c.message, path.Join(Root, "k"))
	after, _ := r.FileSystem.ReadFile(file)
	if c.object == "" {
		if got != nil || string(after) != before {
			t.Errorf("skipped %v of\n%s", got, after)
		}
		return
	}
	want := []SkippedChange{{File: "k/kustomization.yaml", Object: c.object, Remote: remoteBase}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	rest := strings.NewReplacer("apiVersion: kustomize.config.k8s.io/v1beta1\n", "", "kind: Kustomization\n", "", "resources:\n- a.yaml\n", "").Replace(string(after))
	if diff := cmp.Diff(c.want, rest); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestSkipUnmatched: each message of kustomize about a missing object removes the entry that needs it, and no other.
func TestSkipUnmatched(t *testing.T) {
	t.Parallel()
	const (
		object = "ConfigMap.v1.[noGrp]/theirs.n"
		inline = "'{apiVersion: v1, kind: ConfigMap, metadata: {name: theirs, namespace: n}}'"
		others = "'{apiVersion: v1, kind: ConfigMap, metadata: {name: ours, namespace: n}}'"
	)
	noTarget := "add operation does not apply: failed to find unique target for patch " + object
	for name, c := range map[string]skipCase{
		"Patch":         {"patches: [{patch: " + inline + "}, {patch: " + others + "}]\n", noTarget, object, "patches:\n- patch: " + others + "\n"},
		"PatchInAFile":  {"patches: [{path: p.yaml}]\n", noTarget, object, ""},
		"PatchByTarget": {"patches: [{patch: " + inline + ", target: {name: theirs}}]\n", noTarget, "", ""},
		"Merge":         {"patchesStrategicMerge: [" + inline + ", " + others + "]\n", noTarget, object, "patchesStrategicMerge:\n- " + others + "\n"},
		"MergeInAFile":  {"patchesStrategicMerge: [p.yaml]\n", noTarget, object, ""},
		"NoSuchPatch":   {"patches: [{patch: " + others + "}]\n", noTarget, "", ""},
		"Replicas": {
			"replicas: [{name: theirs, count: 2}, {name: ours, count: 2}]\n", "resource with name theirs does not match a config with the following GVK", "theirs",
			"replicas:\n- count: 2\n  name: ours\n",
		},
		"ConfigMap": {
			"configMapGenerator: [{name: theirs, behavior: merge}, {name: theirs}, {name: ours, behavior: merge}]\n", `id resid.ResId{Name:"theirs", Namespace:""} does not exist; cannot merge or replace`, "theirs",
			"configMapGenerator:\n- name: theirs\n- behavior: merge\n  name: ours\n",
		},
		"Secret": {
			"secretGenerator: [{name: theirs, behavior: replace}, {name: theirs, behavior: create}]\n", `id resid.ResId{Name:\"theirs\"} does not exist; cannot merge or replace`, "theirs",
			"secretGenerator:\n- behavior: create\n  name: theirs\n",
		},
		"Replacements": {"replacements: [{path: r.yaml}]\n", "nothing selected by ConfigMap.v1.[noGrp]/theirs:data.a", "ConfigMap.v1.[noGrp]/theirs", ""},
		"Variable": {
			"vars: [{name: A_NAME, objref: {kind: ConfigMap, name: theirs}}, {name: B_NAME, objref: {kind: ConfigMap, name: ours}}]\n",
			"var '{A_NAME ConfigMap theirs}' cannot be mapped to a field in the set of known resources", "A_NAME",
			"vars:\n- fieldref: {}\n  name: B_NAME\n  objref:\n    kind: ConfigMap\n    name: ours\n",
		},
		"OtherMessage": {"replicas: [{name: theirs, count: 2}]\n", "theirs is odd", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.check(t)
		})
	}
}

// TestSkippedOnlyBelowARemoteEntry: without a removed entry that may contain it, the object is missing.
func TestSkippedOnlyBelowARemoteEntry(t *testing.T) {
	t.Parallel()
	const message = "resource with name theirs does not match a config with the following GVK"
	const replicas = "replicas: [{name: theirs, count: 2}]\n"
	component := "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n" + replicas
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"Itself":            {map[string]string{"k": "resources: [" + remoteBase + "]\n" + replicas}, []string{"k/kustomization.yaml"}},
		"NoRemoteEntry":     {map[string]string{"k": "resources: [a.yaml]\n" + replicas}, nil},
		"RemoteBaseOfIt":    {map[string]string{"k": "resources: [../b]\n" + replicas, "b": "resources: [" + remoteBase + "]"}, []string{"k/kustomization.yaml"}},
		"RemoteOverlay":     {map[string]string{"k": "resources: [../b, " + remoteBase + "]\n", "b": replicas}, nil},
		"RemoteTransformer": {map[string]string{"k": "transformers: [" + remoteBase + "]\n" + replicas}, nil},
		"OfAComponent":      {map[string]string{"k": "resources: [" + remoteBase + "]\ncomponents: [../c]\n", "c": component}, []string{"c/kustomization.yaml"}},
		"OtherFolder":       {map[string]string{"k": "resources: [a.yaml]", "o": "resources: [" + remoteBase + "]\n" + replicas}, nil},
		"BothLevels":        {map[string]string{"k": "resources: [../b]\n" + replicas, "b": "resources: [" + remoteBase + "]\n" + replicas}, []string{"k/kustomization.yaml", "b/kustomization.yaml"}},
		"Circle":            {map[string]string{"k": "resources: [../b]\n", "b": "resources: [../k]\n" + replicas}, nil},
	} {
		r := New(t.Context(), treeOf(c.files), false, func(Removed) {})
		var got []string
		for _, s := range r.SkipUnmatched(message, path.Join(Root, "k")) {
			got = append(got, s.File)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
