// Package gitrev finds out which Git revision is wanted, how the commits that a cluster carries relate to it, and who last
// changed a file. It asks the git executable about a local clone; it never changes the clone and never uses the network.
// Without git or a clone it says so, and revisions can only be compared for equality.
package gitrev

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Options of Resolve. Without Revision, HEAD of the clone counts if one of its remotes is one of URLs.
type Options struct {
	Dir      string   // a folder in the clone
	Revision string   // what the user asks for: a commit, tag, branch or HEAD
	URLs     []string // of the Flux sources
	Commits  []string // full ids of the commits that objects in the cluster carry
}

// Resolve never fails: the zero Revision means that nothing is asked for, a Reason says what is not known.
func Resolve(ctx context.Context, o Options) facts.Revision {
	c := clone{ctx: ctx, dir: o.Dir}
	switch {
	case o.Revision != "":
		return c.asked(o)
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

// asked resolves --revision in the clone; without one, the commits of the cluster may have it as a prefix.
func (c clone) asked(o Options) facts.Revision {
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

// isHex takes what git takes for an abbreviated commit, from seven characters on.
func isHex(s string) bool { return len(s) >= 7 && strings.Trim(s, "0123456789abcdef") == "" }

func (c clone) resolve(revision string, from facts.RevisionOrigin, commits []string) facts.Revision {
	r := facts.Revision{Text: revision, From: from}
	out, err := c.git("rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if err != nil {
		r.Reason = fmt.Sprintf("the clone in %s does not know %s", c.dir, revision)
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
	return r
}

// ancestry says of each commit that the clone has whether the wanted one is in its history.
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

// remotes are the URLs of the clone's remotes, normalised; none without a clone.
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

// followed are the URLs that are this clone's repository.
func (c clone) followed(urls []string) []string {
	remotes := c.remotes()
	own := slices.DeleteFunc(slices.Clone(urls), func(url string) bool { return !follows(remotes, url) })
	slices.Sort(own)
	return slices.Compact(own)
}

// normalise makes the ways to write one repository equal: https, ssh and git@host:path, with or without user and .git.
func normalise(url string) string {
	url = strings.TrimSuffix(strings.TrimRight(url, "/"), ".git")
	scheme, rest, found := strings.Cut(url, "://")
	if !found {
		host, path, scp := strings.Cut(url, ":")
		if !scp || strings.Contains(host, "/") {
			return url // a folder
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

// settings keep git from running programs that a repository's configuration names, and from every protocol: the clone may be
// anybody's. A folder of a repository can look like a bare repository of its own, with its own configuration; such a one does
// not count (git-config(1), safe.bareRepository).
var settings = []string{
	"core.fsmonitor=false", "core.hooksPath=/dev/null", "log.showSignature=false", "protocol.allow=never", "safe.bareRepository=explicit", "submodule.recurse=false",
}

func (c clone) raw(args ...string) ([]byte, error) {
	var all []string
	for _, s := range settings {
		all = append(all, "-c", s)
	}
	cmd := exec.CommandContext(c.ctx, "git", append(append(all, "-C", c.dir), args...)...)
	cmd.Env = environment(os.Environ())
	cmd.WaitDelay = waitDelay
	return cmd.Output()
}

// waitDelay bounds how long a program that git has started may hold its output open after git was killed.
const waitDelay = 100 * time.Millisecond

// environment is ours without the variables that lead git to another repository than that of the folder, as a hook has them
// (git rev-parse --local-env-vars), and without another program for differences. A partial clone would fetch what it lacks:
// GIT_NO_LAZY_FETCH forbids it since git 2.45 (and 2.39.4), GIT_ALLOW_PROTOCOL to older ones.
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
