package cli

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// silentServer accepts connections and never answers. It returns its address, and a function that reports whether it was contacted.
func silentServer(t *testing.T) (address string, contacted func() bool) {
	t.Helper()
	server, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	calls := make(chan struct{}, 1000)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			connection, err := server.Accept()
			if err != nil {
				return
			}
			calls <- struct{}{}
			_ = connection.Close() // so that a lint with a defect ends
		}
	}()
	t.Cleanup(func() {
		_ = server.Close()
		<-ended
	})
	return server.Addr().String(), func() bool { return len(calls) > 0 }
}

// remoteEntries are the fields of a kustomization.yaml that can name a server, with the protocols of Git and HTTP. SERVER is its address.
func remoteEntries() map[string]string {
	entries := map[string]string{
		"chart":           "helmCharts: [{name: c, repo: \"http://SERVER\", version: 1.0.0, releaseName: c}]\n",
		"chart-oci":       "helmCharts: [{name: c, repo: \"oci://SERVER/charts\", version: 1.0.0}]\n",
		"chart-values":    "helmCharts: [{name: c, valuesFile: \"http://SERVER/v.yaml\", additionalValuesFiles: [\"http://SERVER/w.yaml\"]}]\n",
		"chart-inflation": "helmChartInflationGenerator: [{chartName: c, chartRepoUrl: \"http://SERVER\", values: \"http://SERVER/v.yaml\"}]\n",
		"chart-plugin":    "generators:\n- |\n  {apiVersion: builtin, kind: HelmChartInflationGenerator, metadata: {name: c}, name: c, repo: \"http://SERVER\", valuesFile: \"http://SERVER/v.yaml\"}\n",
		"openapi":         "openapi: {path: \"http://SERVER/schema.json\"}\n",
		"files":           "configMapGenerator: [{name: g, files: [\"k=http://SERVER/f\"]}]\n",
		"envs":            "secretGenerator: [{name: g, envs: [\"http://SERVER/f\"]}]\n",
		"patches":         "patches: [{path: \"http://SERVER/p.yaml\"}]\n",
		"replacements":    "replacements: [{path: \"http://SERVER/r.yaml\"}]\n",
		"crds":            "crds: [\"http://SERVER/c.json\"]\n",
		"configurations":  "configurations: [\"http://SERVER/c.yaml\"]\n",
	}
	urls := map[string]string{
		"http": "http://SERVER/a.yaml", "git-http": "git::http://SERVER/a/b.git//c?ref=main", "git": "http://SERVER/a/b.git?ref=main",
		"ssh": "ssh://git@SERVER/a/b.git", "git-ssh": "git::ssh://git@SERVER/a/b",
	}
	for _, field := range []string{"resources", "components", "bases", "generators", "transformers", "validators"} {
		for protocol, url := range urls {
			entries[field+"-"+protocol] = field + ": [\"" + url + "\"]\n"
		}
	}
	return entries
}

// TestLintContactsNoServer: neither kustomize nor git connects to what a repository names, so a server that never answers delays nothing.
// The program's own refusal of all HTTP requests is not in effect here.
func TestLintContactsNoServer(t *testing.T) {
	t.Parallel()
	address, contacted := silentServer(t)
	dir := t.TempDir()
	for name, text := range remoteEntries() {
		folder := filepath.Join(dir, name)
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		for file, text := range map[string]string{
			"kustomization.yaml": strings.ReplaceAll(text, "SERVER", address),
			"a.yaml":             fmt.Sprintf("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, namespace: shop}\n", name),
			"flux.yaml": fmt.Sprintf(`apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: %[1]s, namespace: shop}
spec: {url: "http://%[2]s/a/b.git"}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: %[1]s, namespace: shop}
spec: {path: ./%[1]s, sourceRef: {kind: GitRepository, name: %[1]s}}
`, name, address),
		} {
			if err := os.WriteFile(filepath.Join(folder, file), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	stdout, stderr, exit := runIn(t, nil, "lint", dir)
	if contacted() {
		t.Errorf("the server was contacted:\n%s%s", stdout, stderr)
	}
	if exit != 0 && exit != 2 || !strings.Contains(stdout, address) {
		t.Errorf("exit code %d, and it does not report what was left out:\n%s%s", exit, stdout, stderr)
	}
}
