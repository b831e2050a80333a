package offline

import (
	"path"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSkipOperations: a JSON patch fails if the object does not have its path (gopkg.in/evanphx/json-patch.v4 patch.go). A removed remote
// entry may have added the path, so the patches that contain it are left out.
func TestSkipOperations(t *testing.T) {
	t.Parallel()
	const (
		replicas = "'[{op: replace, path: /spec/replicas, value: 1}]'"
		block    = "\"- op: replace\\n  path: /spec/replicas\\n  value: 1\""
		labels   = "'[{op: remove, path: /metadata/labels/a}]'"
		merge    = "'{kind: A, metadata: {name: a, annotations: {see: /spec/replicas}}}'"
		noPath   = "replace operation does not apply: doc is missing path: /spec/replicas: missing value"
		object   = "/spec/replicas"
	)
	for name, c := range map[string]skipCase{
		"Flow":   {"patches: [{patch: " + replicas + "}, {patch: " + labels + "}]\n", noPath, object, "patches:\n- patch: " + labels + "\n"},
		"Block":  {"patches: [{patch: " + block + "}, {patch: " + labels + "}]\n", noPath, object, "patches:\n- patch: " + labels + "\n"},
		"Key":    {"patches: [{patch: " + replicas + "}]\n", "remove operation does not apply: doc is missing key: /spec/replicas: missing value", object, ""},
		"Quoted": {"patches: [{patch: " + replicas + "}]\n", `add operation does not apply: doc is missing path: "/spec/replicas": missing value`, object, ""},
		// Each operation has a message of its own.
		"Removed":     {"patches: [{patch: " + replicas + "}]\n", "error in remove for path: '/spec/replicas': Unable to remove nonexistent key: replicas: missing value", object, ""},
		"From":        {"patches: [{patch: " + replicas + "}]\n", "copy operation does not apply: doc is missing from path: /spec/replicas: missing value", object, ""},
		"Destination": {"patches: [{patch: " + replicas + "}]\n", "move operation does not apply: doc is missing destination path: /spec/replicas: missing value", object, ""},
		"CopiedKey":   {"patches: [{patch: " + replicas + "}]\n", "error in copy for from: '/spec/replicas': unable to get nonexistent key: replicas: missing value", object, ""},
		"Tested":      {"patches: [{patch: " + replicas + "}]\n", "test operation does not apply: is missing path: /spec/replicas: missing value", object, ""},
		"TestedValue": {"patches: [{patch: " + replicas + "}]\n", "testing value /spec/replicas failed: test failed", object, ""},
		"NoPath":      {"patches: [{patch: " + replicas + "}]\n", "remove operation failed to decode path: missing value", "", ""},
		"JSON6902":    {"patchesJson6902: [{target: {kind: A}, patch: " + replicas + "}, {target: {kind: A}, patch: " + labels + "}]\n", noPath, object, "patchesJson6902:\n- patch: " + labels + "\n  target:\n    kind: A\n"},
		"Merge":       {"patches: [{patch: " + merge + "}]\n", noPath, "", ""},
		"Other":       {"patches: [{patch: " + labels + "}]\n", noPath, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.check(t)
		})
	}
}

// TestSkipOperationsAfterAPatch: a removed remote patch may have added the path, but it adds no objects.
func TestSkipOperationsAfterAPatch(t *testing.T) {
	t.Parallel()
	const (
		remote  = "https://user:secret@h.example/p.yaml"
		patches = "resources: [a.yaml]\npatches: [{path: '" + remote + "'}, {patch: '[{op: remove, path: /spec/a}]'}]\n"
		local   = "resources: [../b]\npatches: [{patch: '[{op: remove, path: /spec/a}]'}]\nreplicas: [{name: a, count: 1}]\n"
		noPath  = "remove operation does not apply: doc is missing path: /spec/a: missing value"
	)
	own := []SkippedChange{{File: "k/kustomization.yaml", Object: "/spec/a", Remote: "https://h.example/p.yaml"}}
	for name, c := range map[string]struct {
		files   map[string]string
		message string
		want    []SkippedChange
	}{
		"Beside":       {map[string]string{"k": patches}, noPath, own},
		"InTheBase":    {map[string]string{"k": local, "b": "resources: [a.yaml]\npatches: [{path: '" + remote + "'}]\n"}, noPath, own},
		"InTheOverlay": {map[string]string{"k": "resources: [../b]\npatches: [{path: '" + remote + "'}]\n", "b": "resources: [a.yaml]\npatches: [{patch: '[{op: remove, path: /spec/a}]'}]\n"}, noPath, nil},
		"NoneRemoved":  {map[string]string{"k": local, "b": "resources: [a.yaml]\n"}, noPath, nil},
		"OfAnObject":   {map[string]string{"k": local, "b": "resources: [a.yaml]\npatches: [{path: '" + remote + "'}]\n"}, "resource with name a does not match a config with the following GVK", nil},
	} {
		r := New(t.Context(), treeOf(c.files), false, func(Removed) {})
		if diff := cmp.Diff(c.want, r.SkipUnmatched(c.message, path.Join(Root, "k"))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestBuildWithoutARemotePatch: each operation on a field that the object does not have ends a build of kustomize. The build succeeds without
// the operation, and fails again if no remote patch was removed.
func TestBuildWithoutARemotePatch(t *testing.T) {
	t.Parallel()
	const object = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {here: b}\n"
	for name, operation := range map[string]string{
		"Remove":       "{op: remove, path: /data/gone}",
		"RemoveBelow":  "{op: remove, path: /gone/a}",
		"Add":          "{op: add, path: /gone/a, value: b}",
		"ReplaceBelow": "{op: replace, path: /gone/a, value: b}",
		"CopyFrom":     "{op: copy, from: /gone/a, path: /data/b}",
		"CopyTo":       "{op: copy, from: /data/here, path: /gone/a}",
		"MoveFrom":     "{op: move, from: /gone/a, path: /data/b}",
		"MoveTo":       "{op: move, from: /data/here, path: /gone/a}",
		"TestBelow":    "{op: test, path: /gone/a, value: b}",
		"TestValue":    "{op: test, path: /data/here, value: c}",
	} {
		for remote, want := range map[string]bool{", {path: 'https://h.example/p.yaml'}": true, "": false} {
			k := "resources: [a.yaml]\npatches: [{target: {kind: ConfigMap}, patch: '- " + operation + "'}" + remote + "]\n"
			r := New(t.Context(), treeOf(map[string]string{"k": k, "k/a.yaml": object}), false, func(Removed) {})
			folder := path.Join(Root, "k")
			_, err := Build(r, folder)
			if err == nil {
				t.Errorf("%s: kustomize reports no error", name)
				continue
			}
			skipped := r.SkipUnmatched(err.Error(), folder)
			if _, err := Build(r, folder); (len(skipped) == 1) != want || (err == nil) != want {
				t.Errorf("%s with %q: skipped %v, and then %v", name, remote, skipped, err)
			}
		}
	}
}

// TestTargets: those that give a name or a kind, of a kustomization and of those that it includes. kustomize applies a patch to what the
// included folders have, so only their remote entries may contain a target.
func TestTargets(t *testing.T) {
	t.Parallel()
	const remote = "https://h.example/x.yaml"
	files := map[string]string{
		"k": "resources: [../b, ../r]\ncomponents: [../c]\npatches: [{patch: '[]', target: {kind: A}}, {patch: '[]', target: {labelSelector: a=b}}, {patch: '[]'}]\n",
		"b": "resources: [a.yaml]\npatches: [{patch: '[]', target: {name: of-base}}]\npatchesJson6902: [{patch: '[]', target: {kind: B, name: older}}]\n",
		"r": "resources: [" + remote + "]\npatches: [{patch: '[]', target: {name: of-remote}}]\n",
		"c": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{patch: '[]', target: {name: of-component}}]\n",
		"o": "patches: [{patch: '[]', target: {name: not-included}}]\n",
	}
	type short struct {
		File, Kind, Name  string
		Component, IsOpen bool
	}
	want := []short{
		{"k/kustomization.yaml", "A", "", false, true},
		{"b/kustomization.yaml", "", "of-base", false, false},
		{"b/kustomization.yaml", "B", "older", false, false},
		{"r/kustomization.yaml", "", "of-remote", false, true},
		{"c/kustomization.yaml", "", "of-component", true, true},
	}
	r := New(t.Context(), treeOf(files), false, func(Removed) {})
	var got []short
	for _, x := range r.Targets(path.Join(Root, "k")) {
		got = append(got, short{x.File, x.Kind, x.Name, x.Component, x.IsOpen})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
