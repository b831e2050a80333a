package offline

import (
	"go.yaml.in/yaml/v3"
	kustomize "sigs.k8s.io/kustomize/api/types"
)

// charts removes the Helm charts if the builder may inflate them, which runs helm and downloads them (kustomize
// api/internal/builtins/HelmChartInflationGenerator.go). Otherwise it removes their remote values files only: kustomize-controller builds
// without --enable-helm (fluxcd/pkg kustomize v1.39 kustomize_generator.go, Build), so kustomize rejects charts before it reads values.
func (c *cleaner) charts(k *kustomize.Kustomization) {
	if c.noCharts {
		c.removeCharts(k)
	}
	for i := range k.HelmCharts {
		chart := &k.HelmCharts[i]
		if c.file(chart.ValuesFile) {
			chart.ValuesFile = ""
		}
		chart.AdditionalValuesFiles = drop(chart.AdditionalValuesFiles, c.file)
	}
	for i := range k.HelmChartInflationGenerator {
		if c.file(k.HelmChartInflationGenerator[i].Values) {
			k.HelmChartInflationGenerator[i].Values = ""
		}
	}
}

func (c *cleaner) removeCharts(k *kustomize.Kustomization) {
	for _, chart := range k.HelmCharts {
		c.removeChart(c.tree.KustomizationFile(c.folder), chart.Name)
	}
	for _, chart := range k.HelmChartInflationGenerator {
		c.removeChart(c.tree.KustomizationFile(c.folder), chart.ChartName)
	}
	k.HelmCharts, k.HelmChartInflationGenerator, k.HelmGlobals = nil, nil, nil
}

func (c *cleaner) removeChart(file, name string) {
	c.changed = true
	c.report(removedEntry{file: file, value: name, objects: true, chart: true})
}

// isChart reports whether a configuration in generators is that of a Helm chart.
func (c *cleaner) isChart(d pluginDocument) bool {
	name, is := chartIn(d.node)
	if is && c.noCharts {
		c.removeChart(d.file, name)
	}
	return is && c.noCharts
}

func chartIn(node *yaml.Node) (name string, is bool) {
	var plugin struct {
		Kind string `yaml:"kind"`
		Name string `yaml:"name"`
	}
	_ = node.Decode(&plugin) // kustomize rejects what has another form
	return plugin.Name, plugin.Kind == "HelmChartInflationGenerator"
}
