package checkout

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestKustomizationsOfARepository checks the folder of each Kustomization relative to the root, including generated
// Kustomizations. Without a path the folder is the root.
func TestKustomizationsOfARepository(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		files map[string]string
		want  map[string]string
	}{
		"Declared": {map[string]string{"f.yaml": ks("a", "./apps/", "") + "---\n" + ks("b", "/infra/../base", ""), "apps/a.yaml": configMap("a"), "base/b.yaml": configMap("b")}, map[string]string{"a": "apps", "b": "base"}},
		"Root":     {map[string]string{"f.yaml": ks("a", "./", "")}, map[string]string{"a": "."}},
		"Made": {
			map[string]string{
				"f.yaml": ks("root", "./sets", ", namePrefix: eu-"), "sets/s.yaml": ks("apps", "./apps", ""), "apps/a.yaml": configMap("a"),
			},
			map[string]string{"root": "sets", "eu-apps": "apps"},
		},
		"Elsewhere": {map[string]string{"f.yaml": ks("a", "./gone", "")}, map[string]string{}},
	} {
		got := map[string]string{}
		for _, k := range load(t, c.files).Kustomizations {
			got[k.Ref.Name] = k.Folder
			if k.Document == nil || k.File != k.Document.Place.File {
				t.Errorf("%s: %s is of %q", name, k.Ref, k.File)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestAppliedByTwo checks that one document is one object, even if two Kustomizations apply it. An object that kustomize
// generates is separate each time.
func TestAppliedByTwo(t *testing.T) {
	t.Parallel()
	check(t, map[string]string{
		"f.yaml":   ks("one", "./a", "") + "---\n" + ks("two", "./a", ""),
		"a/a.yaml": configMap("a"), "a/kustomization.yaml": kustomization("a.yaml") + "configMapGenerator: [{name: g, literals: [x=y], options: {disableNameSuffixHash: true}}]\n",
	}, "a/a.yaml:1 ConfigMap a by one by two", "a/kustomization.yaml:3 ConfigMap g by one", "a/kustomization.yaml:3 ConfigMap g by two")
}

// TestDeclaredAndUnread checks that all identities are declared, including those of unapplied objects. For a file with invalid
// YAML the names are known.
func TestDeclaredAndUnread(t *testing.T) {
	t.Parallel()
	r := load(t, map[string]string{
		"f.yaml": ks("k", "./a", ""), "a/a.yaml": configMap("a"), "other/b.yaml": configMap("b"),
		"broken.yaml": "metadata:\n  name: front\n  namespace: shop\nother: {name: \"back-1.x\"}\nkind: [\nnickname: none\nname: 'last'\n",
	})
	var declared []string
	for _, ref := range r.Declared {
		declared = append(declared, ref.String())
	}
	if diff := cmp.Diff([]string{"ConfigMap a", "Kustomization flux-system/k", "ConfigMap b"}, declared); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"front", "back-1.x", "last"}, r.Unread); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
