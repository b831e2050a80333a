package main

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"
)

// updaterPlatforms returns the platforms that the updater of Flux's catalogue adds for a release. It finds archives by name, in this order,
// and omits those without a checksum (fluxcd/plugins .github/workflows/update-plugin.yaml).
func updaterPlatforms(checksums, url, version string) []any {
	var platforms []any
	for _, p := range []struct{ os, arch, suffix string }{
		{"darwin", "amd64", "tar.gz"},
		{"darwin", "arm64", "tar.gz"},
		{"linux", "amd64", "tar.gz"},
		{"linux", "arm64", "tar.gz"},
		{"windows", "amd64", "zip"},
		{"windows", "arm64", "zip"},
	} {
		name := "flux-choreo_" + version + "_" + p.os + "_" + p.arch + "." + p.suffix
		for line := range strings.Lines(checksums) {
			if sum, ok := strings.CutSuffix(strings.TrimSpace(line), "  "+name); ok {
				platforms = append(platforms, map[string]any{
					"os": p.os, "arch": p.arch, "url": url + "/v" + version + "/" + name, "checksum": "sha256:" + sum,
				})
			}
		}
	}
	return platforms
}

// manifestPlatforms returns the platforms of the newest version in the manifest for Flux.
func manifestPlatforms(t *testing.T, checksums, url string) []any {
	t.Helper()
	versions := renderManifest(t, checksums, url, "flux.yaml")["versions"].([]any)
	return versions[0].(map[string]any)["platforms"].([]any)
}

// TestFluxUpdater compares our manifest with the updater's result for the same checksums.
func TestFluxUpdater(t *testing.T) {
	t.Parallel()
	const url = "https://example.org/download"
	if diff := cmp.Diff(updaterPlatforms(checksums, url, "0.1.0"), manifestPlatforms(t, checksums, url)); diff != "" {
		t.Errorf("(-updater +ours)\n%s", diff)
	}
}

// testFlux runs the steps of Flux's catalogue and of flux plugin install for a release: it reads the published checksums, writes the
// manifest, and extracts the program from each archive. It runs the program of this platform.
func testFlux(t *testing.T, dist, commit string) {
	t.Helper()
	const url = "https://example.org"
	sums := string(readFile(t, publishedChecksums(t, dist)))
	r, err := readChecksums(strings.NewReader(sums), url)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(updaterPlatforms(sums, url, r.Version), manifestPlatforms(t, sums, url)); diff != "" {
		t.Errorf("(-updater +ours)\n%s", diff)
	}
	for _, a := range r.Flux {
		path := filepath.Join(dist, filepath.Base(a.URL))
		if sum := sha256.Sum256(readFile(t, path)); hex.EncodeToString(sum[:]) != a.SHA256 {
			t.Errorf("%s does not match its checksum", path)
		}
		program := fluxProgram(t, path, a.OS)
		if a.OS == runtime.GOOS && a.Arch == runtime.GOARCH {
			runInFlux(t, program, r.Version, commit)
		}
	}
}

// publishedChecksums returns the file that a release publishes as flux-choreo_VERSION_checksums.txt.
func publishedChecksums(t *testing.T, dist string) string {
	t.Helper()
	var config struct {
		Release struct {
			ExtraFiles []struct {
				Glob string `json:"glob"`
				Name string `json:"name_template"`
			} `json:"extra_files"`
		} `json:"release"`
	}
	if err := yaml.Unmarshal(readFile(t, "../.goreleaser.yaml"), &config); err != nil {
		t.Fatal(err)
	}
	for _, f := range config.Release.ExtraFiles {
		if f.Name == "flux-choreo_{{ .Version }}_checksums.txt" {
			files, err := filepath.Glob(filepath.Join(filepath.Dir(dist), f.Glob))
			if err != nil || len(files) != 1 {
				t.Fatalf("%s: %v: %v", f.Glob, files, err)
			}
			return files[0]
		}
	}
	t.Fatal("a release publishes no checksum file with the name that Flux's catalogue requires")
	return ""
}

// fluxProgram returns the file that flux installs: without extractPath, the first file with the base name of the program
// (fluxcd/flux2 v2.9 internal/plugin/install.go).
func fluxProgram(t *testing.T, path, system string) []byte {
	t.Helper()
	name := "flux-choreo"
	if system == "windows" {
		name += ".exe"
	}
	for entry, text := range archiveFiles(t, path) {
		if filepath.Base(entry) == name {
			return text
		}
	}
	t.Errorf("%s does not contain %s", filepath.Base(path), name)
	return nil
}

func runInFlux(t *testing.T, program []byte, version, commit string) {
	t.Helper()
	home := t.TempDir()
	path := filepath.Join(home, "flux-choreo")
	if err := os.WriteFile(path, program, 0o700); err != nil {
		t.Fatal(err)
	}
	if got, want := runCommand(t, home, nil, path, "version", "--client"), "kubectl-choreo v"+version+" ("+commit[:12]+", "; !strings.HasPrefix(got, want) {
		t.Errorf("version: %q, want %q", got, want)
	}
	if got := runCommand(t, home, nil, path, "trace", "--help"); !strings.Contains(got, "  flux choreo trace [COMPONENT") {
		t.Errorf("the help must use the command \"flux choreo\":\n%s", got)
	}
}
