package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
)

// TestCommandsEndWithinASecond: a signal ends every command within a second, whatever it waits for. On the fake clock only waiting takes
// time, so the machine may be as busy as it likes. cmd/kubectl-choreo tests the same with signals to a process.
func TestCommandsEndWithinASecond(t *testing.T) {
	t.Parallel()
	silent := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	starting := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "starting", http.StatusServiceUnavailable) })
	for name, c := range map[string]struct {
		server http.Handler
		args   []string
	}{
		"Trace":     {silent, []string{"trace", "a", "-n", "shop"}},
		"Watch":     {silent, []string{"trace", "a", "-n", "shop", "-w"}},
		"Verify":    {silent, []string{"verify", "a", "-n", "shop"}},
		"Waiting":   {starting, []string{"verify", "a", "-n", "shop"}},
		"Fleet":     {silent, []string{"verify", "-A"}},
		"Snapshot":  {silent, []string{"snapshot", "a", "-n", "shop", "-f", "-"}},
		"Reconcile": {silent, []string{"reconcile", "a", "-n", "shop", "--wait"}},
		"Stdin":     {silent, []string{"trace", "--snapshot", "-"}},
	} {
		for cause, want := range map[error]struct {
			exit int
			word string
		}{context.Canceled: {130, "interrupted\n"}, ErrTerminated: {143, "terminated\n"}} {
			t.Run(fmt.Sprintf("%s/%d", name, want.exit), func(t *testing.T) {
				inBubble(t, func(t *testing.T) {
					stdin, open := io.Pipe() // nobody writes to it
					defer func() { _ = open.Close() }()
					ctx, cancel := context.WithCancelCause(t.Context())
					var signalled time.Time
					time.AfterFunc(5*time.Second, func() {
						signalled = time.Now()
						cancel(cause)
					})
					path := kubeconfig(t, map[string]*cluster{"control": {url: "http://in-memory.example"}})
					var stdout, stderr bytes.Buffer
					exit := Main(ctx, iostreams.IOStreams{
						Args: append([]string{"kubectl-choreo"}, append(c.args, "--kubeconfig", path)...), In: stdin, Out: &stdout, Err: &stderr,
						Getenv:    func(string) string { return "" },
						Configure: func(r *rest.Config) { r.Transport = factstest.Transport(c.server) },
					})
					if signalled.IsZero() {
						t.Fatalf("it ended before a signal: %d\n%s%s", exit, stdout.String(), stderr.String())
					}
					if took := time.Since(signalled); took > time.Second || exit != want.exit || !bytes.HasSuffix(stderr.Bytes(), []byte(want.word)) {
						t.Errorf("exit code %d after %s, want %d within a second\n%s", exit, took, want.exit, stderr.String())
					}
				})
			})
		}
	}
}
