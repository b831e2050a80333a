// Package remote reads the commit that a branch or tag has at the remote of a source, by git ls-remote with the user's own credentials. It
// is the only part of the program that lets git use the network, and only if the user requests it.
package remote

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Keyword is the value of --revision that requests the head of the remote.
const Keyword = "remote"

const (
	timeout   = 15 * time.Second // of git ls-remote
	waitDelay = 2 * time.Second  // for the output of git ls-remote after its end
	// remembered is how long the head of a branch is kept: a watch, or a fleet, does not burden the host of the repository.
	remembered = 30 * time.Second
)

// Options of New.
type Options struct {
	Now func() time.Time
	// Protocols are those that git may use; those that a source of Flux has, if it is empty.
	Protocols []string
}

// Remotes reads the heads of remotes, each once in a while.
type Remotes struct {
	options Options
	mu      sync.Mutex
	known   map[request]answer
}

// request is a reference at a remote.
type request struct{ url, ref string }

type answer struct {
	commit string
	err    error
	at     time.Time
}

// New returns Remotes that have read nothing yet.
func New(o Options) *Remotes {
	if len(o.Protocols) == 0 {
		o.Protocols = []string{"https", "ssh", "http"} // fluxcd/source-controller v1.9.3 api/v1/gitrepository_types.go, GitRepositorySpec.URL
	}
	return &Remotes{options: o, known: map[request]answer{}}
}

// Resolve returns the revision that the remote of a GitRepository has for what this follows. If the clone of o has the commit, its author
// and its relation to the commits of the cluster are known too. Resolve never fails: Reason explains missing data.
func (r *Remotes) Resolve(ctx context.Context, o gitrev.Options, source facts.Object) facts.Revision {
	if source.Body == nil {
		return unknown("no GitRepository that delivers the component was read: use --revision with a commit, tag or branch")
	}
	q, name, err := requestOf(source, r.options.Protocols)
	if err != nil {
		return unknown(err.Error())
	}
	commit, err := r.head(ctx, q)
	if err != nil {
		return unknown(fmt.Sprintf("cannot read %s at %s: %s", name, withoutUser(q.url), err))
	}
	o.Revision = commit
	w := gitrev.Resolve(ctx, o)
	w.Text, w.Commit, w.From, w.URLs = name, commit, facts.FromRemote, []string{q.url}
	return w
}

func unknown(reason string) facts.Revision {
	return facts.Revision{Text: Keyword, From: facts.FromRemote, Reason: reason}
}

// requestOf is the reference that a GitRepository follows, in the precedence of source-controller (v1.9.3
// api/v1/gitrepository_types.go): name, semver, tag, branch; without any, the branch master. A commit does not move.
func requestOf(source facts.Object, protocols []string) (q request, name string, err error) {
	ref := kinds.Fields(source.Body.Object, "spec", "ref")
	q.url = kinds.Text(source.Body, "spec", "url")
	switch {
	case kinds.String(ref, "commit") != "":
		return q, "", fmt.Errorf("%s follows the commit in spec.ref.commit: use --revision with a branch", source.Ref)
	case kinds.String(ref, "name") != "":
		q.ref = kinds.String(ref, "name")
		name = q.ref
	case kinds.String(ref, "semver") != "":
		return q, "", fmt.Errorf("%s follows a range of versions in spec.ref.semver: use --revision with a tag", source.Ref)
	case kinds.String(ref, "tag") != "":
		name = kinds.String(ref, "tag")
		q.ref = "refs/tags/" + name
	default:
		if name = kinds.String(ref, "branch"); name == "" {
			name = "master"
		}
		q.ref = "refs/heads/" + name
	}
	return q, name, errors.Join(checkURL(q.url, protocols), checkRef(q.ref))
}

func (r *Remotes) head(ctx context.Context, q request) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if a, ok := r.known[q]; ok && r.options.Now().Sub(a.at) < remembered {
		return a.commit, a.err
	}
	commit, err := r.lsRemote(ctx, q)
	if ctx.Err() == nil {
		r.known[q] = answer{commit, err, r.options.Now()}
	}
	return commit, err
}

// lsRemote runs git outside of any clone: the configuration of a clone can name programs, and is not trusted. That of the user is.
func (r *Remotes) lsRemote(ctx context.Context, q request) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, "git", "ls-remote", "--", q.url, q.ref, q.ref+"^{}")
	cmd.Dir = filepath.VolumeName(os.TempDir()) + string(filepath.Separator)
	cmd.Env = environment(os.Environ(), r.options.Protocols)
	cmd.WaitDelay = waitDelay
	out, err := cmd.Output()
	var failed *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return "", fmt.Errorf("no response within %s", timeout)
	case errors.As(err, &failed):
		return "", errors.New(lastLine(failed.Stderr))
	case err != nil:
		return "", fmt.Errorf("run git: %w", err)
	}
	found := ""
	for line := range strings.Lines(string(out)) {
		commit, ref, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if (ref == q.ref && found == "" || ref == q.ref+"^{}") && isCommit(commit) {
			found = commit // an annotated tag has its commit in the second line
		}
	}
	if found == "" {
		return "", errors.New("the remote does not have it")
	}
	return found, nil
}

// lastLine is the reason of git, without a URL that may have credentials.
func lastLine(stderr []byte) string {
	lines := strings.FieldsFunc(string(stderr), func(r rune) bool { return r == '\n' || r == '\r' })
	if len(lines) == 0 {
		return "git ls-remote failed without a message"
	}
	reason := strings.TrimPrefix(lines[0], "fatal: ")
	words := strings.Fields(reason)
	for i, word := range words {
		if strings.Contains(word, "://") {
			words[i] = withoutUser(word)
		}
	}
	return strings.Join(words, " ")
}

func isCommit(s string) bool {
	return (len(s) == 40 || len(s) == 64) && strings.Trim(s, "0123456789abcdef") == ""
}

// environment is that of the user, without what selects a clone. git neither prompts nor uses another protocol; ssh does not prompt unless
// the user has chosen the command for it.
func environment(ours, protocols []string) []string {
	kept := slices.DeleteFunc(slices.Clone(ours), func(variable string) bool {
		name, _, _ := strings.Cut(variable, "=")
		return slices.Contains([]string{
			"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_NAMESPACE", "GIT_OBJECT_DIRECTORY",
			"GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_ALLOW_PROTOCOL", "GIT_PROTOCOL_FROM_USER",
		}, name)
	})
	if !slices.ContainsFunc(kept, func(variable string) bool {
		return strings.HasPrefix(variable, "GIT_SSH_COMMAND=") || strings.HasPrefix(variable, "GIT_SSH=")
	}) {
		kept = append(kept, "GIT_SSH_COMMAND=ssh -o BatchMode=yes")
	}
	return append(kept, "GIT_TERMINAL_PROMPT=0", "GIT_ALLOW_PROTOCOL="+strings.Join(protocols, ":"), "LC_ALL=C")
}
