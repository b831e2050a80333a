package reasons

import (
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/revision"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// TestIgnored: the last pattern that matches counts, and spec.ignore follows all .sourceignore files. A source that only the cluster has gives
// no line.
func TestIgnored(t *testing.T) {
	t.Parallel()
	const source = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: shop, namespace: flux-system}\nspec:\n  ignore: |\n    # all\n    /apps\n"
	for name, c := range map[string]struct {
		ignore, spec string
		inGit        bool
		want         string
		place        manifest.Place
	}{
		"None":           {},
		"Sourceignore":   {ignore: "*.md\n/apps/a.yaml\n", want: `the pattern "/apps/a.yaml"`, place: manifest.Place{File: ".sourceignore", Line: 2}},
		"IncludedAgain":  {ignore: "/apps/\n!/apps/a.yaml\n"},
		"SpecOfGit":      {spec: source, inGit: true, want: `the pattern "/apps" in spec.ignore of GitRepository flux-system/shop`, place: manifest.Place{File: "flux/source.yaml", Line: 7}},
		"SpecOfCluster":  {spec: source, want: `the pattern "/apps" in spec.ignore of GitRepository flux-system/shop`},
		"SpecHasTheLast": {ignore: "/apps\n", spec: source[:len(source)-len("    /apps\n")] + "    !/apps\n"},
	} {
		files := map[string][]byte{"apps/a.yaml": []byte("a: b\n")}
		if c.ignore != "" {
			files[".sourceignore"] = []byte(c.ignore)
		}
		var applied []*unstructured.Unstructured
		if c.spec != "" {
			u := &unstructured.Unstructured{}
			if err := yaml.Unmarshal([]byte(c.spec), &u.Object); err != nil {
				t.Fatal(err)
			}
			applied = append(applied, u)
		}
		if c.inGit {
			files["flux/source.yaml"] = []byte(c.spec)
		}
		f := New(revision.Clone{Repository: &manifest.Repository{}, Files: tree.New(files)}, applied)
		got, found := f.ignored("apps/a.yaml")
		if found != (c.want != "") || found && (got.Text != c.want || got.Place != c.place) {
			t.Errorf("%s: %t %+v, want %q at %s", name, found, got, c.want, c.place)
		}
	}
}
