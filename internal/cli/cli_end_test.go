package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/requestguard"
)

// waiting is a command that waits: for a server, for its input, or for somebody to read its output.
type waiting struct {
	server func(released <-chan struct{}) http.HandlerFunc
	args   []string
	unread bool // its output
}

// waitingCommands are commands by what they wait for. A login does not end with the context of its request (client-go v0.37
// plugin/pkg/client/auth/exec), so its server returns only when the test is over.
func waitingCommands(t *testing.T) map[string]waiting {
	t.Helper()
	silent := func(<-chan struct{}) http.HandlerFunc {
		return func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	}
	starting := func(<-chan struct{}) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "starting", http.StatusServiceUnavailable) }
	}
	login := func(released <-chan struct{}) http.HandlerFunc {
		return func(http.ResponseWriter, *http.Request) { <-released }
	}
	repository := t.TempDir()
	if err := os.WriteFile(filepath.Join(repository, "a.yaml"), []byte("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return map[string]waiting{
		"Trace":       {silent, []string{"trace", "a", "-n", "shop"}, false},
		"Watch":       {silent, []string{"trace", "a", "-n", "shop", "-w"}, false},
		"Verify":      {silent, []string{"verify", "a", "-n", "shop"}, false},
		"Waiting":     {starting, []string{"verify", "a", "-n", "shop"}, false},
		"Fleet":       {silent, []string{"verify", "-A"}, false},
		"Snapshot":    {silent, []string{"snapshot", "a", "-n", "shop", "-f", "-"}, false},
		"Reconcile":   {silent, []string{"reconcile", "a", "-n", "shop", "--wait"}, false},
		"Stdin":       {silent, []string{"trace", "--snapshot", "-"}, false},
		"Login":       {login, []string{"trace", "a", "-n", "shop"}, false},
		"LoginWatch":  {login, []string{"trace", "a", "-n", "shop", "-w"}, false},
		"LoginVerify": {login, []string{"verify", "a", "-n", "shop"}, false},
		"LoginFleet":  {login, []string{"verify", "-A"}, false},
		"Logs":        {silent, []string{"logs", "a", "-n", "shop", "-f"}, false},
		"Events":      {silent, []string{"events", "a", "-n", "shop"}, false},
		"EventsWatch": {silent, []string{"events", "a", "-n", "shop", "-w"}, false},
		"Open":        {silent, []string{"open", "a", "-n", "shop"}, false},
		"Diff":        {silent, []string{"diff", "a", "-n", "shop", "--live"}, false},
		"Probe":       {silent, []string{"trace", "a", "-n", "shop", "--probe"}, false},
		"Lint":        {silent, []string{"lint", repository}, true},
	}
}

// TestCommandsEndWithinASecond: a signal ends every command within a second, whatever it waits for. On the fake clock only waiting takes
// time, so the machine may be as busy as it likes. cmd/kubectl-choreo tests the same with signals to a process.
func TestCommandsEndWithinASecond(t *testing.T) {
	t.Parallel()
	for name, c := range waitingCommands(t) {
		for cause, want := range map[error]struct {
			exit int
			word string
		}{context.Canceled: {130, "interrupted\n"}, ErrTerminated: {143, "terminated\n"}} {
			t.Run(fmt.Sprintf("%s/%d", name, want.exit), func(t *testing.T) {
				inBubble(t, func(t *testing.T) {
					exit, took, stderr := c.end(t, cause)
					if took > time.Second || exit != want.exit || !bytes.HasSuffix(stderr, []byte(want.word)) {
						t.Errorf("exit code %d after %s, want %d within a second\n%s", exit, took, want.exit, stderr)
					}
				})
			})
		}
	}
}

// end runs the command in a bubble, and ends its context after five seconds. took is from there.
func (c waiting) end(t *testing.T, cause error) (exit int, took time.Duration, errs []byte) {
	t.Helper()
	stdin, open := io.Pipe() // without a writer
	defer func() { _ = open.Close() }()
	unread, blocked := io.Pipe()
	defer func() { _ = unread.Close() }()
	released := make(chan struct{})
	defer close(released)
	ctx, cancel := context.WithCancelCause(t.Context())
	var signalled time.Time
	time.AfterFunc(5*time.Second, func() {
		signalled = time.Now()
		cancel(cause)
	})
	path := kubeconfig(t, map[string]*cluster{"control": {url: "http://in-memory.example"}})
	args := append([]string{"kubectl-choreo"}, c.args...)
	var stdout, stderr bytes.Buffer
	streams := iostreams.IOStreams{
		Args: append(args, "--kubeconfig", path), In: stdin, Out: &stdout, Err: &stderr,
		Getenv:    func(string) string { return "" },
		Configure: func(r *rest.Config) { r.Transport = factstest.Transport(requestguard.Handler(t, c.server(released))) },
	}
	if c.unread {
		streams.Args, streams.Out = args, blocked
	}
	exit = Main(ctx, streams)
	if signalled.IsZero() {
		t.Fatalf("it ended before a signal: %d\n%s%s", exit, stdout.String(), stderr.String())
	}
	return exit, time.Since(signalled), stderr.Bytes()
}

// TestACommandThatDoesNotEndIsLeft: no context ends a build with kustomize, a login, or a read of a pipe. The program does not wait for
// them, and the limit is on its own clock.
func TestACommandThatDoesNotEndIsLeft(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		released := make(chan struct{})
		defer close(released)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		command := &cobra.Command{RunE: func(*cobra.Command, []string) error {
			<-released
			return nil
		}}
		command.SetArgs([]string{})
		begin := time.Now()
		err := execute(ctx, command, &iostreams.Terminal{})
		if took := time.Since(begin) - time.Minute; !errors.Is(err, context.DeadlineExceeded) || took > time.Second || took != unwindTime {
			t.Errorf("%v after %s, want %s", err, took, unwindTime)
		}
	})
}
