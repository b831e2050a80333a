package cli

import (
	"bytes"
	"context"
	"io"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"k8s.io/apimachinery/pkg/util/wait"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
)

// agent is a client of the command mcp, which runs in this process.
type agent struct {
	*mcp.ClientSession
	errs *lockedBuffer

	mu       sync.Mutex
	progress []string
}

// lockedBuffer is the standard error, which the test reads while the command runs.
type lockedBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer // not embedded: its ReadFrom would write without the lock
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

func (b *lockedBuffer) text() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}

// startAgent runs the command until the test ends.
func startAgent(t *testing.T, args ...string) *agent {
	t.Helper()
	return startAgentIn(t, nil, args...)
}

// startAgentIn does so in an environment.
func startAgentIn(t *testing.T, environment map[string]string, args ...string) *agent {
	t.Helper()
	in, toServer := io.Pipe()
	fromServer, out := io.Pipe()
	a := &agent{errs: &lockedBuffer{}}
	ended := make(chan int, 1)
	go func() {
		ended <- Main(context.WithoutCancel(t.Context()), iostreams.IOStreams{
			Args: append([]string{"kubectl-choreo", "mcp"}, args...), In: in, Out: out, Err: a.errs, Getenv: func(name string) string { return environment[name] },
		})
		_ = out.Close()
	}()
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, &mcp.ClientOptions{
		ProgressNotificationHandler: func(_ context.Context, r *mcp.ProgressNotificationClientRequest) {
			a.mu.Lock()
			defer a.mu.Unlock()
			a.progress = append(a.progress, r.Params.Message)
		},
	})
	var err error
	if a.ClientSession, err = client.Connect(t.Context(), &mcp.IOTransport{Reader: fromServer, Writer: toServer}, nil); err != nil {
		t.Fatalf("%v; stderr: %s", err, a.errs.text())
	}
	t.Cleanup(func() {
		_ = a.Close()
		if code := <-ended; code != 0 {
			t.Errorf("exit code %d: %s", code, a.errs.text())
		}
	})
	return a
}

// awaitProgress waits for the reports that are wanted: a call's answer may overtake the last of them.
func (a *agent) awaitProgress(t *testing.T, enough func(reports []string) bool) {
	t.Helper()
	var reports []string
	err := wait.PollUntilContextTimeout(t.Context(), 10*time.Millisecond, 30*time.Second, true, func(context.Context) (bool, error) {
		a.mu.Lock()
		defer a.mu.Unlock()
		reports = slices.Clone(a.progress)
		return enough(reports), nil
	})
	if err != nil {
		t.Errorf("progress %q: %v", reports, err)
	}
}

func (a *agent) call(t *testing.T, name string, arguments map[string]any) (text string, isError bool) {
	t.Helper()
	params := &mcp.CallToolParams{Name: name, Arguments: arguments}
	params.SetProgressToken("token")
	r, err := a.CallTool(t.Context(), params)
	if err != nil {
		t.Fatalf("%s %v: %v", name, arguments, err)
	}
	return r.Content[0].(*mcp.TextContent).Text, r.IsError
}
