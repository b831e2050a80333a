package versions_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/linttest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/versions"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

const (
	registry = "oci://ghcr.io/openchoreo/helm-charts/"
	argoCD   = "{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: a, namespace: argocd}, spec: {%}}"
	argoSet  = "{apiVersion: argoproj.io/v1alpha1, kind: ApplicationSet, metadata: {name: a, namespace: argocd}, spec: {template: {spec: {%}}}}"
)

// in returns an object for the cluster of a test.
func in(t *testing.T, cluster, text string) manifest.Object {
	t.Helper()
	d := linttest.Documents(t, text)[0]
	return manifest.Object{Ref: d.Ref, Body: d.Body, Document: d, File: d.Place.File, Cluster: cluster}
}

// TestChartStatesTheRelease: only an object that installs the chart of the control plane states a release.
func TestChartStatesTheRelease(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ object, want string }{
		"HelmRelease":        {linttest.ChartRelease("1.0.3"), "1.0"},
		"ChartByPath":        {linttest.Flux("HelmRelease", "r", "chart: {spec: {chart: charts/openchoreo-control-plane, version: 1.1.0}}"), "1.1"},
		"DataPlane":          {linttest.Flux("HelmRelease", "r", "chart: {spec: {chart: openchoreo-data-plane, version: 1.1.0}}"), ""},
		"NoVersion":          {linttest.Flux("HelmRelease", "r", "chart: {spec: {chart: openchoreo-control-plane}}"), ""},
		"OtherHelmRelease":   {"{apiVersion: helm.example.com/v1, kind: HelmRelease, metadata: {name: r}, spec: {chart: {spec: {chart: openchoreo-control-plane, version: 1.0.0}}}}", ""},
		"HelmChart":          {linttest.Flux("HelmChart", "c", "chart: openchoreo-control-plane, version: 1.1.x"), "1.1"},
		"OtherHelmChart":     {"{apiVersion: helm.cattle.io/v1, kind: HelmChart, metadata: {name: c}, spec: {chart: openchoreo-control-plane, version: 1.0.0}}", ""},
		"Tag":                {linttest.Flux("OCIRepository", "o", "url: '"+registry+"openchoreo-control-plane', ref: {tag: 1.0.9}"), "1.0"},
		"RangeOverTag":       {linttest.Flux("OCIRepository", "o", "url: '"+registry+"openchoreo-control-plane', ref: {tag: 1.0.9, semver: 1.1.x}"), "1.1"},
		"BlankRange":         {linttest.Flux("OCIRepository", "o", "url: '"+registry+"openchoreo-control-plane', ref: {tag: ' 1.0.9 ', semver: ' '}"), "1.0"},
		"OtherRepository":    {linttest.Flux("OCIRepository", "o", "url: '"+registry+"other', ref: {tag: 1.0.9}"), ""},
		"OtherOCIRepository": {"{apiVersion: example.com/v1, kind: OCIRepository, metadata: {name: o}, spec: {url: '" + registry + "openchoreo-control-plane', ref: {tag: 1.0.9}}}", ""},
		"Application":        {strings.Replace(argoCD, "%", "source: {chart: openchoreo-control-plane, targetRevision: 1.0.1}", 1), "1.0"},
		"ApplicationByURL":   {strings.Replace(argoCD, "%", "source: {repoURL: '"+registry+"openchoreo-control-plane', targetRevision: 1.1.1}", 1), "1.1"},
		"SecondSource":       {strings.Replace(argoCD, "%", "sources: [{repoURL: 'https://git.example.com/x', targetRevision: 1.0.0}, {chart: openchoreo-control-plane, targetRevision: 1.1.1}]", 1), "1.1"},
		"OtherApplication":   {strings.Replace(argoCD, "%", "source: {chart: openchoreo-data-plane, targetRevision: 1.0.1}", 1), ""},
		"ApplicationOfK8s":   {strings.Replace(strings.Replace(argoCD, "argoproj.io/v1alpha1", "app.k8s.io/v1beta1", 1), "%", "source: {chart: openchoreo-control-plane, targetRevision: 1.0.1}", 1), ""},
		"ApplicationSet":     {strings.Replace(argoSet, "%", "source: {chart: openchoreo-control-plane, targetRevision: 1.0.1}", 1), "1.0"},
		"OtherSet":           {strings.Replace(strings.Replace(argoSet, "argoproj.io", "example.com", 1), "%", "source: {chart: openchoreo-control-plane, targetRevision: 1.0.1}", 1), ""},
		"Branch":             {strings.Replace(argoCD, "%", "source: {chart: openchoreo-control-plane, targetRevision: HEAD}", 1), ""},
		"OtherKind":          {"{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, spec: {chart: openchoreo-control-plane, version: 1.0.0}}", ""},
	} {
		v := versions.New(&manifest.Repository{Objects: []manifest.Object{in(t, "east", c.object)}}, "")
		if v.IsStated() != (c.want != "") {
			t.Errorf("%s: stated %t", name, v.IsStated())
		}
		want := c.want
		if want == "" {
			want = "1.2" // the newest release, if nothing states one
		}
		if got := v.Of("east"); got != want {
			t.Errorf("%s: release %q, want %q", name, got, want)
		}
	}
}

// TestEachClusterHasItsRelease: a cluster without the chart has the newest release of the others, and the flag counts for all.
func TestEachClusterHasItsRelease(t *testing.T) {
	t.Parallel()
	type result struct {
		Of, Judging map[string]string
		Later       []string
		Used        []string
		Stated      bool
	}
	east := func(version string) manifest.Object { return in(t, "east", linttest.ChartRelease(version)) }
	west := func(version string) manifest.Object { return in(t, "west", linttest.ChartRelease(version)) }
	for name, c := range map[string]struct {
		objects []manifest.Object
		flag    string
		want    result
	}{
		"NothingStated": {nil, "", result{Of: map[string]string{"east": "1.2", "west": "1.2", "north": "1.2"}, Used: []string{"1.2"}}},
		"Two":           {[]manifest.Object{east("1.0.1"), west("1.1.0")}, "", result{Of: map[string]string{"east": "1.0", "west": "1.1", "north": "1.1"}, Used: []string{"1.0", "1.1"}, Stated: true}},
		"NewestFirst":   {[]manifest.Object{west("1.1.0"), east("1.0.1")}, "", result{Of: map[string]string{"east": "1.0", "west": "1.1", "north": "1.1"}, Used: []string{"1.0", "1.1"}, Stated: true}},
		"TwoInOne":      {[]manifest.Object{east("1.1.0"), east("1.0.1")}, "", result{Of: map[string]string{"east": "1.1", "west": "1.1", "north": "1.1"}, Used: []string{"1.1"}, Stated: true}},
		"Upgraded":      {[]manifest.Object{east("1.0.1"), east("1.1.0")}, "", result{Of: map[string]string{"east": "1.1", "west": "1.1", "north": "1.1"}, Used: []string{"1.1"}, Stated: true}},
		"Flag":          {[]manifest.Object{east("1.0.1"), west("1.2.0")}, "1.1", result{Of: map[string]string{"east": "1.1", "west": "1.1", "north": "1.1"}, Used: []string{"1.1"}, Stated: true}},
		"FlagAlone":     {nil, "1.0", result{Of: map[string]string{"east": "1.0", "west": "1.0", "north": "1.0"}, Used: []string{"1.0"}, Stated: true}},
		// 0.16 has no known definitions, and 1.10 is later than 1.2: it is no decimal number.
		"EarlierAndLater": {[]manifest.Object{east("0.16.0"), west("1.10.0")}, "", result{
			Of: map[string]string{"east": "0.16", "west": "1.10", "north": "1.10"}, Judging: map[string]string{"east": "", "west": "1.2", "north": "1.2"},
			Later: []string{"west", "north"}, Used: []string{"1.2"}, Stated: true,
		}},
		"Earlier": {[]manifest.Object{east("0.16.0")}, "", result{
			Of: map[string]string{"east": "0.16", "west": "0.16", "north": "0.16"}, Judging: map[string]string{"east": "", "west": "", "north": ""}, Stated: true,
		}},
	} {
		v := versions.New(&manifest.Repository{Objects: c.objects}, c.flag)
		got := result{Of: map[string]string{}, Judging: map[string]string{}, Used: v.Used(), Stated: v.IsStated()}
		for _, cluster := range []string{"east", "west", "north"} {
			got.Of[cluster], got.Judging[cluster] = v.Of(cluster), v.Judging(cluster)
			if v.IsLater(cluster) {
				got.Later = append(got.Later, cluster)
			}
		}
		if c.want.Judging == nil {
			c.want.Judging = c.want.Of // a known release has its own definitions
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestUnappliedChartCountsAlone: a chart that nothing applies states the release only if no applied one does.
func TestUnappliedChartCountsAlone(t *testing.T) {
	t.Parallel()
	loose := manifest.Document{}
	if all := linttest.Documents(t, linttest.ChartRelease("1.0.1")); len(all) == 1 {
		loose = *all[0]
	}
	for name, c := range map[string]struct {
		objects []manifest.Object
		want    string
	}{
		"Alone":          {nil, "1.0"},
		"NoVersion":      {[]manifest.Object{in(t, "", linttest.ChartRelease("main"))}, "1.0"},
		"BesideApplied":  {[]manifest.Object{in(t, "", linttest.ChartRelease("1.1.0"))}, "1.1"},
		"OtherIsApplied": {[]manifest.Object{in(t, "", linttest.Choreo("Project", "p", ""))}, "1.0"},
	} {
		v := versions.New(&manifest.Repository{Objects: c.objects, Unapplied: []manifest.Document{loose}}, "")
		if got := v.Of("any"); got != c.want || !v.IsStated() {
			t.Errorf("%s: release %q, stated %t, want %q", name, got, v.IsStated(), c.want)
		}
	}
}

// TestAssumedRelease: the release that objects suggest counts only if neither the flag nor a chart states one.
func TestAssumedRelease(t *testing.T) {
	t.Parallel()
	chart := &manifest.Repository{Objects: []manifest.Object{in(t, "", linttest.ChartRelease("1.1.0"))}}
	for name, c := range map[string]struct {
		repository *manifest.Repository
		flag, want string
	}{
		"NothingStated": {&manifest.Repository{}, "", "1.0"},
		"Chart":         {chart, "", "1.1"},
		"Flag":          {&manifest.Repository{}, "1.2", "1.2"},
	} {
		v := versions.New(c.repository, c.flag)
		stated := v.IsStated()
		v.Assume("1.0")
		if got := v.Of(""); got != c.want || v.IsStated() != stated {
			t.Errorf("%s: release %q, want %q; stated %t, before %t", name, got, c.want, v.IsStated(), stated)
		}
		if diff := cmp.Diff([]string{c.want}, v.Used()); diff != "" {
			t.Errorf("%s: definitions (-want +got)\n%s", name, diff)
		}
	}
}
