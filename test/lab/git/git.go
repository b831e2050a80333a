// Package git creates the repositories of the lab, and serves them over HTTP.
package git

import (
	"context"
	"fmt"
	"net/http"
	"net/http/cgi"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
)

// Handler serves the bare repositories below root over smart HTTP, read-only. source-controller supports no other protocol over
// plain HTTP. Pushes use the file system.
func Handler(root string) (http.Handler, error) {
	out, err := exec.Command("git", "--exec-path").Output()
	if err != nil {
		return nil, fmt.Errorf("find git: %w; install git", err)
	}
	return &cgi.Handler{
		Path: filepath.Join(strings.TrimSpace(string(out)), "git-http-backend"),
		Env:  []string{"GIT_PROJECT_ROOT=" + root, "GIT_HTTP_EXPORT_ALL=1"},
	}, nil
}

// Repo is one Git repository of the lab with its working clone.
type Repo struct {
	Dir string // working clone
	URL string // that Flux fetches

	pushing sync.Mutex
}

// New creates a bare repository and a clone of it.
func New(ctx context.Context, root, clone, url string) (*Repo, error) {
	if err := os.MkdirAll(root, 0o755); err != nil {
		return nil, fmt.Errorf("create repository: %w", err)
	}
	r := &Repo{Dir: clone, URL: url}
	if _, err := run(ctx, root, "init", "--quiet", "--bare", "--initial-branch=main", "."); err != nil {
		return nil, err
	}
	if _, err := run(ctx, filepath.Dir(clone), "clone", "--quiet", root, clone); err != nil {
		return nil, err
	}
	// As in a developer's clone, origin is the URL that Flux fetches. Pushes use the file system.
	for _, args := range [][]string{
		{"checkout", "--quiet", "-B", "main"},
		{"remote", "set-url", "origin", url},
		{"remote", "set-url", "--push", "origin", root},
	} {
		if _, err := run(ctx, clone, args...); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// Push calls edit to change the files of the clone, pushes a commit, and returns its hash. Concurrent
// pushes to one repository are serialized.
func (r *Repo) Push(ctx context.Context, message string, edit func() error) (commit string, err error) {
	r.pushing.Lock()
	defer r.pushing.Unlock()
	if err := edit(); err != nil {
		return "", fmt.Errorf("edit the files for %q: %w", message, err)
	}
	if _, err := run(ctx, r.Dir, "add", "--all"); err != nil {
		return "", err
	}
	if _, err := run(ctx, r.Dir, "commit", "--quiet", "--message", message); err != nil {
		return "", err
	}
	if _, err := run(ctx, r.Dir, "push", "--quiet", "origin", "main"); err != nil {
		return "", err
	}
	return run(ctx, r.Dir, "rev-parse", "HEAD")
}

// Revert pushes a commit that reverts the newest one, and returns its hash.
func (r *Repo) Revert(ctx context.Context) (commit string, err error) {
	r.pushing.Lock()
	defer r.pushing.Unlock()
	for _, args := range [][]string{{"revert", "--no-edit", "HEAD"}, {"push", "--quiet", "origin", "main"}} {
		if _, err := run(ctx, r.Dir, args...); err != nil {
			return "", err
		}
	}
	return run(ctx, r.Dir, "rev-parse", "HEAD")
}

// Head returns the newest commit of the clone.
func (r *Repo) Head(ctx context.Context) (string, error) { return run(ctx, r.Dir, "rev-parse", "HEAD") }

func run(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=Dana Developer", "GIT_AUTHOR_EMAIL=dana@example.com",
		"GIT_COMMITTER_NAME=Dana Developer", "GIT_COMMITTER_EMAIL=dana@example.com")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("git %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(string(out)))
	}
	return strings.TrimSpace(string(out)), nil
}
