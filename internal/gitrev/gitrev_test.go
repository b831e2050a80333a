package gitrev

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// repository is a clone with three commits on main and a fork with unrelated history. The first commit has the tag v1.
type repository struct {
	dir                       string
	first, second, head, fork string
}

func newRepository(t *testing.T) repository {
	t.Helper()
	r := repository{dir: t.TempDir()}
	git(t, r.dir, "init", "--quiet", "--initial-branch=main")
	git(t, r.dir, "remote", "add", "origin", "git@github.com:acme/GitOps.git")
	commit := func(name string) string {
		if err := os.WriteFile(filepath.Join(r.dir, name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
		git(t, r.dir, "add", "--all")
		git(t, r.dir, "commit", "--quiet", "--message", "add "+name)
		return git(t, r.dir, "rev-parse", "HEAD")
	}
	r.first = commit("one")
	git(t, r.dir, "tag", "v1")
	git(t, r.dir, "checkout", "--quiet", "-b", "fork")
	r.fork = commit("fork")
	git(t, r.dir, "checkout", "--quiet", "main")
	r.second = commit("two")
	r.head = commit("three")
	return r
}

func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=Dana", "GIT_AUTHOR_EMAIL=dana@example.com", "GIT_COMMITTER_NAME=Dana", "GIT_COMMITTER_EMAIL=dana@example.com")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v: %s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

func TestResolve(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	unknown := strings.Repeat("ab", 20)
	for name, c := range map[string]struct {
		options Options
		want    facts.Revision
	}{
		"HeadWhereTheRemoteIsTheSource": {
			Options{URLs: []string{"https://github.com/acme/GitOps"}, Commits: []string{r.second, r.head}},
			facts.Revision{Text: "main", Commit: r.head, From: facts.FromClone, URLs: []string{"https://github.com/acme/GitOps"}, Subject: "add three", Author: "Dana", Contains: map[string]bool{r.second: false, r.head: true}},
		},
		"NothingWhereTheRemoteIsAnother": {Options{URLs: []string{"https://github.com/acme/other"}}, facts.Revision{}},
		"TagIsCarriedByDescendantsOnly": {
			Options{Revision: "v1", Commits: []string{r.head, r.fork, unknown}},
			facts.Revision{Text: "v1", Commit: r.first, From: facts.FromFlag, Subject: "add one", Author: "Dana", Contains: map[string]bool{r.head: true, r.fork: true}},
		},
		"ForkDoesNotContainMain": {
			Options{Revision: "main", Commits: []string{r.fork}},
			facts.Revision{Text: "main", Commit: r.head, From: facts.FromFlag, Subject: "add three", Author: "Dana", Contains: map[string]bool{r.fork: false}},
		},
		"ShortCommitOfTheClusterWithoutTheClone": {
			Options{Revision: unknown[:8], Commits: []string{unknown}},
			facts.Revision{Text: unknown[:8], Commit: unknown, From: facts.FromFlag},
		},
		"FullCommitThatNobodyKnows": {
			Options{Revision: unknown},
			facts.Revision{Text: unknown, Commit: unknown, From: facts.FromFlag},
		},
		"UnknownBranch":    {Options{Revision: "nowhere"}, facts.Revision{Text: "nowhere", From: facts.FromFlag}},
		"OptionInDisguise": {Options{Revision: "--all"}, facts.Revision{Text: "--all", From: facts.FromFlag}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.options.Dir = r.dir
			got := Resolve(t.Context(), c.options)
			if got.Commit == "" && got.Text != "" && got.Reason == "" {
				t.Error("an unresolved revision has no reason")
			}
			if diff := cmp.Diff(c.want, got, cmpopts.IgnoreFields(facts.Revision{}, "Reason", "Time")); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestResolveWithoutAClone(t *testing.T) {
	t.Parallel()
	if got := Resolve(t.Context(), Options{Dir: t.TempDir(), URLs: []string{"https://github.com/acme/gitops"}}); !cmp.Equal(got, facts.Revision{}) {
		t.Errorf("Resolve = %+v, want nothing", got)
	}
}

func TestNormalise(t *testing.T) {
	t.Parallel()
	same := []string{
		"https://github.com/acme/gitops", "https://github.com/acme/gitops.git", "https://GitHub.com/acme/gitops/",
		"git@github.com:acme/gitops.git", "ssh://git@github.com/acme/gitops", "ssh://git@github.com:22/acme/gitops.git",
		"https://token@github.com/acme/gitops.git", "https://user:pass@github.com/acme/gitops",
	}
	for _, url := range same {
		if got := normalise(url); got != "github.com/acme/gitops" {
			t.Errorf("normalise(%q) = %q", url, got)
		}
	}
	for a, b := range map[string]string{
		"https://github.com/acme/gitops":    "https://github.com/acme/gitops2",
		"http://127.0.0.1:8080/demo.git":    "http://127.0.0.1:9090/demo.git",
		"https://github.com/acme/gitops.io": "https://gitlab.com/acme/gitops.io",
	} {
		if normalise(a) == normalise(b) {
			t.Errorf("%q and %q are taken for one", a, b)
		}
	}
}
