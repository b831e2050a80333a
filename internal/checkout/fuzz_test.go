package checkout

import (
	"context"
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"
	"time"
)

// FuzzLoad: a hostile kustomization.yaml, plugin configuration and manifest make no panic and no request (TestMain), and no build
// that goes on after it was interrupted.
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
		dir := t.TempDir()
		for name, text := range map[string][]byte{"k/kustomization.yaml": k, "b/kustomization.yaml": b, "k/a.yaml": object, "k/p.yaml": plugin} {
			full := filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(full, text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		// Go's fuzzing waits without end for an input that hangs; one that ends its process is written to testdata/fuzz.
		debug.SetTraceback("all")
		defer time.AfterFunc(time.Minute, func() { panic("Load has not returned for a minute") }).Stop()
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		requests := network.count()
		if _, err := Load(ctx, Options{Dir: dir}); err != nil {
			t.Fatal(err)
		}
		if network.count() > requests {
			t.Fatalf("requests were made: %v", network.urls)
		}
	})
}
