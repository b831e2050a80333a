package checkout

import (
	"context"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
)

// FuzzLoad: a hostile kustomization.yaml, plugin configuration and manifest make no panic and no request (TestMain), and no build
// that goes on after it was interrupted. It runs in memory: Load starts git three times, which made of hundreds of inputs in a second a
// few, and on a busy machine ran into the ten seconds after which Go ends a worker (internal/fuzz/worker.go).
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
		newLoader(ctx, files).load(func([]string) []string { return nil })
		if ctx.Err() != nil {
			t.Fatal(ctx.Err())
		}
		if network.count() > requests {
			t.Fatalf("requests were made: %v", network.urls)
		}
	})
}
