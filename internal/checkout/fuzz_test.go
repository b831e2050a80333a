package checkout

import (
	"context"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
)

// FuzzLoad checks hostile kustomization.yaml files, plugin configurations and manifests. They must not cause a panic, a request
// (TestMain), or a build that continues after its context has ended. It runs in memory, because Load starts git three times. That
// reduced hundreds of inputs a second to a few, and on a busy machine it exceeded the ten seconds after which Go ends a worker
// (internal/fuzz/worker.go).
func FuzzLoad(f *testing.F) {
	plugin := "apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: p}\npath: "
	for _, text := range []string{
		kustomization("a.yaml", "https://h.example/x"), "resources: [a.yaml, ../k]\n", "components: [../b]\nresources: [a.yaml]\n", "transformers: [p.yaml]\nresources: [a.yaml]\n",
		"generators:\n- |\n  apiVersion: builtin\n  kind: ConfigMapGenerator\n  metadata: {name: g}\n  files: [k=http://h.example]\n", "transformers: [../b]\nvalidators: [p.yaml]\nresources: [a.yaml]\n",
		"patches: [{path: p.yaml}]\nresources: [a.yaml]\n", "vars: [{name: X, objref: {kind: ConfigMap, name: a}}]\nresources: [a.yaml, \"git@h:a/b\"]\n", "a: &a [*a]\n", "helmCharts: [{name: c, repo: https://h.example}]\n",
		"openapi: {path: https://h.example}\nresources: [a.yaml]\nreplicas: [{name: a, count: 1}]\n", "replacements: [{source: {name: a}, targets: [{select: {name: a}, fieldPaths: [data.a]}]}]\nresources: [a.yaml]\n",
	} {
		f.Add([]byte(text), []byte(kustomization("../k/a.yaml")), []byte(configMap("a")), []byte(plugin+"https://h.example/x\n"))
	}
	f.Fuzz(func(t *testing.T, k, b, object, plugin []byte) {
		files := tree.New(map[string][]byte{"k/kustomization.yaml": k, "b/kustomization.yaml": b, "k/a.yaml": object, "k/p.yaml": plugin})
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		requests := network.count()
		if _, err := newLoader(ctx, files).load(func([]string) ([]string, bool) { return nil, false }); err != nil && ctx.Err() == nil {
			t.Error(err)
		}
		if ctx.Err() != nil {
			t.Fatal(ctx.Err())
		}
		if network.count() > requests {
			t.Fatalf("requests were made: %v", network.urls)
		}
	})
}
