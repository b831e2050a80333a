package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// testKrew writes krew's manifest, validates it with krew's own validator, and installs every archive with krew. It runs the program of this
// platform, through kubectl if KUBECTL is set.
func testKrew(t *testing.T, dist, commit string) {
	t.Helper()
	krew := tool(t, "KREW")
	checksums, err := filepath.Glob(filepath.Join(dist, "*_checksums.txt"))
	if err != nil || len(checksums) != 1 {
		t.Fatalf("checksums %v: %v", checksums, err)
	}
	text := readFile(t, checksums[0])
	r, err := readChecksums(bytes.NewReader(text), "https://example.org")
	if err != nil {
		t.Fatal(err)
	}
	var rendered bytes.Buffer
	if err := run(bytes.NewReader(text), &rendered, "https://example.org", []string{"../krew.yaml"}); err != nil {
		t.Fatal(err)
	}
	manifest := filepath.Join(t.TempDir(), "choreo.yaml")
	if err := os.WriteFile(manifest, rendered.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	runCommand(t, t.TempDir(), nil, filepath.Join(krew, "validate-krew-manifest"), "-manifest", manifest, "-skip-install")
	for _, a := range r.Krew {
		root := t.TempDir()
		environment := []string{"KREW_ROOT=" + root, "KREW_OS=" + a.OS, "KREW_ARCH=" + a.Arch}
		runCommand(t, root, environment, filepath.Join(krew, "krew"), "install", "--manifest", manifest, "--archive", filepath.Join(dist, filepath.Base(a.URL)))
		if _, err := os.Stat(filepath.Join(root, "store", "choreo", "v"+r.Version, "LICENSE")); err != nil {
			t.Errorf("%s/%s: krew installed no license: %v", a.OS, a.Arch, err)
		}
		if a.OS == runtime.GOOS && a.Arch == runtime.GOARCH {
			runInstalled(t, filepath.Join(root, "bin"), r.Version, commit)
		}
	}
}

// runInstalled runs the program that krew installed, with an empty home folder.
func runInstalled(t *testing.T, bin, version, commit string) {
	t.Helper()
	home := t.TempDir()
	program, args := filepath.Join(bin, "kubectl-choreo"), []string{"version", "--client"}
	if kubectl := os.Getenv("KUBECTL"); kubectl != "" {
		program, args = kubectl, append([]string{"choreo"}, args...)
	}
	t.Setenv("PATH", bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
	if got, want := runCommand(t, home, nil, program, args...), "kubectl-choreo v"+version+" ("+commit[:12]+", "; !strings.HasPrefix(got, want) {
		t.Errorf("%s %s: %q, want %q", program, strings.Join(args, " "), got, want)
	}
}
