package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"
)

var checksums = strings.Repeat("a", 64) + "  kubectl-choreo_0.1.0_linux_amd64.tar.gz\n" +
	strings.Repeat("b", 64) + "  kubectl-choreo_0.1.0_linux_amd64.tar.gz.sbom.json\n" +
	strings.Repeat("c", 64) + "  kubectl-choreo_0.1.0_windows_amd64.zip\n" +
	strings.Repeat("d", 64) + "  flux-choreo_0.1.0_linux_amd64.tar.gz\n" +
	strings.Repeat("e", 64) + "  flux-choreo_0.1.0_linux_amd64.tar.gz.sbom.json\n" +
	strings.Repeat("f", 64) + "  flux-choreo_0.1.0_windows_amd64.zip\n"

func renderManifest(t *testing.T, checksums, url, template string) map[string]any {
	t.Helper()
	var out strings.Builder
	if err := run(strings.NewReader(checksums), &out, url, []string{template}); err != nil {
		t.Fatal(err)
	}
	var manifest map[string]any
	if err := yaml.UnmarshalStrict([]byte(out.String()), &manifest); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	return manifest
}

func TestKrewManifest(t *testing.T) {
	t.Parallel()
	spec := renderManifest(t, checksums, "https://example.org/download", "../krew.yaml")["spec"].(map[string]any)
	want := []any{
		map[string]any{
			"selector": map[string]any{"matchLabels": map[string]any{"os": "linux", "arch": "amd64"}}, "bin": "kubectl-choreo",
			"uri": "https://example.org/download/v0.1.0/kubectl-choreo_0.1.0_linux_amd64.tar.gz", "sha256": strings.Repeat("a", 64),
		},
		map[string]any{
			"selector": map[string]any{"matchLabels": map[string]any{"os": "windows", "arch": "amd64"}}, "bin": "kubectl-choreo.exe",
			"uri": "https://example.org/download/v0.1.0/kubectl-choreo_0.1.0_windows_amd64.zip", "sha256": strings.Repeat("c", 64),
		},
	}
	if diff := cmp.Diff(want, spec["platforms"]); diff != "" || spec["version"] != "v0.1.0" {
		t.Errorf("version %v, platforms (-want +got)\n%s", spec["version"], diff)
	}
}

// TestFluxManifest expects all required fields and no unknown ones of the schema of Flux's catalogue (fluxcd/plugins
// schemas/plugin-cli-v1beta1.json).
func TestFluxManifest(t *testing.T) {
	t.Parallel()
	const program = "https://github.com/kubectl-choreo/kubectl-choreo"
	want := map[string]any{
		"apiVersion": "cli.fluxcd.io/v1beta1", "kind": "Plugin", "name": "choreo", "bin": "flux-choreo",
		"description": "Trace OpenChoreo components from Git to pods", "homepage": program, "source": program,
		"versions": []any{map[string]any{"version": "0.1.0", "platforms": []any{
			map[string]any{
				"os": "linux", "arch": "amd64", "url": "https://example.org/download/v0.1.0/flux-choreo_0.1.0_linux_amd64.tar.gz",
				"checksum": "sha256:" + strings.Repeat("d", 64),
			},
			map[string]any{
				"os": "windows", "arch": "amd64", "url": "https://example.org/download/v0.1.0/flux-choreo_0.1.0_windows_amd64.zip",
				"checksum": "sha256:" + strings.Repeat("f", 64),
			},
		}}},
	}
	if diff := cmp.Diff(want, renderManifest(t, checksums, "https://example.org/download", "flux.yaml")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestChecksumsThatAreNone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ checksums, text string }{
		"Nothing":     {"", "no archive of kubectl-choreo or of flux-choreo"},
		"OneProgram":  {strings.ReplaceAll(checksums, "flux-", "kubectl-"), "no archive of kubectl-choreo or of flux-choreo"},
		"TwoVersions": {checksums + strings.ReplaceAll(checksums, "0.1.0", "0.2.0"), "archives of versions 0.1.0 and 0.2.0"},
	} {
		if _, err := readChecksums(strings.NewReader(c.checksums), ""); err == nil || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: error %v, want %q", name, err, c.text)
		}
	}
}
