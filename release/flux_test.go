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

// updated returns the platforms that the updater of Flux's catalogue adds for a release. The updater finds archives by name, in
// this order, and omits those without a checksum (fluxcd/plugins .github/workflows/update-plugin.yaml).
func updated(checksums, url, version string) []any {
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

// platforms returns the platforms of the newest version in the manifest for Flux.
func platforms(t *testing.T, checksums, url string) []any {
	t.Helper()
	versions := filled(t, checksums, url, "flux.yaml")["versions"].([]any)
	return versions[0].(map[string]any)["platforms"].([]any)
}

// TestFluxUpdater compares our manifest with the updater's result for the same checksums.
func TestFluxUpdater(t *testing.T) {
	t.Parallel()
	const url = "https://example.org/download"
	if diff := cmp.Diff(updated(checksums, url, "0.1.0"), platforms(t, checksums, url)); diff != "" {
		t.Errorf("(-updater +ours)\n%s", diff)
	}
}

// pluggedIn runs the steps of Flux's catalogue and of flux plugin install for a release. It reads the checksums under their
// published name, writes the manifest, and extracts the program from each archive. It then runs the program for this machine.
func pluggedIn(t *testing.T, dist, commit string) {
	t.Helper()
	const url = "https://example.org"
	sums := string(contents(t, publishedChecksums(t, dist)))
	r, err := read(strings.NewReader(sums), url)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(updated(sums, url, r.Version), platforms(t, sums, url)); diff != "" {
		t.Errorf("(-updater +ours)\n%s", diff)
	}
	for _, a := range r.Flux {
		path := filepath.Join(dist, filepath.Base(a.URL))
		if sum := sha256.Sum256(contents(t, path)); hex.EncodeToString(sum[:]) != a.SHA256 {
			t.Errorf("%s has another checksum", path)
		}
		program := found(t, path, a.OS)
		if a.OS == runtime.GOOS && a.Arch == runtime.GOARCH {
			runsInFlux(t, program, r.Version, commit)
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
	if err := yaml.Unmarshal(contents(t, "../.goreleaser.yaml"), &config); err != nil {
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
	t.Fatal("a release publishes no checksums under the name that Flux's catalogue asks for")
	return ""
}

// found returns the file that flux installs. Without extractPath it is the first file whose base name is the program's
// (fluxcd/flux2 v2.9 internal/plugin/install.go).
func found(t *testing.T, path, system string) []byte {
	t.Helper()
	name := "flux-choreo"
	if system == "windows" {
		name += ".exe"
	}
	for entry, text := range unpacked(t, path) {
		if filepath.Base(entry) == name {
			return text
		}
	}
	t.Errorf("%s holds no %s", filepath.Base(path), name)
	return nil
}

func runsInFlux(t *testing.T, program []byte, version, commit string) {
	t.Helper()
	home := t.TempDir()
	path := filepath.Join(home, "flux-choreo")
	if err := os.WriteFile(path, program, 0o700); err != nil {
		t.Fatal(err)
	}
	if got, want := do(t, home, nil, path, "version", "--client"), "kubectl-choreo v"+version+" ("+commit[:12]+", "; !strings.HasPrefix(got, want) {
		t.Errorf("version: %q, want %q", got, want)
	}
	if got := do(t, home, nil, path, "trace", "--help"); !strings.Contains(got, "  flux choreo trace [COMPONENT") {
		t.Errorf("as a plugin of flux it calls itself:\n%s", got)
	}
}
