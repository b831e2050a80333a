// Package gitrev finds the wanted Git revision, its relation to the commits of a cluster's objects, and the last author of a
// file. It runs the git executable on a local clone. It never changes the clone and never uses the network. Without git or a
// clone it reports a reason, and revisions can only be compared for equality.
package gitrev

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Options of Resolve. Without Revision, HEAD of the clone is used if one of its remotes is one of URLs.
type Options struct {
	Dir      string   // a folder in the clone
	Revision string   // the value of --revision: a commit, tag, branch or HEAD
	URLs     []string // of the Flux sources
	Commits  []string // full ids of the commits of objects in the cluster
}

// Resolve never fails. The zero Revision means that no revision is wanted. Reason explains missing data.
func Resolve(ctx context.Context, o Options) facts.Revision {
	c := clone{ctx: ctx, dir: o.Dir}
	switch {
	case o.Revision != "":
		return c.requested(o)
	case follows(c.remotes(), o.URLs...):
		r := c.resolve("HEAD", facts.FromClone, o.Commits)
		r.URLs = c.followed(o.URLs)
		return r
	}
	return facts.Revision{}
}

type clone struct {
	ctx context.Context
	dir string
}

// requested resolves --revision in the clone. If the clone does not contain it, requested treats it as a prefix of a commit of the
// cluster.
func (c clone) requested(o Options) facts.Revision {
	r := c.resolve(o.Revision, facts.FromFlag, o.Commits)
	r.URLs = c.followed(o.URLs)
	if r.Commit != "" || !isHex(o.Revision) {
		return r
	}
	for _, commit := range o.Commits {
		if strings.HasPrefix(commit, o.Revision) {
			return facts.Revision{Text: o.Revision, Commit: commit, From: facts.FromFlag, Reason: r.Reason}
		}
	}
	if len(o.Revision) == 40 {
		r.Commit = o.Revision
	}
	return r
}

// isHex accepts the abbreviated commits that git accepts, from seven characters on.
func isHex(s string) bool { return len(s) >= 7 && strings.Trim(s, "0123456789abcdef") == "" }

func (c clone) resolve(revision string, from facts.RevisionOrigin, commits []string) facts.Revision {
	r := facts.Revision{Text: revision, From: from}
	out, err := c.git("rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if err != nil {
		r.Reason = fmt.Sprintf("the clone in %s does not have revision %s", c.dir, revision)
		return r
	}
	r.Commit = out
	if branch, err := c.git("symbolic-ref", "--quiet", "--short", "HEAD"); err == nil && revision == "HEAD" {
		r.Text = branch
	}
	if show, err := c.git("show", "--no-patch", "--format=%s%x00%an%x00%cI", r.Commit); err == nil {
		if parts := strings.Split(show, "\x00"); len(parts) == 3 {
			r.Subject, r.Author = parts[0], parts[1]
			r.Time, _ = time.Parse(time.RFC3339, parts[2])
		}
	}
	r.Contains = c.ancestry(r.Commit, commits)
	if revision == "HEAD" {
		r.Unpushed = c.unpushed()
	}
	return r
}

// unpushed counts the commits of HEAD that no remote-tracking branch has. A detached HEAD, as in CI, and a clone without remote-tracking
// branches do not show what was pushed.
func (c clone) unpushed() int {
	if _, err := c.git("symbolic-ref", "--quiet", "HEAD"); err != nil {
		return 0
	}
	if tracked, err := c.git("for-each-ref", "--count=1", "--format=%(refname)", "refs/remotes"); err != nil || tracked == "" {
		return 0
	}
	out, err := c.git("rev-list", "--count", "HEAD", "--not", "--remotes")
	if err != nil {
		return 0
	}
	n, _ := strconv.Atoi(out)
	return n
}

// ancestry reports for each commit in the clone whether the wanted commit is in its history.
func (c clone) ancestry(wanted string, commits []string) map[string]bool {
	contains := map[string]bool{}
	for _, commit := range slices.Compact(slices.Sorted(slices.Values(commits))) {
		if _, err := c.git("cat-file", "-e", commit+"^{commit}"); err != nil {
			continue
		}
		_, err := c.git("merge-base", "--is-ancestor", wanted, commit)
		contains[commit] = err == nil
	}
	if len(contains) == 0 {
		return nil
	}
	return contains
}

// remotes returns the URLs of the clone's remotes, normalised. It returns none without a clone.
func (c clone) remotes() []string {
	out, err := c.git("config", "--get-regexp", `^remote\..*\.url$`)
	if err != nil {
		return nil
	}
	var urls []string
	for _, line := range strings.Split(out, "\n") {
		_, url, _ := strings.Cut(line, " ")
		urls = append(urls, normalise(url))
	}
	return urls
}

// follows reports whether one of the remotes is one of the sources.
func follows(remotes []string, sources ...string) bool {
	return slices.ContainsFunc(sources, func(source string) bool {
		return source != "" && slices.Contains(remotes, normalise(source))
	})
}

// followed returns the URLs that are remotes of this clone.
func (c clone) followed(urls []string) []string {
	remotes := c.remotes()
	own := slices.DeleteFunc(slices.Clone(urls), func(url string) bool { return !follows(remotes, url) })
	slices.Sort(own)
	return slices.Compact(own)
}

// normalise maps all forms of a repository URL to one: https, ssh and git@host:path, with or without user and .git.
func normalise(url string) string {
	url = strings.TrimSuffix(strings.TrimRight(url, "/"), ".git")
	scheme, rest, found := strings.Cut(url, "://")
	if !found {
		host, path, scp := strings.Cut(url, ":")
		if !scp || strings.Contains(host, "/") {
			return url // a local folder
		}
		scheme, rest = "ssh", host+"/"+path
	}
	if at := strings.LastIndex(rest, "@"); at >= 0 && at < strings.IndexByte(rest+"/", '/') {
		rest = rest[at+1:]
	}
	host, path, _ := strings.Cut(rest, "/")
	host = strings.ToLower(host)
	if scheme != "http" {
		host, _, _ = strings.Cut(host, ":") // ssh and https ports differ for one host
	}
	return host + "/" + strings.TrimLeft(path, "/")
}

func (c clone) git(args ...string) (string, error) {
	out, err := c.raw(args...)
	return strings.TrimSpace(string(out)), err
}

// settings disable all protocols and all programs that a repository's configuration can name, because the clone is not trusted. A
// folder of a repository can look like a bare repository with its own configuration. git ignores such a folder (git-config(1),
// safe.bareRepository).
var settings = []string{
	"core.fsmonitor=false", "core.hooksPath=/dev/null", "log.showSignature=false", "protocol.allow=never", "safe.bareRepository=explicit", "submodule.recurse=false",
}

func (c clone) raw(args ...string) ([]byte, error) { return c.command(args...).Output() }

func (c clone) command(args ...string) *exec.Cmd {
	var all []string
	for _, s := range settings {
		all = append(all, "-c", s)
	}
	cmd := exec.CommandContext(c.ctx, "git", append(append(all, "-C", c.dir), args...)...)
	cmd.Env = environment(os.Environ())
	cmd.WaitDelay = waitDelay
	return cmd
}

// waitDelay bounds how long a child process of git may hold its output open after git has ended or was killed. On a busy machine, the output of
// git itself is still being read for some time.
const waitDelay = 2 * time.Second

// environment returns our environment without the variables that select another repository than that of the folder. A Git hook
// sets them (git rev-parse --local-env-vars). It also removes the variable for an external diff program. A partial clone would
// fetch missing objects. GIT_NO_LAZY_FETCH forbids that since git 2.45 (and 2.39.4), GIT_ALLOW_PROTOCOL in older versions.
func environment(ours []string) []string {
	elsewhere := []string{
		"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_NAMESPACE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
		"GIT_EXTERNAL_DIFF", "GIT_ALLOW_PROTOCOL", "GIT_PROTOCOL_FROM_USER",
	}
	kept := slices.DeleteFunc(slices.Clone(ours), func(variable string) bool {
		name, _, _ := strings.Cut(variable, "=")
		return slices.Contains(elsewhere, name)
	})
	return append(kept, "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none", "LC_ALL=C")
}
