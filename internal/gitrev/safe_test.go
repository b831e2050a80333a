package gitrev

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// trap returns a program that creates a file when it runs.
func trap(t *testing.T) (program string, sprung func() bool) {
	t.Helper()
	dir := t.TempDir()
	program, mark := filepath.Join(dir, "trap"), filepath.Join(dir, "sprung")
	if err := os.WriteFile(program, []byte("#!/bin/sh\necho \"$0 $*\" >>"+mark+"\nexit 1\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return program, func() bool {
		_, err := os.Stat(mark)
		return err == nil
	}
}

// everything makes all git calls of this package.
func everything(t *testing.T, dir string) error {
	t.Helper()
	Files(t.Context(), dir)
	Own(t.Context(), dir, []string{"https://x.example/y"})
	Prefix(t.Context(), dir)
	Resolve(t.Context(), Options{Dir: dir, Revision: "HEAD", Commits: []string{strings.Repeat("a", 40)}})
	_, err := Formers(t.Context(), dir, "main")
	return err
}

// TestPartialClone checks that missing objects are not fetched, and that a failed comparison is an error.
func TestPartialClone(t *testing.T) {
	t.Parallel()
	origin := branched(t)
	git(t, origin, "config", "uploadpack.allowFilter", "true")
	dir := filepath.Join(t.TempDir(), "clone")
	git(t, origin, "clone", "--quiet", "--filter=blob:none", "file://"+origin, dir)
	git(t, dir, "branch", "main", "origin/main")
	program, sprung := trap(t)
	git(t, dir, "config", "remote.origin.uploadpack", program)
	if err := everything(t, dir); err == nil || !strings.Contains(err.Error(), "the clone does not have it") {
		t.Errorf("%v", err)
	}
	if sprung() {
		t.Error("a protocol was used")
	}
}

// TestProgramsOfARepository checks that no program of a folder that looks like a repository is run. Programs that git itself runs
// for the clone are disabled.
func TestProgramsOfARepository(t *testing.T) {
	t.Parallel()
	program, sprung := trap(t)
	dir := branched(t)
	for _, key := range []string{"core.fsmonitor", "diff.external", "diff.x.textconv", "diff.x.command", "core.pager", "gpg.program", "core.sshCommand", "core.askPass"} {
		git(t, dir, "config", key, program)
	}
	git(t, dir, "config", "log.showSignature", "true")
	bare := filepath.Join(dir, "gitops", "bare")
	git(t, dir, "init", "--quiet", "--bare", bare)
	git(t, bare, "config", "core.bare", "false")
	git(t, bare, "config", "core.worktree", bare)
	git(t, bare, "config", "filter.x.clean", program)
	for name, text := range map[string]string{".gitattributes": "* diff=x\n", "gitops/bare/.gitattributes": "* filter=x\n", "gitops/bare/a.yaml": "a: 1\n", "gitops/b.yaml": "b: 4\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, d := range []string{dir, filepath.Join(dir, "gitops"), bare} {
		_ = everything(t, d)
	}
	if files, ok := Files(t.Context(), bare); ok {
		t.Errorf("a folder of the repository was taken for a repository: %v", files)
	}
	if sprung() {
		t.Error("a program of the repository was run")
	}
}

// TestEnvironmentOfAHook checks that git uses the repository of the folder.
func TestEnvironmentOfAHook(t *testing.T) {
	dir, other := branched(t), branched(t)
	program, sprung := trap(t)
	want, _ := Files(t.Context(), dir)
	t.Setenv("GIT_DIR", filepath.Join(other, ".git"))
	t.Setenv("GIT_WORK_TREE", t.TempDir())
	t.Setenv("GIT_INDEX_FILE", filepath.Join(t.TempDir(), "index"))
	t.Setenv("GIT_EXTERNAL_DIFF", program)
	t.Setenv("GIT_ALLOW_PROTOCOL", "file:ext")
	got, ok := Files(t.Context(), dir)
	if diff := cmp.Diff(want, got); !ok || diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if err := everything(t, dir); err != nil || sprung() {
		t.Errorf("%v, a program was run: %v", err, sprung())
	}
	if slices.Contains(environment(os.Environ()), "GIT_ALLOW_PROTOCOL=file:ext") {
		t.Error("another's protocols count")
	}
}
