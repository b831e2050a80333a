package offline

import (
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCharts: kustomize-controller builds without --enable-helm, so kustomize itself rejects charts. A builder with the option runs helm,
// which downloads them (kustomize api/internal/builtins/HelmChartInflationGenerator.go).
func TestCharts(t *testing.T) {
	t.Parallel()
	const (
		remote = "https://h.example/x.yaml"
		chart  = "kind: HelmChartInflationGenerator\nname: redis\nvaluesFile: v.yaml\n"
		other  = "kind: ConfigMapGenerator\nname: redis\n"
	)
	removed := func(file, name string) Removed {
		return Removed{file, name, "the Helm chart " + name + " was not checked: charts are not inflated without their repository", true}
	}
	const k = "k/kustomization.yaml"
	for name, c := range map[string]struct {
		text     string
		noCharts bool
		want     string
		removed  []Removed
		missing  []string
	}{
		"Kept":    {"helmCharts: [{name: a}]\n", false, "helmCharts: [{name: a}]\n", nil, nil},
		"Removed": {"helmCharts: [{name: a}, {name: b}]\nhelmGlobals: {chartHome: c}\nnamePrefix: x-\n", true, "namePrefix: x-\nresources: []\n", []Removed{removed(k, "a"), removed(k, "b")}, []string{"the Helm chart a", "the Helm chart b"}},
		// kustomize converts the older field (api/types/kustomization.go, FixKustomizationPostUnmarshalling).
		"OlderField":    {"helmChartInflationGenerator: [{chartName: a}]\n", true, "resources: []\n", []Removed{removed(k, "a")}, []string{"the Helm chart a"}},
		"Resources":     {"helmCharts: [{name: a}]\nresources: [b.yaml]\n", true, "resources:\n- b.yaml\n", []Removed{removed(k, "a")}, []string{"the Helm chart a"}},
		"GeneratorKept": {"generators: [chart.yaml]\n", false, "generators: [chart.yaml]\n", nil, nil},
		"Generator":     {"generators: [chart.yaml]\n", true, "resources: []\n", []Removed{removed("k/chart.yaml", "redis")}, []string{"the Helm chart redis"}},
		"Other":         {"generators: [other.yaml]\n", true, "generators: [other.yaml]\n", nil, nil},
		"Inline":        {"generators: [\"{kind: HelmChartInflationGenerator, name: redis}\"]\n", true, "resources: []\n", []Removed{removed(k, "redis")}, []string{"the Helm chart redis"}},
		"OneOfTwo":      {"generators: [both.yaml]\n", true, "generators:\n- |\n  ---\n  kind: ConfigMapGenerator\n  name: redis\nresources: []\n", []Removed{removed("k/both.yaml", "redis")}, []string{"the Helm chart redis"}},
		"RemoteValues": {
			"generators: [\"{kind: HelmChartInflationGenerator, name: redis, valuesFile: '" + remote + "'}\"]\n", false, "resources: []\n",
			[]Removed{{k, remote, remote + " is not in this repository and was not checked", false}},
			[]string{remote},
		},
	} {
		var got []Removed
		r := New(t.Context(), treeOf(map[string]string{"k": c.text, "k/chart.yaml": chart, "k/other.yaml": other, "k/both.yaml": chart + "---\n" + other}), c.noCharts, func(e Removed) { got = append(got, e) })
		file := path.Join(Root, k)
		text, _ := r.FileSystem.ReadFile(file)
		plain := strings.NewReplacer("apiVersion: kustomize.config.k8s.io/v1beta1\n", "", "kind: Kustomization\n", "").Replace(string(text))
		if diff := cmp.Diff(c.want, plain); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		if diff := cmp.Diff(c.removed, got); diff != "" {
			t.Errorf("%s: removed (-want +got)\n%s", name, diff)
		}
		if diff := cmp.Diff(c.missing, r.kustomizations[file].missing); diff != "" {
			t.Errorf("%s: missing (-want +got)\n%s", name, diff)
		}
	}
}
