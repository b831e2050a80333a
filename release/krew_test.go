package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// installed fills in krew's manifest and validates it with krew's own validator. krew then installs every archive. The program
// for this machine is run, through kubectl if it is installed.
func installed(t *testing.T, dist, commit string) {
	t.Helper()
	krew := tool(t, "KREW")
	checksums, err := filepath.Glob(filepath.Join(dist, "*_checksums.txt"))
	if err != nil || len(checksums) != 1 {
		t.Fatalf("checksums %v: %v", checksums, err)
	}
	text := contents(t, checksums[0])
	r, err := read(bytes.NewReader(text), "https://example.org")
	if err != nil {
		t.Fatal(err)
	}
	var filled bytes.Buffer
	if err := run(bytes.NewReader(text), &filled, "https://example.org", []string{"../krew.yaml"}); err != nil {
		t.Fatal(err)
	}
	manifest := filepath.Join(t.TempDir(), "choreo.yaml")
	if err := os.WriteFile(manifest, filled.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	do(t, t.TempDir(), nil, filepath.Join(krew, "validate-krew-manifest"), "-manifest", manifest, "-skip-install")
	for _, a := range r.Krew {
		root := t.TempDir()
		environment := []string{"KREW_ROOT=" + root, "KREW_OS=" + a.OS, "KREW_ARCH=" + a.Arch}
		do(t, root, environment, filepath.Join(krew, "krew"), "install", "--manifest", manifest, "--archive", filepath.Join(dist, filepath.Base(a.URL)))
		if _, err := os.Stat(filepath.Join(root, "store", "choreo", "v"+r.Version, "LICENSE")); err != nil {
			t.Errorf("%s/%s: krew has installed no license: %v", a.OS, a.Arch, err)
		}
		if a.OS == runtime.GOOS && a.Arch == runtime.GOARCH {
			runs(t, filepath.Join(root, "bin"), r.Version, commit)
		}
	}
}

// runs executes the program that krew installed in an empty home folder, like a new user.
func runs(t *testing.T, bin, version, commit string) {
	t.Helper()
	home := t.TempDir()
	program, args := filepath.Join(bin, "kubectl-choreo"), []string{"version", "--client"}
	if kubectl := os.Getenv("KUBECTL"); kubectl != "" {
		program, args = kubectl, append([]string{"choreo"}, args...)
	}
	t.Setenv("PATH", bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
	if got, want := do(t, home, nil, program, args...), "kubectl-choreo v"+version+" ("+commit[:12]+", "; !strings.HasPrefix(got, want) {
		t.Errorf("%s %s: %q, want %q", program, strings.Join(args, " "), got, want)
	}
}
