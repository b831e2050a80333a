package offline

import (
	"context"
	"errors"
	"path"
	"testing"

	"github.com/google/go-cmp/cmp"
	kustomize "sigs.k8s.io/kustomize/api/types"
)

func TestRemoteField(t *testing.T) {
	t.Parallel()
	const remote = "https://h.example/x"
	r := New(t.Context(), treeOf(map[string]string{"k/github.com/a/b": ""}), false, nil)
	for text, want := range map[string]string{
		"resources: [a.yaml]":                                  "",
		"resources: [" + remote + "]":                          remote,
		"newField: {a: [" + remote + "]}":                      remote,
		"configMapGenerator: [{files: [a=" + remote + "]}]":    "a=" + remote,
		"configMapGenerator: [{literals: [a=" + remote + "]}]": "",
		"CommonLabels: {a: " + remote + "}":                    "",
		"patches: [{patch: " + remote + "}]":                   "",
		"helmCharts: [{repo: " + remote + "}]":                 "",
		"images: [{name: github.com/a/b}]":                     "",
		"components: [github.com/a/c]":                         "github.com/a/c",
		"resources: [github.com/a/b]":                          "",
		"resources: [" + remote + "":                           "",
	} {
		if got := r.remoteField(path.Join(Root, "k"), []byte(text)); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestRecordReads(t *testing.T) {
	t.Parallel()
	r := New(t.Context(), treeOf(map[string]string{"a.yaml": "a", "k/b.yaml": "b"}), false, nil)
	first := r.RecordReads()
	for _, name := range []string{"/checkout/a.yaml", "/checkout/k/../k/b.yaml", "/generated/c.yaml", "/checkout/gone.yaml"} {
		_, _ = r.ReadFile(name)
	}
	again := r.RecordReads()
	_, _ = r.ReadFile("/checkout/a.yaml")
	want := []map[string]bool{{"a.yaml": true, "k/b.yaml": true, "gone.yaml": true}, {"a.yaml": true}}
	if diff := cmp.Diff(want, []map[string]bool{first, again}); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestReadFileEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	r := New(ctx, treeOf(map[string]string{"a.yaml": "a"}), false, nil)
	if text, err := r.ReadFile("/checkout/a.yaml"); err != nil || string(text) != "a" {
		t.Errorf("%q, %v", text, err)
	}
	cancel()
	if _, err := r.ReadFile("/checkout/a.yaml"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// TestGeneratedKustomization: kustomize rejects a kustomization without any field.
func TestGeneratedKustomization(t *testing.T) {
	t.Parallel()
	for want, k := range map[string]kustomize.Kustomization{
		"namePrefix: a-\nresources: []\n": {NamePrefix: "a-"},
		"resources:\n- ../base\n":         {Resources: []string{"../base"}},
	} {
		r := New(t.Context(), treeOf(nil), false, nil)
		if err := r.PutKustomization("/kubectl-choreo-1", k); err != nil {
			t.Fatal(err)
		}
		got, _ := r.ReadFile("/kubectl-choreo-1/kustomization.yaml")
		if diff := cmp.Diff(want, string(got)); diff != "" || r.kustomizationIn("/kubectl-choreo-1") == "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

// TestBuildOfTheCheckout: a file above the folder is read, and one outside the checkout is not there.
func TestBuildOfTheCheckout(t *testing.T) {
	t.Parallel()
	const configMap = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
	for resource, isBuilt := range map[string]bool{"../a.yaml": true, "/checkout/a.yaml": true, "/etc/hostname": false, "../../etc/hostname": false} {
		r := New(t.Context(), treeOf(map[string]string{"a.yaml": configMap, "k": "resources: [" + resource + "]\n"}), false, nil)
		built, err := Build(r, path.Join(Root, "k"))
		if (err == nil) != isBuilt || isBuilt && built.Size() != 1 {
			t.Errorf("%s: %v", resource, err)
		}
	}
}

func TestPath(t *testing.T) {
	t.Parallel()
	if got := path.Join("/kubectl-choreo-1", Path("apps/a.yaml")); got != "/checkout/apps/a.yaml" {
		t.Error(got)
	}
}
