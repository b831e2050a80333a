package checkout

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestProblemMessages checks that each problem names the error, the Kustomization and the place.
func TestProblemMessages(t *testing.T) {
	t.Parallel()
	const noObject = "a document without kind, apiVersion or metadata.name: every file below the path must hold Kubernetes objects"
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"NoPath":             {map[string]string{"f.yaml": ks("k", "./gone/", "") + "---\n" + gitRepository("https://x.example/y")}, []string{"f.yaml:4 k: spec.path ./gone/ is no folder of this repository"}},
		"PathWithAVariable":  {map[string]string{"f.yaml": ks("k", "'./gone/${CLUSTER}'", "") + "---\n" + gitRepository("https://x.example/y")}, nil},
		"NoObject":           {map[string]string{"f.yaml": ks("k", "./a", ""), "a/values.yaml": "# values\nreplicas: 1\n---\n- a\n"}, []string{"a/values.yaml:2 k: " + noObject, "a/values.yaml:4 k: " + noObject}},
		"NoObjectButIgnored": {map[string]string{"f.yaml": ks("k", "./a", ""), "a/kustomization.yaml": "configMapGenerator: [{name: g, files: [values.yaml]}]\n", "a/values.yaml": "replicas: 1\n"}, nil},
		"EntryMissing":       {map[string]string{"f.yaml": ks("k", "./a", ""), "a/kustomization.yaml": "# gone.yaml\n" + kustomization("gone.yaml")}, []string{"a/kustomization.yaml:3 k: it names 'gone.yaml', which does not exist"}},
	} {
		var got []string
		for _, p := range load(t, c.files).Problems {
			got = append(got, fmt.Sprintf("%s:%d %s: %s", p.Place.File, p.Place.Line, p.Object.Name, p.Message))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestFilesOutOfTheArtifact: a file that is in the checkout, but that source-controller ignores, is not reported as simply missing.
func TestFilesOutOfTheArtifact(t *testing.T) {
	t.Parallel()
	r := load(t, map[string]string{"flux.yaml": ks("a", "./a", ""), "a/kustomization.yaml": "configMapGenerator: [{name: icons, files: [i.png]}]\n", "a/i.png": "x"})
	const want = "source-controller leaves a/i.png out of the artifact: to include it, add !/a/i.png to .sourceignore"
	if len(r.Problems) != 1 || !strings.Contains(r.Problems[0].Message, want) {
		t.Errorf("%v, want %q", r.Problems, want)
	}
	r = load(t, map[string]string{"flux.yaml": ks("a", "./a", ""), "a/kustomization.yaml": "configMapGenerator: [{name: icons, files: [i.png]}]\n", "a/i.png": "x", ".sourceignore": "!/a/i.png\n"})
	if len(r.Problems) != 0 {
		t.Errorf("included: %v", r.Problems)
	}
}

// TestPlaceOfNoObject: kustomize names only the entry, and two folders have a file of that name.
func TestPlaceOfNoObject(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"NoKind": "apiVersion: v1\nmetadata: {name: o}\n", "NoName": "apiVersion: v1\nkind: ConfigMap\n"} {
		r := load(t, map[string]string{
			"f.yaml": ks("k", "./a", ""), "a/kustomization.yaml": kustomization("b", "c"),
			"a/b/kustomization.yaml": kustomization("o.yaml"), "a/b/o.yaml": configMap("o"),
			"a/c/kustomization.yaml": kustomization("o.yaml"), "a/c/o.yaml": configMap("p") + "---\n" + text,
		})
		if len(r.Problems) != 1 || r.Problems[0].Place.File != "a/c/o.yaml" || r.Problems[0].Place.Line != 5 {
			t.Errorf("%s: %v", name, r.Problems)
		}
	}
}
