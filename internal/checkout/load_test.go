package checkout

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestLoadRefuses covers a path that is not a folder, an invalid base, and an ended context.
func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	dir := lay(t, map[string]string{"a.yaml": configMap("a")})
	git(t, dir, "init", "--quiet")
	for want, o := range map[string]Options{
		"; name the folder of a GitOps repository":          {Dir: filepath.Join(dir, "gone")},
		"is a file; name the folder of a GitOps repository": {Dir: filepath.Join(dir, "a.yaml")},
		"no-such-revision": {Dir: dir, Base: "no-such-revision"},
	} {
		if r, err := Load(t.Context(), o); err == nil || !strings.Contains(err.Error(), want) || r != nil {
			t.Errorf("%+v: %v, want %q", o, err, want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Load(ctx, Options{Dir: dir}); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
}

// TestFormer checks that with a base, the documents of changed files are known as they were. Files that were invalid YAML are
// skipped.
func TestFormer(t *testing.T) {
	t.Parallel()
	dir := lay(t, map[string]string{"same.yaml": configMap("same"), "folder/edited.yaml": configMap("before"), "deleted.yaml": configMap("deleted"), "broken.yaml": "kind: [\n"})
	git(t, dir, "init", "--quiet")
	git(t, dir, "add", "--all")
	git(t, dir, "commit", "--quiet", "--message", "base")
	for file, text := range map[string]string{"folder/edited.yaml": configMap("after"), "broken.yaml": configMap("repaired")} {
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(file)), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(filepath.Join(dir, "deleted.yaml")); err != nil {
		t.Fatal(err)
	}
	former := func(base string) map[string]string {
		r, err := Load(t.Context(), Options{Dir: dir, Base: base})
		if err != nil {
			t.Fatal(err)
		}
		if r.Former == nil {
			return nil
		}
		names := map[string]string{}
		for _, d := range r.Former {
			names[d.Place.File] = d.Ref.Name
		}
		return names
	}
	if diff := cmp.Diff(map[string]string{"folder/edited.yaml": "before", "deleted.yaml": "deleted"}, former("HEAD")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := former(""); got != nil {
		t.Errorf("without a base: %v", got)
	}
	git(t, dir, "add", "--all")
	git(t, dir, "commit", "--quiet", "--message", "next")
	if got := former("HEAD"); got == nil || len(got) != 0 {
		t.Errorf("nothing has changed: %v", got)
	}
}

// TestBrokenDelivery: nothing in the repository applies the Kustomization, so a person or a bootstrap does. It must be YAML.
func TestBrokenDelivery(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		ks("apps", "[./apps", ""):                  1,
		"{{ if x }}\n" + ks("apps", "[./apps", ""): 0, // a template
		"apiVersion: v1\nkind: [ConfigMap\n":       0, // no delivery applies it
	} {
		r := load(t, map[string]string{"flux/ours.yaml": ks("ours", "./a", ""), "a/a.yaml": configMap("a"), "flux/broken.yaml": text})
		if len(r.Problems) != want {
			t.Errorf("%q: %v, want %d problems", text, r.Problems, want)
		}
	}
}
