package build

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// asIs returns an Application of Argo CD that applies a folder with further fields of its content.
func asIs(folder string, content engine.Content) Delivery {
	d := delivery(folder, nil)
	content.AsIs, content.Path = true, folder
	d.Content = content
	return d
}

// marked returns the files of a checkout that are marked, sorted. Kustomize also looks for each name of a kustomization.yaml.
func marked(files map[string]bool, contents map[string]string) []string {
	var all []string
	for _, name := range tree.Sorted(contents) {
		if files[name] {
			all = append(all, name)
		}
	}
	return all
}

// TestTakesFile: Argo CD reads the files of subfolders unless the directory is flat. It compares its globs with the path from the folder
// of the Application, and * also matches a slash. Exclude has priority over include.
func TestTakesFile(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		folder, file string
		content      engine.Content
		want         bool
	}{
		"InTheFolder":       {"apps", "apps/a.yaml", engine.Content{}, true},
		"Deeper":            {"apps", "apps/x/a.yaml", engine.Content{}, true},
		"Elsewhere":         {"apps", "other/a.yaml", engine.Content{}, false},
		"LikeTheFolder":     {"apps", "apps2/a.yaml", engine.Content{}, false},
		"Root":              {".", "apps/x/a.yaml", engine.Content{}, true},
		"Flat":              {"apps", "apps/a.yaml", engine.Content{Flat: true}, true},
		"FlatDeeper":        {"apps", "apps/x/a.yaml", engine.Content{Flat: true}, false},
		"FlatRoot":          {".", "a.yaml", engine.Content{Flat: true}, true},
		"FlatRootDeeper":    {".", "apps/a.yaml", engine.Content{Flat: true}, false},
		"Included":          {"apps", "apps/a.yaml", engine.Content{Include: "a.*"}, true},
		"NotIncluded":       {"apps", "apps/b.yaml", engine.Content{Include: "a.*"}, false},
		"IncludedByBraces":  {"apps", "apps/b.yaml", engine.Content{Include: "{a,b}.yaml"}, true},
		"IncludedDeeper":    {"apps", "apps/x/a.yaml", engine.Content{Include: "*.yaml"}, true},
		"PathOfTheRoot":     {"apps", "apps/a.yaml", engine.Content{Include: "apps/*"}, false},
		"Excluded":          {"apps", "apps/a.yaml", engine.Content{Exclude: "a.yaml"}, false},
		"NotExcluded":       {"apps", "apps/b.yaml", engine.Content{Exclude: "a.yaml"}, true},
		"ExcludedAsWell":    {"apps", "apps/a.yaml", engine.Content{Include: "*", Exclude: "a*"}, false},
		"InvalidInclude":    {"apps", "apps/a.yaml", engine.Content{Include: "[a"}, false},
		"InvalidExclude":    {"apps", "apps/a.yaml", engine.Content{Exclude: "[a"}, true},
		"IncludedInTheRoot": {".", "apps/a.yaml", engine.Content{Include: "apps/*"}, true},
	} {
		if got := takesFile(asIs(c.folder, c.content), c.file); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestBuildAsIs: a folder without a kustomization.yaml is applied unchanged. Documents that are no objects, files that are not YAML, and
// charts are skipped, without a problem.
func TestBuildAsIs(t *testing.T) {
	t.Parallel()
	contents := map[string]string{
		"a/a.yaml": configMap("a"), "a/b.yml": configMap("b") + "---\nx: y\n", "a/c.txt": configMap("c"), "a/values.yaml": "x: y\n", "a/x/d.yaml": configMap("d"), "a/bad.yaml": "x: [\n",
		"a/chart/Chart.yaml": "name: c\n", "a/chart/templates/e.yaml": configMap("e"),
		"k/kustomization.yaml": "namePrefix: p-\n" + kustomization("a.yaml"), "k/a.yaml": configMap("a"), "k/b.yaml": configMap("b"),
	}
	all := []string{"a/a.yaml", "a/b.yml", "a/bad.yaml", "a/chart/Chart.yaml", "a/chart/templates/e.yaml", "a/values.yaml", "a/x/d.yaml"}
	for name, c := range map[string]struct {
		d          Delivery
		want, used []string
	}{
		"Folder":        {asIs("a", engine.Content{}), []string{"a a/a.yaml", "b a/b.yml", "d a/x/d.yaml"}, all},
		"Flat":          {asIs("a", engine.Content{Flat: true}), []string{"a a/a.yaml", "b a/b.yml"}, []string{"a/a.yaml", "a/b.yml", "a/bad.yaml", "a/values.yaml"}},
		"Included":      {asIs("a", engine.Content{Include: "b*"}), []string{"b a/b.yml"}, []string{"a/b.yml", "a/bad.yaml"}},
		"Chart":         {asIs("a/chart", engine.Content{}), nil, nil},
		"PartOfAChart":  {asIs("a/chart/templates", engine.Content{}), nil, nil},
		"Absent":        {asIs("gone", engine.Content{}), nil, nil},
		"Kustomization": {asIs("k", engine.Content{Include: "b*"}), []string{"p-a k/a.yaml"}, []string{"k/a.yaml", "k/kustomization.yaml"}},
	} {
		b, _ := builderOf(t, contents)
		result := b.Build(c.d)
		if diff := cmp.Diff(c.want, names(result)); diff != "" || len(result.Problems) > 0 {
			t.Errorf("%s (-want +got)\n%s\nproblems %v", name, diff, result.Problems)
		}
		if diff := cmp.Diff(c.used, marked(result.Used, contents)); diff != "" {
			t.Errorf("%s: files (-want +got)\n%s", name, diff)
		}
	}
}

const manyKinds = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, namespace: own}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: old}\n" +
	"---\napiVersion: openchoreo.dev/v1alpha1\nkind: ClusterTrait\nmetadata: {name: t}\n---\napiVersion: example.org/v1\nkind: Unknown\nmetadata: {name: u}\n"

// TestNamespaces: the namespace of a destination is that of objects without one; targetNamespace replaces all namespaces, and the name of
// a Namespace. Neither changes a kind that has no namespace, nor the document in the file.
func TestNamespaces(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		d    Delivery
		want []string
	}{
		"Destination":       {asIs("a", engine.Content{Namespace: "shop"}), []string{"shop/a", "own/b", "old", "t", "shop/u"}},
		"NoDestination":     {asIs("a", engine.Content{}), []string{"a", "own/b", "old", "t", "u"}},
		"TargetNamespace":   {delivery("a", map[string]any{"targetNamespace": "shop"}), []string{"shop/a", "shop/b", "shop", "t", "shop/u"}},
		"NoTargetNamespace": {delivery("a", nil), []string{"a", "own/b", "old", "t", "u"}},
	} {
		b, _ := builderOf(t, map[string]string{"a/a.yaml": manyKinds})
		result := b.Build(c.d)
		for i, want := range c.want {
			c.want[i] = want + " a/a.yaml"
		}
		if diff := cmp.Diff(c.want, names(result)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		for _, o := range result.Objects {
			if o.Ref != manifest.RefOf(o.Body) || o.Document == nil {
				t.Errorf("%s: %s has the body of %s", name, o.Ref, manifest.RefOf(o.Body))
			}
		}
		document := b.parsed.Documents["a/a.yaml"][0]
		if document.Ref.Namespace != "" || document.Body.GetNamespace() != "" {
			t.Errorf("%s: the document has the namespace %q", name, document.Body.GetNamespace())
		}
	}
}
