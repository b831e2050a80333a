package checkout

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

func application(spec string) string {
	return "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web, namespace: argocd}\nspec: {destination: {namespace: shop}, source: {repoURL: 'https://x.example/ours', path: web" + spec + "}}\n"
}

func argoCM(options string) string {
	return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: argocd-cm, namespace: argocd}\ndata: {kustomize.buildOptions: " + options + "}\n"
}

// TestHelmCharts: a chart is left out and reported if the builder inflates it, or if that is not known. Without --enable-helm, as in
// kustomize-controller, the build fails.
func TestHelmCharts(t *testing.T) {
	t.Parallel()
	const charts = "helmCharts: [{name: nginx, repo: 'https://h.example/charts', version: 1.0.0}]\n"
	const patch = "patches:\n- target: {kind: Deployment, name: nginx}\n  patch: '[{\"op\": \"remove\", \"path\": \"/spec/replicas\"}]'\n- patch: |\n    apiVersion: apps/v1\n    kind: Deployment\n    metadata: {name: nginx}\n    spec: {replicas: 2}\n"
	const plugin = "apiVersion: builtin\nkind: HelmChartInflationGenerator\nmetadata: {name: x}\nname: nginx\nrepo: https://h.example/charts\n"
	kept := []string{"the Helm chart nginx was not checked: charts are not inflated without their repository"}
	const refused = "helmCharts need --enable-helm"
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"ArgoCD":            {map[string]string{"app.yaml": application(""), "web/kustomization.yaml": kustomization("a.yaml") + charts}, kept},
		"ArgoCDEnables":     {map[string]string{"app.yaml": application(""), "cm.yaml": argoCM("--enable-helm"), "web/kustomization.yaml": kustomization("a.yaml") + charts}, kept},
		"ArgoCDDoesNot":     {map[string]string{"app.yaml": application(""), "cm.yaml": argoCM("--load-restrictor LoadRestrictionsNone"), "web/kustomization.yaml": kustomization("a.yaml") + charts}, []string{refused}},
		"Plugin":            {map[string]string{"app.yaml": application(", plugin: {name: p}"), "cm.yaml": argoCM("--load-restrictor LoadRestrictionsNone"), "web/kustomization.yaml": kustomization("a.yaml") + charts}, kept},
		"PluginOfThisRepo":  {map[string]string{"app.yaml": application(""), "cm.yaml": argoCM("''"), "cmp.yaml": configMap("cmp") + "data: {p: 'kustomize build --enable-helm .'}\n", "web/kustomization.yaml": kustomization("a.yaml") + charts}, kept},
		"NoBuilder":         {map[string]string{"web/kustomization.yaml": kustomization("a.yaml") + charts}, kept},
		"Flux":              {map[string]string{"flux/flux.yaml": ks("web", "./web", ""), "web/kustomization.yaml": kustomization("a.yaml") + charts}, []string{refused}},
		"FluxAndEnableHelm": {map[string]string{"flux/flux.yaml": ks("web", "./web", ""), "cm.yaml": argoCM("--enable-helm"), "web/kustomization.yaml": kustomization("a.yaml") + charts}, []string{refused}},
		"ChangesOfTheChart": {map[string]string{"app.yaml": application(""), "web/kustomization.yaml": kustomization("a.yaml") + charts + patch}, append([]string{"the changes to Deployment nginx were not checked: it is not in this repository, and may come from the Helm chart nginx"}, kept...)},
		"Generator":         {map[string]string{"app.yaml": application(""), "web/kustomization.yaml": kustomization("a.yaml") + "generators: [chart.yaml]\n", "web/chart.yaml": plugin}, kept},
		"GeneratorOfFlux":   {map[string]string{"flux/flux.yaml": ks("web", "./web", ""), "web/kustomization.yaml": kustomization("a.yaml") + "generators: [chart.yaml]\n", "web/chart.yaml": plugin}, []string{refused}},
		"OnlyCharts":        {map[string]string{"app.yaml": application(""), "web/kustomization.yaml": charts}, kept},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.files["web/a.yaml"] = configMap("a")
			r := load(t, c.files)
			var got []string
			for _, p := range r.Problems {
				message := p.Message
				if strings.Contains(message, refused) {
					message = refused
				}
				if isFailure := p.Kind == manifest.NotBuilt; isFailure != (message == refused) {
					t.Errorf("%s: kind %d", p.Message, p.Kind)
				}
				got = append(got, message)
			}
			if diff := cmp.Diff(sortedLines(c.want), sortedLines(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestFieldsOfRemotePatches: a JSON patch needs a field that a remote patch may add.
func TestFieldsOfRemotePatches(t *testing.T) {
	t.Parallel()
	const remote = "patches:\n- path: https://h.example/patch.yaml\n  target: {kind: ConfigMap}\n"
	const local = "- target: {kind: ConfigMap}\n  patch: |-\n    - op: replace\n      path: /data/a/b\n      value: x\n"
	files := map[string]string{"flux/flux.yaml": ks("web", "./web", ""), "web/kustomization.yaml": kustomization("a.yaml") + remote + local, "web/a.yaml": configMap("a")}
	r := load(t, files)
	var got []string
	for _, p := range r.Problems {
		got = append(got, p.Message)
		if p.Kind != manifest.RemoteNotFetched {
			t.Errorf("%s: kind %d", p.Message, p.Kind)
		}
	}
	want := []string{
		"https://h.example/patch.yaml is not in this repository and was not checked",
		"the changes to /data/a/b were not checked: it is not in this repository, and may come from https://h.example/patch.yaml",
	}
	if diff := cmp.Diff(want, sortedLines(got)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	files["web/kustomization.yaml"] = kustomization("a.yaml") + "patches:\n" + local
	if r := load(t, files); len(r.Problems) != 1 || r.Problems[0].Kind != manifest.NotBuilt {
		t.Errorf("without a remote patch: %v", r.Problems)
	}
}

func sortedLines(lines []string) []string {
	sorted := slices.Clone(lines)
	slices.Sort(sorted)
	return sorted
}
