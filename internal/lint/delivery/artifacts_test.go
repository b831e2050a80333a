package delivery_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/linttest"
)

func TestExternalArtifacts(t *testing.T) {
	t.Parallel()
	generator := func(namespace, spec string) string {
		return "{apiVersion: source.extensions.fluxcd.io/v1beta1, kind: ArtifactGenerator, metadata: {name: g, namespace: " + namespace + "}, spec: {" + spec + "}}\n"
	}
	kustomization := func(source string) string {
		return linttest.Flux("Kustomization", "apps", "prune: true, path: ./, sourceRef: {kind: ExternalArtifact, name: "+source+"}")
	}
	const outputs = "sources: [{alias: r, kind: GitRepository, name: r}], artifacts: [{name: b, copy: [{from: '@r/b/**', to: '@artifact/'}]}, {name: a, copy: [{from: '@r/a/**', to: '@artifact/'}]}]"
	generated := generator("flux-system", outputs)
	missing := []string{"apps.yaml warning SourceNotFound Kustomization flux-system/apps names ExternalArtifact flux-system/c, which no ArtifactGenerator of this repository makes"}
	linttest.CompareMessages(t, "Made", generated+kustomization("a"), nil)
	linttest.CompareMessages(t, "NotMade", generated+kustomization("c"), missing)
	linttest.CompareMessages(t, "NoGenerators", kustomization("c"), nil)
	linttest.CompareMessages(t, "OtherNamespace", generator("web", outputs)+kustomization("c"), nil)
	linttest.CompareMessages(t, "Pattern", generator("flux-system", "pathPattern: '@r/*', "+outputs)+kustomization("c"), nil)
	linttest.CompareMessages(t, "Variable", generated+kustomization("'${C}'"), nil)
	linttest.CompareMessages(t, "Chart", generated+linttest.Flux("HelmRelease", "apps", "chartRef: {kind: ExternalArtifact, name: c}"), []string{strings.Replace(missing[0], "Kustomization", "HelmRelease", 1)})
}

// TestRootArtifacts: nothing applies the Kustomization, or the generator. Kustomizations of several clusters share the generators.
func TestRootArtifacts(t *testing.T) {
	t.Parallel()
	const generator = "{apiVersion: source.extensions.fluxcd.io/v1beta1, kind: ArtifactGenerator, metadata: {name: %s, namespace: flux-system}, spec: {artifacts: [{name: %s}]}}\n"
	kustomization := func(source string) string {
		return linttest.Flux("Kustomization", "apps", "prune: true, path: ./, sourceRef: {kind: ExternalArtifact, name: "+source+"}")
	}
	const missing = "apps.yaml warning SourceNotFound Kustomization flux-system/apps names ExternalArtifact flux-system/c, which no ArtifactGenerator of this repository makes"
	for name, c := range map[string]struct{ objects, roots, want string }{
		"Made":          {fmt.Sprintf(generator, "g", "a"), kustomization("a"), ""},
		"NotMade":       {fmt.Sprintf(generator, "g", "a"), kustomization("c"), missing},
		"BothRoots":     {"", fmt.Sprintf(generator, "g", "a") + kustomization("c"), missing},
		"MadeByRoot":    {fmt.Sprintf(generator, "g", "a") + kustomization("c"), fmt.Sprintf(generator, "h", "c"), ""},
		"NoGenerators":  {"", kustomization("c"), ""},
		"OtherClusters": {fmt.Sprintf(generator, "g", "a") + fmt.Sprintf(generator, "h", "c"), kustomization("c"), ""},
	} {
		r := linttest.Repository(t, linttest.Shop+c.objects)
		for i := range r.Objects {
			switch r.Objects[i].Ref.Name {
			case "g":
				r.Objects[i].Cluster = "clusters/one"
			case "h":
				r.Objects[i].Cluster = "clusters/two"
			}
		}
		for _, d := range linttest.Documents(t, c.roots) {
			r.Roots = append(r.Roots, *d)
		}
		if got := linttest.Of(t, r, "SourceNotFound"); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
