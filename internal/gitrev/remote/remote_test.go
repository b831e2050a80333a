package remote_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev"
	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev/remote"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// git runs git in a folder, without the configuration of whoever runs the test.
func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", append([]string{"-C", dir, "-c", "user.name=Ana", "-c", "user.email=ana@example.com", "-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false"}, args...)...)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// repository has the branch main with one commit, and the annotated tag v1.
func repository(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	git(t, dir, "init", "-q", "-b", "main")
	git(t, dir, "commit", "-q", "--allow-empty", "-m", "one")
	git(t, dir, "tag", "-a", "v1", "-m", "v1")
	return dir
}

func source(url string, ref map[string]any) facts.Object {
	spec := map[string]any{"url": url}
	if ref != nil {
		spec["ref"] = ref
	}
	return facts.Object{
		Ref:     facts.Ref{Plane: facts.Control, Group: kinds.FluxSource, Kind: "GitRepository", Namespace: "flux-system", Name: "shop"},
		Outcome: facts.Found, Body: &unstructured.Unstructured{Object: map[string]any{"spec": spec}},
	}
}

func remotes(now *time.Time) *remote.Remotes {
	return remote.New(remote.Options{Now: func() time.Time { return *now }, Protocols: []string{"file"}})
}

// TestResolve: the head of what the source follows, whether or not the clone has it.
func TestResolve(t *testing.T) {
	t.Parallel()
	dir := repository(t)
	url := "file://" + dir
	head := git(t, dir, "rev-parse", "HEAD")
	git(t, dir, "branch", "release")
	for name, c := range map[string]struct {
		source       facts.Object
		text, commit string
		reason       string // a part of it
	}{
		"Branch":      {source: source(url, map[string]any{"branch": "main"}), text: "main", commit: head},
		"Tag":         {source: source(url, map[string]any{"branch": "other", "tag": "v1"}), text: "v1", commit: head},
		"Name":        {source: source(url, map[string]any{"name": "refs/heads/release", "branch": "other"}), text: "refs/heads/release", commit: head},
		"Default":     {source: source(url, nil), text: "remote", reason: "cannot read master at file://" + dir + ": the remote does not have it"},
		"Semver":      {source: source(url, map[string]any{"semver": ">=1"}), text: "remote", reason: "a range of versions"},
		"Commit":      {source: source(url, map[string]any{"branch": "main", "commit": head}), text: "remote", reason: "spec.ref.commit"},
		"NoSource":    {source: facts.Object{}, text: "remote", reason: "no GitRepository"},
		"NoDirectory": {source: source("file://"+dir+"/missing", map[string]any{"branch": "main"}), text: "remote", reason: "does not appear to be a git repository"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := start()
			got := remotes(&now).Resolve(t.Context(), gitrev.Options{Dir: t.TempDir()}, c.source)
			if got.Text != c.text || got.Commit != c.commit || got.From != facts.FromRemote || !strings.Contains(got.Reason, c.reason) {
				t.Errorf("got %+v, want %s %s %q", got, c.text, c.commit, c.reason)
			}
		})
	}
}

// TestClone: of a commit that the clone has, the author is known, and which commits of the cluster contain it.
func TestClone(t *testing.T) {
	t.Parallel()
	dir := repository(t)
	first := git(t, dir, "rev-parse", "HEAD")
	clone := filepath.Join(t.TempDir(), "clone")
	git(t, dir, "clone", "-q", dir, clone)
	git(t, dir, "commit", "-q", "--allow-empty", "-m", "two")
	now := start()
	r := remotes(&now)
	o := gitrev.Options{Dir: clone, Commits: []string{first}}
	s := source("file://"+dir, map[string]any{"branch": "main"})
	if w := r.Resolve(t.Context(), o, s); w.Commit != git(t, dir, "rev-parse", "HEAD") || w.Author != "" || len(w.Contains) > 0 {
		t.Errorf("before the fetch: %+v", w)
	}
	git(t, clone, "fetch", "-q")
	if w := r.Resolve(t.Context(), o, s); w.Author != "Ana" || w.Subject != "two" {
		t.Errorf("after the fetch: %+v", w)
	} else if included, known := w.Includes(first); included || !known {
		t.Errorf("the first commit contains the second: %t, known %t", included, known)
	}
}

// TestRemembered: a head is read again after some time.
func TestRemembered(t *testing.T) {
	t.Parallel()
	dir := repository(t)
	now := start()
	r := remotes(&now)
	s := source("file://"+dir, map[string]any{"branch": "main"})
	read := func() string { return r.Resolve(t.Context(), gitrev.Options{Dir: t.TempDir()}, s).Commit }
	first := read()
	git(t, dir, "commit", "-q", "--allow-empty", "-m", "two")
	if got := read(); got != first {
		t.Errorf("the head was read again at once: %s", got)
	}
	now = now.Add(time.Minute)
	if got, want := read(), git(t, dir, "rev-parse", "HEAD"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestHostile: nothing that a cluster says becomes an option, a pattern, a program or another protocol, and no credentials are shown.
func TestHostile(t *testing.T) {
	t.Parallel()
	marker := filepath.Join(t.TempDir(), "marker")
	branch := func(name string) map[string]any { return map[string]any{"branch": name} }
	for name, c := range map[string]struct {
		source facts.Object
		reason string
	}{
		"External":     {source("ext::sh -c touch% "+marker, branch("main")), "scheme"},
		"Option":       {source("--upload-pack=touch "+marker, branch("main")), "scheme"},
		"HostOption":   {source("ssh://-oProxyCommand=touch/x", branch("main")), "invalid host"},
		"UserOption":   {source("ssh://-oProxyCommand=touch@example.com/x", branch("main")), "invalid host"},
		"File":         {source("file:///etc", branch("main")), "scheme"},
		"Local":        {source("/etc", branch("main")), "scheme"},
		"Line":         {source("https://example.com/a\nb", branch("main")), "invalid"},
		"Pattern":      {source("https://example.com/x", branch("*")), "invalid"},
		"BranchOption": {source("https://example.com/x", branch("-x")), "invalid"},
		"Parent":       {source("https://example.com/x", branch("../heads/main")), "invalid"},
		"Newline":      {source("https://example.com/x", branch("main\nrefs/heads/x")), "invalid"},
		"Name":         {source("https://example.com/x", map[string]any{"name": "--exec=touch"}), "invalid"},
		"Credentials":  {source("http://user:s3cr3t@127.0.0.1:1/x.git", branch("main")), "cannot read main at http://127.0.0.1:1/x.git"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := remote.New(remote.Options{Now: start}).Resolve(t.Context(), gitrev.Options{Dir: t.TempDir()}, c.source)
			if got.Commit != "" || !strings.Contains(got.Reason, c.reason) || strings.Contains(got.Reason, "s3cr3t") {
				t.Errorf("got %+v, want the reason %q", got, c.reason)
			}
			if _, err := os.Stat(marker); err == nil {
				t.Error("a program was run")
			}
		})
	}
}

// start is when the tests begin.
func start() time.Time { return time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC) }
