package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tool returns the path of a program that make dist-test has built.
func tool(t *testing.T, variable string) string {
	t.Helper()
	path := os.Getenv(variable)
	if path == "" {
		t.Skipf("%s names no program: run make dist-test", variable)
	}
	return path
}

// do runs a program in an environment with only the user's PATH and Go's caches.
func do(t *testing.T, dir string, environment []string, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	cmd.Env = append([]string{}, environment...)
	cmd.Env = append(cmd.Env, "PATH="+os.Getenv("PATH"), "HOME="+dir)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", filepath.Base(name), strings.Join(args, " "), err, out)
	}
	return string(out)
}

// build builds the archives of a commit in a fresh clone, like a release: for all platforms, or only for this machine's.
func build(t *testing.T, commit string, hostAlone bool) (dist string) {
	t.Helper()
	goreleaser := tool(t, "GORELEASER")
	clone := filepath.Join(t.TempDir(), "clone")
	do(t, ".", nil, "git", "clone", "--quiet", "--no-tags", "file://"+absolute(t, ".."), clone)
	do(t, clone, nil, "git", "checkout", "--quiet", commit)
	var caches []string
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPROXY", "GOTOOLCHAIN"} {
		caches = append(caches, name+"="+strings.TrimSpace(goEnv(t, name)))
	}
	config := filepath.Join(clone, ".goreleaser.yaml")
	if hostAlone {
		config = filepath.Join(t.TempDir(), "host.yaml")
		targets := regexp.MustCompile(`targets: \[[^]]*\]`)
		text := contents(t, filepath.Join(clone, ".goreleaser.yaml"))
		if n := len(targets.FindAll(text, -1)); n != 1 {
			t.Fatalf(".goreleaser.yaml lists targets %d times", n)
		}
		text = targets.ReplaceAll(text, []byte("targets: ["+runtime.GOOS+"_"+runtime.GOARCH+"]"))
		if err := os.WriteFile(config, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	do(t, clone, caches, goreleaser, "release", "--snapshot", "--clean", "--skip=sbom,sign,ko", "--config", config)
	return filepath.Join(clone, "dist")
}

// whichAreHosts returns for each of the two builds whether it is for this machine's platform alone. A path, a time or an order that gets into
// the bytes does so on every platform, so that "once" finds it in half of the time.
func whichAreHosts(t *testing.T) (firstHost, secondHost bool) {
	t.Helper()
	switch p := os.Getenv("PLATFORMS"); p {
	case "", "all":
		return false, false
	case "once":
		return false, true
	case "host":
		return true, true
	default:
		t.Fatalf("PLATFORMS is all, once or host, not %q", p)
		return false, false
	}
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "env", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func contents(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// released is published, and fails unless there are two archives of each platform, and their checksums.
func released(t *testing.T, dist string, hostAlone bool) []string {
	t.Helper()
	archives := 10
	if hostAlone {
		archives = 2
	}
	names := published(t, dist)
	if len(names) != archives+1 {
		t.Fatalf("there are not %d archives and their checksums: %s", archives, names)
	}
	if hostAlone && !slices.ContainsFunc(names, func(n string) bool { return strings.Contains(n, "_"+runtime.GOOS+"_"+runtime.GOARCH) }) {
		t.Fatalf("none is of this machine's platform: %s", names)
	}
	return names
}

// published returns the names of the files of a release.
func published(t *testing.T, dist string) []string {
	t.Helper()
	var names []string
	for _, pattern := range []string{"*.tar.gz", "*.zip", "*_checksums.txt"} {
		files, err := filepath.Glob(filepath.Join(dist, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			names = append(names, filepath.Base(f))
		}
	}
	return names
}

// TestArchives builds twice, in two folders. The bytes of what both have built must be identical, and each archive must contain all required
// files. krew and flux then install the archives.
func TestArchives(t *testing.T) {
	commit := strings.TrimSpace(do(t, absolute(t, "."), nil, "git", "rev-parse", "HEAD"))
	firstHost, secondHost := whichAreHosts(t)
	first, second := build(t, commit, firstHost), build(t, commit, secondHost)
	names, again := released(t, first, firstHost), released(t, second, secondHost)
	for _, name := range names {
		if strings.HasSuffix(name, ".txt") && firstHost != secondHost {
			continue // of other archives
		}
		if slices.Contains(again, name) && !bytes.Equal(contents(t, filepath.Join(first, name)), contents(t, filepath.Join(second, name))) {
			t.Errorf("%s is not reproducible: two builds of one commit differ", name)
		}
		if !strings.HasSuffix(name, ".txt") {
			holds(t, filepath.Join(first, name))
		}
	}
	t.Run("krew", func(t *testing.T) { installed(t, first, commit) })
	t.Run("flux", func(t *testing.T) { pluggedIn(t, first, commit) })
}

// holds fails if an archive lacks a file or contains an unexpected one.
func holds(t *testing.T, path string) {
	t.Helper()
	program, _, _ := strings.Cut(filepath.Base(path), "_")
	if strings.HasSuffix(path, ".zip") {
		program += ".exe"
	}
	want := []string{"LICENSE", "README.md", program}
	if strings.HasPrefix(program, "kubectl-") {
		for _, pattern := range []string{"../docs/man/*.1", "../completion/kubectl_complete-*"} {
			files, _ := filepath.Glob(pattern)
			for _, f := range files {
				want = append(want, filepath.Base(filepath.Dir(f))+"/"+filepath.Base(f))
			}
		}
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(unpacked(t, path)))); diff != "" {
		t.Errorf("%s (-want +got)\n%s", filepath.Base(path), diff)
	}
}

// unpacked returns the files of an archive by name.
func unpacked(t *testing.T, path string) map[string][]byte {
	t.Helper()
	if strings.HasSuffix(path, ".zip") {
		return unzipped(t, path)
	}
	files := map[string][]byte{}
	plain, err := gzip.NewReader(bytes.NewReader(contents(t, path)))
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(plain); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		files[header.Name] = whole(t, r)
		if program := strings.Contains(header.Name, "choreo") && !strings.HasPrefix(header.Name, "man/"); program != (header.Mode&0o111 != 0) {
			t.Errorf("%s has mode %o in %s", header.Name, header.Mode, filepath.Base(path))
		}
	}
}

func unzipped(t *testing.T, path string) map[string][]byte {
	t.Helper()
	r, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	files := map[string][]byte{}
	for _, f := range r.File {
		text, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = whole(t, text)
	}
	return files
}

func whole(t *testing.T, r io.Reader) []byte {
	t.Helper()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
