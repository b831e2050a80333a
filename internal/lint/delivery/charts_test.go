package delivery_test

import (
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/linttest"
)

func TestChartSources(t *testing.T) {
	t.Parallel()
	repo := linttest.Flux("HelmRepository", "charts", "url: 'https://charts.example.net'")
	release := func(name, source string) string {
		return linttest.Flux("HelmRelease", name, "chart: {spec: {chart: c, sourceRef: {kind: HelmRepository, "+source+"}}}")
	}
	const missing = "two.yaml warning SourceNotFound HelmRelease flux-system/two names HelmRepository "
	linttest.CompareMessages(t, "Declared", repo+release("one", "name: charts"), nil)
	linttest.CompareMessages(t, "Slip", repo+release("one", "name: charts")+release("two", "name: chart"), []string{missing + "flux-system/chart, which is not in this repository"})
	linttest.CompareMessages(t, "OtherNamespace", repo+release("one", "name: charts")+release("two", "name: charts, namespace: web"), []string{missing + "web/charts, which is not in this repository"})
	linttest.CompareMessages(t, "NoSourcesHere", release("one", "name: charts")+release("two", "name: chart"), nil)
	linttest.CompareMessages(t, "Unnamed", repo+release("two", "name: other"), []string{missing + "flux-system/other, which is not in this repository"})
	linttest.CompareMessages(t, "Variable", repo+release("one", "name: charts")+release("two", "name: '${CHARTS}'"), nil)
	linttest.CompareMessages(t, "OtherKind", repo+release("one", "name: charts")+linttest.Flux("HelmRelease", "two", "chartRef: {kind: OCIRepository, name: x}"), nil)
	linttest.CompareMessages(t, "ChartRef", linttest.Flux("OCIRepository", "x", "url: 'oci://a/b'")+linttest.Flux("HelmRelease", "one", "chartRef: {kind: OCIRepository, name: x}")+linttest.Flux("HelmRelease", "two", "chartRef: {kind: OCIRepository, name: q}"), []string{
		"two.yaml warning SourceNotFound HelmRelease flux-system/two names OCIRepository flux-system/q, which is not in this repository",
	})
}

// TestSourceNamedByAVariable: a source whose name has a variable with an unknown value may be the one that a HelmRelease names. It has its default, if
// there is one.
func TestSourceNamedByAVariable(t *testing.T) {
	t.Parallel()
	const missing = "two.yaml warning SourceNotFound HelmRelease flux-system/two names OCIRepository flux-system/web, which is not in this repository"
	source := func(name string) string {
		return linttest.Flux("OCIRepository", "'"+name+"'", "url: 'oci://a/b'") + linttest.Flux("OCIRepository", "x", "url: 'oci://a/b'") + linttest.Flux("HelmRelease", "one", "chartRef: {kind: OCIRepository, name: x}")
	}
	elsewhere := func(name string) string {
		return strings.Replace(source(name), "namespace: flux-system", "namespace: other", 1)
	}
	release := linttest.Flux("HelmRelease", "two", "chartRef: {kind: OCIRepository, name: web}")
	linttest.CompareMessages(t, "Default", source("${CHART:=web}")+release, nil)
	linttest.CompareMessages(t, "OtherDefault", source("${CHART:=api}")+release, []string{missing})
	linttest.CompareMessages(t, "NoDefault", source("${CHART}")+release, nil)
	linttest.CompareMessages(t, "Part", source("w${CHART:-e}${B}")+release, nil)
	linttest.CompareMessages(t, "OtherPart", source("a-${CHART}")+release, []string{missing})
	linttest.CompareMessages(t, "Elsewhere", elsewhere("${CHART}")+release, []string{missing})
}

// TestMeantSource: a source that is not declared stands for one that nothing names, or for one of its name that has another kind. Kustomizations,
// HelmCharts and ArtifactGenerators name sources as well.
func TestMeantSource(t *testing.T) {
	t.Parallel()
	source := func(kind, name string) string { return linttest.Flux(kind, name, "url: 'oci://a/b'") }
	release := func(kind, name string) string {
		return linttest.Flux("HelmRelease", "web", "chartRef: {kind: "+kind+", name: "+name+"}")
	}
	elsewhere := strings.Replace(source("OCIRepository", "chart"), "namespace: flux-system", "namespace: other", 1)
	chart := linttest.Flux("HelmChart", "chart", "chart: c, sourceRef: {kind: HelmRepository, name: charts}")
	const generator = "{apiVersion: source.extensions.fluxcd.io/v1beta1, kind: ArtifactGenerator, metadata: {name: g, namespace: flux-system}, spec: {sources: [{alias: w, kind: GitRepository, name: other}, {alias: x, kind: OCIRepository, name: chart}], artifacts: []}}\n"
	const isMeant = "nothing names OCIRepository flux-system/chart, which is in this repository: is it meant?"
	for name, c := range map[string]struct{ text, want string }{
		"Declared":          {source("OCIRepository", "chart") + release("OCIRepository", "chart"), ""},
		"Unnamed":           {source("OCIRepository", "chart") + release("OCIRepository", "web"), isMeant},
		"UnnamedElsewhere":  {elsewhere + release("OCIRepository", "web"), ""},
		"SameNameElsewhere": {elsewhere + release("OCIRepository", "chart"), "is OCIRepository other/chart meant?"},
		"Mistyped":          {source("OCIRepository", "chart") + release("OCIRepository", "chrt"), "is OCIRepository flux-system/chart meant?"},
		"OtherKind":         {source("OCIRepository", "chart") + release("HelmChart", "chart"), "is OCIRepository flux-system/chart meant?"},
		"UnnamedChart":      {chart + source("HelmRepository", "charts") + release("HelmChart", "web"), "nothing names HelmChart flux-system/chart, which is in this repository: is it meant?"},
		"NamedByChart":      {chart + source("HelmRepository", "charts") + linttest.Flux("HelmRelease", "web", "chart: {spec: {chart: c, sourceRef: {kind: HelmRepository, name: q}}}"), ""},
		"NamedByGenerator":  {source("OCIRepository", "chart") + generator + release("OCIRepository", "web"), ""},
		"NamedByAnother":    {source("OCIRepository", "chart") + linttest.Flux("Kustomization", "k", "prune: true, path: ./, sourceRef: {kind: OCIRepository, name: chart}") + release("OCIRepository", "web"), ""},
		"NothingHere":       {release("OCIRepository", "web"), ""},
		"Variable":          {source("OCIRepository", "chart") + release("OCIRepository", "'${A}'"), ""},
	} {
		got := ""
		for _, f := range linttest.Findings(t, linttest.Repository(t, linttest.Shop+c.text)) {
			if f.Code == "SourceNotFound" {
				got += f.Hint
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
