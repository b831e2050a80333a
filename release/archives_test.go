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

// tool returns the path of a program that make dist-test builds.
func tool(t *testing.T, variable string) string {
	t.Helper()
	path := os.Getenv(variable)
	if path == "" {
		t.Skipf("%s is not set: run make dist-test", variable)
	}
	return path
}

// runCommand runs a program in dir, which is also HOME. environment is added to PATH and HOME.
func runCommand(t *testing.T, dir string, environment []string, name string, args ...string) string {
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

// build builds the archives of a commit in a new clone, for all platforms or only for the host platform.
func build(t *testing.T, commit string, hostOnly bool) (dist string) {
	t.Helper()
	goreleaser := tool(t, "GORELEASER")
	clone := filepath.Join(t.TempDir(), "clone")
	runCommand(t, ".", nil, "git", "clone", "--quiet", "--no-tags", "file://"+absolute(t, ".."), clone)
	runCommand(t, clone, nil, "git", "checkout", "--quiet", commit)
	var caches []string
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPROXY", "GOTOOLCHAIN"} {
		caches = append(caches, name+"="+strings.TrimSpace(goEnv(t, name)))
	}
	config := filepath.Join(clone, ".goreleaser.yaml")
	if hostOnly {
		config = filepath.Join(t.TempDir(), "host.yaml")
		targets := regexp.MustCompile(`targets: \[[^]]*\]`)
		text := readFile(t, filepath.Join(clone, ".goreleaser.yaml"))
		if n := len(targets.FindAll(text, -1)); n != 1 {
			t.Fatalf(".goreleaser.yaml has %d lists of targets, want 1", n)
		}
		text = targets.ReplaceAll(text, []byte("targets: ["+runtime.GOOS+"_"+runtime.GOARCH+"]"))
		if err := os.WriteFile(config, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	runCommand(t, clone, caches, goreleaser, "release", "--snapshot", "--clean", "--skip=sbom,sign,ko", "--config", config)
	return filepath.Join(clone, "dist")
}

// hostOnlyBuilds reads PLATFORMS, and returns for each of the two builds whether it is only for the host platform. "once" takes half of the
// time: a path, time or order in the bytes differs on every platform.
func hostOnlyBuilds(t *testing.T) (firstHost, secondHost bool) {
	t.Helper()
	switch p := os.Getenv("PLATFORMS"); p {
	case "", "all":
		return false, false
	case "once":
		return false, true
	case "host":
		return true, true
	default:
		t.Fatalf("invalid PLATFORMS %q; must be all, once or host", p)
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

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// releaseFiles returns the names of the files of a release. It requires two archives of each platform and the checksum file.
func releaseFiles(t *testing.T, dist string, hostOnly bool) []string {
	t.Helper()
	archives := 10
	if hostOnly {
		archives = 2
	}
	names := listFiles(t, dist)
	if len(names) != archives+1 {
		t.Fatalf("want %d archives and a checksum file: %s", archives, names)
	}
	if hostOnly && !slices.ContainsFunc(names, func(n string) bool { return strings.Contains(n, "_"+runtime.GOOS+"_"+runtime.GOARCH) }) {
		t.Fatalf("no archive of the host platform: %s", names)
	}
	return names
}

// listFiles returns the names of the archives and of the checksum file.
func listFiles(t *testing.T, dist string) []string {
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

// TestArchives builds a commit twice, in two folders. Files of both builds must be identical, and archives must contain the required files.
// krew and flux install the archives of the first build.
func TestArchives(t *testing.T) {
	commit := strings.TrimSpace(runCommand(t, absolute(t, "."), nil, "git", "rev-parse", "HEAD"))
	firstHost, secondHost := hostOnlyBuilds(t)
	first, second := build(t, commit, firstHost), build(t, commit, secondHost)
	names, again := releaseFiles(t, first, firstHost), releaseFiles(t, second, secondHost)
	for _, name := range names {
		if strings.HasSuffix(name, ".txt") && firstHost != secondHost {
			continue // the checksums of different archives
		}
		if slices.Contains(again, name) && !bytes.Equal(readFile(t, filepath.Join(first, name)), readFile(t, filepath.Join(second, name))) {
			t.Errorf("%s is not reproducible: two builds of the same commit differ", name)
		}
		if !strings.HasSuffix(name, ".txt") {
			checkFiles(t, filepath.Join(first, name))
		}
	}
	t.Run("krew", func(t *testing.T) { testKrew(t, first, commit) })
	t.Run("flux", func(t *testing.T) { testFlux(t, first, commit) })
}

// checkFiles fails if an archive lacks a file or contains an unexpected one.
func checkFiles(t *testing.T, path string) {
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
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(archiveFiles(t, path)))); diff != "" {
		t.Errorf("%s (-want +got)\n%s", filepath.Base(path), diff)
	}
}

// archiveFiles returns the files of an archive by name.
func archiveFiles(t *testing.T, path string) map[string][]byte {
	t.Helper()
	if strings.HasSuffix(path, ".zip") {
		return zipFiles(t, path)
	}
	files := map[string][]byte{}
	plain, err := gzip.NewReader(bytes.NewReader(readFile(t, path)))
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
		files[header.Name] = readAll(t, r)
		if program := strings.Contains(header.Name, "choreo") && !strings.HasPrefix(header.Name, "man/"); program != (header.Mode&0o111 != 0) {
			t.Errorf("%s has mode %o in %s", header.Name, header.Mode, filepath.Base(path))
		}
	}
}

func zipFiles(t *testing.T, path string) map[string][]byte {
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
		files[f.Name] = readAll(t, text)
	}
	return files
}

func readAll(t *testing.T, r io.Reader) []byte {
	t.Helper()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
