package lab

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/addon"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/admission"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/git"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/proxy"
)

// ServeEnv is the environment variable that makes a binary run only one of the lab's servers: a test binary has no subcommands.
const ServeEnv = "LAB_SERVES"

// The servers of the lab, selected by the first argument.
const (
	serveGit       = "serve-git"        // FOLDER ADDRESS
	serveAdmission = "serve-admission"  // CERTIFICATE KEY ADDRESS
	serveVersion   = addon.ServeVersion // CERTIFICATE KEY API-SERVER ADDRESS VERSION
)

// Serve runs the server named by args until ctx ends. grace is the timeout for pending requests after that.
func Serve(ctx context.Context, args []string, grace time.Duration) error {
	switch {
	case len(args) == 3 && args[0] == serveGit:
		handler, err := git.Handler(args[1])
		if err != nil {
			return err
		}
		server := &http.Server{Addr: args[2], Handler: handler, ReadHeaderTimeout: 10 * time.Second}
		return listen(ctx, server, grace, server.ListenAndServe)
	case len(args) == 4 && args[0] == serveAdmission:
		server := &http.Server{Addr: args[3], Handler: admission.Handler(), ReadHeaderTimeout: 10 * time.Second}
		return listen(ctx, server, grace, func() error { return server.ListenAndServeTLS(args[1], args[2]) })
	case len(args) == 6 && args[0] == serveVersion:
		handler, err := proxy.WithVersion(args[3], args[5])
		if err != nil {
			return err
		}
		server := &http.Server{Addr: args[4], Handler: handler, ReadHeaderTimeout: 10 * time.Second}
		return listen(ctx, server, grace, func() error { return server.ListenAndServeTLS(args[1], args[2]) })
	}
	return fmt.Errorf("serve %q: unknown server", args)
}

func listen(ctx context.Context, server *http.Server, grace time.Duration, serve func() error) error {
	stopped := context.AfterFunc(ctx, func() {
		shutdown, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
		defer cancel()
		_ = server.Shutdown(shutdown)
	})
	defer stopped()
	if err := serve(); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve on %s: %w", server.Addr, err)
	}
	return nil
}

// copyProgram copies this program into the lab's folder: "go run" and "go test" delete theirs at exit, while the lab's servers keep running.
func (s *starter) copyProgram() (string, error) {
	target := filepath.Join(s.state.Dir, "lab-server")
	if _, err := os.Stat(target); err == nil {
		return target, nil
	}
	self, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find this program: %w", err)
	}
	text, err := os.ReadFile(self)
	if err != nil {
		return "", fmt.Errorf("read this program: %w", err)
	}
	if err := os.WriteFile(target, text, 0o755); err != nil {
		return "", fmt.Errorf("copy this program: %w", err)
	}
	return target, nil
}
