package build

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/offline"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// shownProblems returns the problems as "file:line kind object: message".
func shownProblems(problems []manifest.Problem) []string {
	var all []string
	for _, p := range problems {
		all = append(all, fmt.Sprintf("%s %d %s: %s", p.Place, p.Kind, p.Object.Name, p.Message))
	}
	return all
}

// TestSpecComponents: spec.components are relative to the folder of the Kustomization, and apply to all of its objects. A missing one
// fails the build, unless spec.ignoreMissingComponents omits it.
func TestSpecComponents(t *testing.T) {
	t.Parallel()
	contents := map[string]string{
		"apps/a.yaml": configMap("a"), "set/kustomization.yaml": kustomization("b.yaml"), "set/b.yaml": configMap("b"),
		"parts/suffix/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnameSuffix: -s\n",
	}
	for name, c := range map[string]struct {
		folder, components string
		ignores            bool
		want               []string
		fails              bool
	}{
		"Plain":         {"apps", "../parts/suffix", false, []string{"a-s apps/a.yaml"}, false},
		"Kustomization": {"set", "../parts/suffix", false, []string{"b-s set/b.yaml"}, false},
		"Missing":       {"apps", "../parts/suffix,../parts/gone", false, nil, true},
		"Ignored":       {"apps", "../parts/gone,../parts/suffix", true, []string{"a-s apps/a.yaml"}, false},
		"AllIgnored":    {"apps", "../parts/gone", true, []string{"a apps/a.yaml"}, false},
		"OfTheRoot":     {"apps", "parts/suffix", true, []string{"a apps/a.yaml"}, false},
	} {
		var components []any
		for _, component := range strings.Split(c.components, ",") {
			components = append(components, component)
		}
		b, _ := builderOf(t, contents)
		result := b.Build(delivery(c.folder, map[string]any{"components": components, "ignoreMissingComponents": c.ignores}))
		if diff := cmp.Diff(c.want, names(result)); diff != "" || (len(result.Problems) > 0) != c.fails {
			t.Errorf("%s (-want +got)\n%s\nproblems %v", name, diff, shownProblems(result.Problems))
		}
	}
}

// TestPlaceOf: a failure whose message names no file is in the kustomization.yaml, else where the path of the Kustomization is declared.
func TestPlaceOf(t *testing.T) {
	t.Parallel()
	b, _ := builderOf(t, map[string]string{
		"k/kustomization.yml": kustomization("a.yaml"), "apps/a.yaml": configMap("a"),
		"flux.yaml": "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: k}\nspec:\n  prune: true\n  path: apps\n",
	})
	for folder, want := range map[string]struct{ declared, generated string }{
		"k": {"k/kustomization.yml:1", "k/kustomization.yml:1"}, "apps": {"flux.yaml:6", "apps"},
	} {
		d := delivery(folder, nil)
		if got := b.placeOf(d).String(); got != want.generated {
			t.Errorf("%s, generated: %s, want %s", folder, got, want.generated)
		}
		d.Document = b.parsed.Documents["flux.yaml"][0]
		if got := b.placeOf(d).String(); got != want.declared {
			t.Errorf("%s: %s, want %s", folder, got, want.declared)
		}
	}
}

// TestPlaceOfComponents: a component that does not exist is in the list of the Kustomization, also if the folder has a kustomization.yaml.
func TestPlaceOfComponents(t *testing.T) {
	t.Parallel()
	b, _ := builderOf(t, map[string]string{
		"k/kustomization.yaml": kustomization("a.yaml"), "k/a.yaml": configMap("a"), "parts/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n",
		"flux.yaml": "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: k}\nspec:\n  path: k\n  components:\n  - ../parts\n  - ../part\n",
	})
	d := delivery("k", map[string]any{"components": []any{"../parts", "../part"}})
	d.Document = b.parsed.Documents["flux.yaml"][0]
	var got []string
	for _, p := range b.Build(d).Problems {
		got = append(got, p.Place.String())
	}
	if diff := cmp.Diff([]string{"flux.yaml:8"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestFound: the search stops at the outermost folder with a kustomization.yaml, and finds that folder once.
func TestFound(t *testing.T) {
	t.Parallel()
	contents := map[string]string{
		"kustomization.yaml": "", "a/a.yaml": "", "a/b.yml": "", "a/c.txt": "", "a/d.json": "", "a/x/Kustomization": "", "a/x/e.yaml": "", "a/x/y/kustomization.yaml": "", "a/x/y/f.yaml": "",
		"a/z/g.yaml": "", "a/z/w/kustomization.yml": "", "b.yaml": "",
	}
	for name, c := range map[string]struct {
		folder, ignore string
		files, folders []string
	}{
		"Folder":        {"a", "", []string{"a/a.yaml", "a/b.yml", "a/z/g.yaml"}, []string{"a/x", "a/z/w"}},
		"Nested":        {"a/x", "", []string{"a/x/Kustomization", "a/x/e.yaml"}, []string{"a/x/y"}},
		"Root":          {".", "", []string{"a/a.yaml", "a/b.yml", "a/z/g.yaml", "b.yaml", "kustomization.yaml"}, []string{"a/x", "a/z/w"}},
		"Ignored":       {"a", "a/a.yaml\na/x/\n", []string{"a/b.yml", "a/z/g.yaml"}, []string{"a/z/w"}},
		"Absent":        {"gone", "", nil, nil},
		"SimilarPrefix": {"a/z/w", "", []string{"a/z/w/kustomization.yml"}, nil},
	} {
		b, _ := builderOf(t, contents)
		b.excluded = b.parsed.ExcludedBy(tree.Ignore{Patterns: c.ignore})
		files, folders := b.Found(c.folder)
		if diff := cmp.Diff([][]string{c.files, c.folders}, [][]string{files, folders}); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestRetryWithout: each removed change is reported where it is, with the object as it is printed elsewhere and the remote entry.
func TestRetryWithout(t *testing.T) {
	t.Parallel()
	b, _ := builderOf(t, map[string]string{"a/kustomization.yaml": "patches:\n- target: {name: web}\n", "b/kustomization.yaml": "replacements: []\nx: theirs\n"})
	ks, place := delivery("a", nil).Ref, manifest.Place{File: "flux.yaml", Line: 9}
	if b.retryWithout(nil, ks, place) || len(b.result.Problems) > 0 {
		t.Errorf("problems %v", b.result.Problems)
	}
	if !b.retryWithout([]offline.SkippedChange{
		{File: "a/kustomization.yaml", Object: "Deployment.v1.apps/web.shop", Remote: "https://x.example/y"}, {File: "b/kustomization.yaml", Object: "theirs", Remote: "r"}, {Object: "Service.v1.[noGrp]/web.[noNs]", Remote: "r"},
	}, ks, place) {
		t.Error("not built again")
	}
	want := []string{
		"a/kustomization.yaml:2 5 k: the changes to Deployment shop/web were not checked: it is not in this repository, and may come from https://x.example/y",
		"b/kustomization.yaml:2 5 k: the changes to theirs were not checked: it is not in this repository, and may come from r",
		"flux.yaml:9 5 k: the changes to Service web were not checked: it is not in this repository, and may come from r",
	}
	if diff := cmp.Diff(want, shownProblems(b.result.Problems)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestUsedAndUndecided: kustomize stops at the first error, so all files below the kustomizations that it has read may be part of a failed
// build. A file that is no YAML fails a build only as a resource, and is then reported on its own.
func TestUsedAndUndecided(t *testing.T) {
	t.Parallel()
	const generator = "configMapGenerator: [{name: g, files: [bad.yaml], options: {disableNameSuffixHash: true}}]\n"
	for name, c := range map[string]struct {
		files           map[string]string
		used, undecided []string
		problems        int
	}{
		"Built":        {map[string]string{"k/kustomization.yaml": "namePrefix: p-\n" + kustomization("a.yaml")}, []string{"k/a.yaml", "k/kustomization.yaml"}, nil, 0},
		"Failed":       {map[string]string{"k/kustomization.yaml": kustomization("a.yaml", "gone.yaml")}, []string{"k/a.yaml", "k/kustomization.yaml"}, []string{"k/a.yaml", "k/b.yaml", "k/bad.yaml", "k/kustomization.yaml"}, 1},
		"FailedInside": {map[string]string{"k/kustomization.yaml": kustomization("../other"), "other/kustomization.yaml": kustomization("gone.yaml"), "other/o.yaml": configMap("o")}, []string{"k/kustomization.yaml", "other/kustomization.yaml"}, []string{"k/a.yaml", "k/b.yaml", "k/bad.yaml", "k/kustomization.yaml", "other/kustomization.yaml", "other/o.yaml"}, 1},
		"Generator":    {map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + generator}, []string{"k/a.yaml", "k/kustomization.yaml"}, nil, 0},
		"Broken":       {map[string]string{"k/kustomization.yaml": kustomization("a.yaml", "bad.yaml")}, []string{"k/a.yaml", "k/bad.yaml", "k/kustomization.yaml"}, []string{"k/a.yaml", "k/b.yaml", "k/bad.yaml", "k/kustomization.yaml"}, 0},
	} {
		c.files["k/a.yaml"], c.files["k/b.yaml"], c.files["k/bad.yaml"], c.files["far.yaml"] = configMap("a"), configMap("b"), "x: [\n", configMap("far")
		b, _ := builderOf(t, c.files)
		result := b.Build(delivery("k", nil))
		if diff := cmp.Diff([][]string{c.used, c.undecided}, [][]string{marked(result.Used, c.files), marked(result.Undecided, c.files)}); diff != "" || len(result.Problems) != c.problems {
			t.Errorf("%s (-want +got)\n%s\nproblems %v", name, diff, shownProblems(result.Problems))
		}
	}
}
