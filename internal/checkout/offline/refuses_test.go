package offline

import (
	"errors"
	"os"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	kustomize "sigs.k8s.io/kustomize/api/types"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
)

// TestTheLoaderItselfRefuses checks that a remote entry which the cleaner missed ends the build before kustomize downloads or
// clones it.
func TestTheLoaderItselfRefuses(t *testing.T) {
	t.Setenv("PATH", t.TempDir()) // no git
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	for _, text := range []string{
		"resources: [\"https://h.example/x\"]", "components: [\"github.com/a/b\"]", "components: [\"file:///a\"]", "crds: [\"HTTP://h.example/x\"]",
		"generators: [\"file:///a//b?ref=c\"]", "transformers: [\"git@h.example:a/b\"]", "PATCHES: [{path: \"https://h.example\"}]", "openapi: {path: \"https://h.example\"}",
		"configMapGenerator: [{name: a, files: [\"b=https://h.example/x\"]}]", "resources: [a]",
	} {
		files := New(t.Context(), &tree.Tree{}, false, nil)
		for name, text := range map[string]string{"/k/kustomization.yaml": text, "/k/a/kustomization.yaml": "generators: [b]", "/k/a/b/kustomization.yaml": "components: [\"user@host:a/b\"]"} {
			if err := files.WriteFile(name, []byte(text)); err != nil {
				t.Fatal(err)
			}
		}
		_, err := Build(files, "/k")
		var refused *refusedError
		if !errors.As(err, &refused) {
			t.Errorf("%s: %v", text, err)
		}
	}
	// A name that kustomize itself has composed is rejected when kustomize reads the file.
	files := New(t.Context(), &tree.Tree{}, false, nil)
	_ = files.WriteFile("/k/kustomization.yaml", nil)
	for _, name := range []string{"/k/file:/a/b", "/k/ssh:/h/a/b", "/k/github.com/a/b", "/k/git@h:a/b", "/k/github.com/a/kustomization.yaml"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s was looked for", name)
				}
			}()
			_, _ = files.ReadFile(name)
		}()
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
}

// TestEveryFieldIsKnown fails for a new field of kustomize, which may contain files. Add it to clean or to this test.
func TestEveryFieldIsKnown(t *testing.T) {
	t.Parallel()
	known := []string{
		"TypeMeta", "MetaData", "OpenAPI", "NamePrefix", "NameSuffix", "Namespace", "CommonLabels", "Labels", "CommonAnnotations", "PatchesStrategicMerge", "PatchesJson6902", "Patches",
		"Images", "ImageTags", "Replacements", "Replicas", "Vars", "SortOptions", "Resources", "Components", "Crds", "Bases", "ConfigMapGenerator", "SecretGenerator", "HelmGlobals",
		"HelmCharts", "HelmChartInflationGenerator", "GeneratorOptions", "Configurations", "Generators", "Transformers", "Validators", "BuildMetadata",
	}
	var got []string
	for f := range reflect.TypeFor[kustomize.Kustomization]().Fields() {
		got = append(got, f.Name)
	}
	if diff := cmp.Diff(known, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
