package files

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
)

func parseAll(t *testing.T, contents map[string]string) *Parsed {
	t.Helper()
	text := map[string][]byte{}
	for name, content := range contents {
		text[name] = []byte(content)
	}
	return Parse(t.Context(), tree.New(text))
}

const object = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"

// TestParse: each file is documents, non-objects, broken, or a list of resources.
func TestParse(t *testing.T) {
	t.Parallel()
	f := parseAll(t, map[string]string{
		"a.yaml": object + "---\n" + object, "stray.yaml": object + "---\nx: y\n", "broken.yaml": "a: [\n", "a.txt": object,
		"list/kustomization.yaml": "resources: [a.yaml]\n", "more/kustomization.yaml": "namePrefix: x-\nresources: [a.yaml]\n", "invalid/kustomization.yaml": "resources: [\n",
	})
	if diff := cmp.Diff([]string{"a.yaml", "stray.yaml"}, tree.Sorted(f.Documents)); diff != "" || len(f.Documents["a.yaml"]) != 2 || len(f.Documents["stray.yaml"]) != 1 {
		t.Errorf("documents (-want +got)\n%s%v", diff, f.Documents)
	}
	if len(f.NonObjects) != 1 || len(f.NonObjects["stray.yaml"]) != 1 || f.NonObjects["stray.yaml"][0].Line != 5 {
		t.Errorf("non-objects %v", f.NonObjects)
	}
	if len(f.Broken) != 1 || f.Broken["broken.yaml"] == nil {
		t.Errorf("broken %v", f.Broken)
	}
	for folder, want := range map[string]bool{"list": true, "more": false, "invalid": false, "absent": false} {
		if list, is := f.ListIn(folder + "/kustomization.yaml"); is != want || is && !cmp.Equal(list.Resources, []string{"a.yaml"}) {
			t.Errorf("%s is a list: %v %v", folder, is, list)
		}
	}
}

// TestKustomization: deprecated fields are converted, and an invalid file is an error.
func TestKustomization(t *testing.T) {
	t.Parallel()
	f := parseAll(t, map[string]string{
		"list/kustomization.yaml": "kind: Kustomization\nresources: [a.yaml]\n", "old/kustomization.yaml": "bases: [../list]\nresources: [b.yaml]\n", "invalid/kustomization.yaml": "resources: [\n",
	})
	for folder, want := range map[string]string{"list": "Kustomization a.yaml", "old": "Kustomization b.yaml ../list"} {
		k, err := f.Kustomization(folder + "/kustomization.yaml")
		if got := k.Kind + " " + strings.Join(k.Resources, " "); err != nil || got != want {
			t.Errorf("%s: %s, %v, want %s", folder, got, err, want)
		}
	}
	if _, err := f.Kustomization("invalid/kustomization.yaml"); err == nil {
		t.Error("an invalid file is no error")
	}
}

// TestListed: if a kustomization file is invalid, all files beside it count as listed.
func TestListed(t *testing.T) {
	t.Parallel()
	f := parseAll(t, map[string]string{
		"a/kustomization.yaml": "resources: [b.yaml, ../c]\ncomponents: [d]\n", "a/b.yaml": object, "a/e.yaml": object,
		"f/kustomization.yaml": "resources: [\n", "f/g.yaml": object,
	})
	for name, want := range map[string]bool{"a/b.yaml": true, "c": true, "a/d": true, "a/e.yaml": false, "f/g.yaml": true} {
		if f.Listed()[name] != want {
			t.Errorf("%s is listed: %v, want %v", name, !want, want)
		}
	}
}

// TestNoManifest: templates and the files of charts need not be YAML.
func TestNoManifest(t *testing.T) {
	t.Parallel()
	f := parseAll(t, map[string]string{
		"chart/Chart.yaml": "name: x\n", "chart/templates/a.yaml": "{{ if .Values.a }}\na: [\n", "role/a.yaml": "{% for x in y %}\na: [\n", "ok/a.yaml": object + "data: {a: '{{ x }}'}\n", "broken.yaml": "a: [\n",
	})
	for name, want := range map[string]struct{ inChart, isTemplate bool }{
		"chart/templates/a.yaml": {true, true}, "role/a.yaml": {false, true}, "ok/a.yaml": {false, false}, "broken.yaml": {false, false},
	} {
		if f.InChart(name) != want.inChart || f.IsTemplate(name) != want.isTemplate {
			t.Errorf("%s: in a chart %v, a template %v, want %v", name, f.InChart(name), f.IsTemplate(name), want)
		}
	}
	for name, want := range map[string]bool{"chart": true, "chart/templates": true, "ok/a.yaml": true, "ok/b.yaml": false, "x": false} {
		if f.Exists(name) != want {
			t.Errorf("%s exists: %v, want %v", name, !want, want)
		}
	}
}

// TestChartFolders: all files in and below the folder of a Chart.yaml belong to the chart, also in the root.
func TestChartFolders(t *testing.T) {
	t.Parallel()
	for chart, want := range map[string]map[string]bool{
		"a/Chart.yaml":   {"a/x.yaml": true, "a/b/c/x.yaml": true, "x.yaml": false, "b/x.yaml": false, "ab/x.yaml": false},
		"Chart.yaml":     {"x.yaml": true, "a/x.yaml": true},
		"a/b/Chart.yaml": {"a/x.yaml": false, "a/b/x.yaml": true, "a/bc/x.yaml": false},
		"a/chart.yaml":   {"a/x.yaml": false},
	} {
		f := parseAll(t, map[string]string{chart: "name: x\n"})
		for name, inChart := range want {
			if f.InChart(name) != inChart {
				t.Errorf("%s with %s: %v, want %v", name, chart, !inChart, inChart)
			}
		}
	}
}

// TestParseEnds: if the context ends, the rest of the files is missing, and that is no error.
func TestParseEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f := Parse(ctx, tree.New(map[string][]byte{"a.yaml": []byte(object), "kustomization.yaml": []byte("resources: [a.yaml]\n"), "b.yaml": []byte("a: [")}))
	if _, isList := f.ListIn("kustomization.yaml"); isList || len(f.Documents)+len(f.Broken) > 0 {
		t.Errorf("read %v", f.Documents)
	}
}

// TestLineOfGenerator: kustomize adds a hash, a prefix and a suffix to the name of an entry.
func TestLineOfGenerator(t *testing.T) {
	t.Parallel()
	const text = "configMapGenerator:\n- name: app\n- literals: [a=b]\n  name: app-env\nsecretGenerator:\n- name: app-env-x\n- {}\n"
	for name, c := range map[string]struct {
		text, list, built string
		want              int
	}{
		"Shorter":      {text, "configMapGenerator", "app-5h2k", 2},
		"Longest":      {text, "configMapGenerator", "pre-app-env-x-5h2k", 4},
		"OtherList":    {text, "secretGenerator", "app-env-x-5h2k", 6},
		"NoEntry":      {text, "secretGenerator", "app", 0},
		"NoList":       {text, "helmCharts", "app", 0},
		"NoSequence":   {"configMapGenerator: app\n", "configMapGenerator", "app", 0},
		"NotParseable": {"configMapGenerator: [\n", "configMapGenerator", "app", 0},
	} {
		f := &Parsed{Tree: &tree.Tree{Files: map[string][]byte{"k": []byte(c.text)}}}
		if got := f.LineOfGenerator("k", c.list, c.built); got != c.want {
			t.Errorf("%s: line %d, want %d", name, got, c.want)
		}
	}
}
