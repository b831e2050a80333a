package cli

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
)

// TestAgentOverHTTP: only a loopback address, only with the token, and never from a page of another origin.
func TestAgentOverHTTP(t *testing.T) {
	t.Parallel()
	token := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte("0123456789abcdef\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	errs, ended := &lockedBuffer{}, make(chan int, 1)
	go func() {
		ended <- Main(ctx, iostreams.IOStreams{
			Args: []string{"kubectl-choreo", "mcp", "--snapshot", filepath.Join(scenarioDir, "healthy", "snapshot.yaml"), "--listen", "127.0.0.1:0", "--http-token-file", token},
			In:   strings.NewReader(""), Out: io.Discard, Err: errs, Getenv: func(string) string { return "" },
		})
	}()
	address := ""
	for deadline := time.Now().Add(time.Minute); address == "" && time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if _, rest, found := strings.Cut(errs.text(), "serving MCP on "); found && strings.Contains(rest, "\n") {
			address = strings.TrimSpace(rest)
		}
	}
	for name, header := range map[string]string{"None": "", "Other": "Bearer 0123456789abcdeX", "Basic": "Basic 0123456789abcdef"} {
		if code := post(t, address, map[string]string{"Authorization": header}); code != http.StatusUnauthorized {
			t.Errorf("%s: status %d", name, code)
		}
	}
	if code := post(t, address, map[string]string{"Authorization": "Bearer 0123456789abcdef", "Host": "evil.example"}); code != http.StatusForbidden {
		t.Errorf("another host: status %d", code)
	}
	client := &http.Client{Transport: bearer("0123456789abcdef")}
	session, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).Connect(ctx, &mcp.StreamableClientTransport{Endpoint: address, HTTPClient: client}, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := session.CallTool(ctx, &mcp.CallToolParams{Name: "diagnose"})
	if err != nil || !strings.HasPrefix(r.Content[0].(*mcp.TextContent).Text, "greeter-service (project demo, namespace healthy): Healthy") {
		t.Errorf("%v %v", r, err)
	}
	stop()
	if code := <-ended; code != 130 {
		t.Errorf("exit code %d: %s", code, errs.text())
	}
}

func post(t *testing.T, address string, headers map[string]string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"ping"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json, text/event-stream")
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	r.Host = headers["Host"]
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	return response.StatusCode
}

type bearer string

func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+string(b))
	return http.DefaultTransport.RoundTrip(r)
}

// TestAgentRefuses: command lines that would offer more than is safe, or nothing at all.
func TestAgentRefuses(t *testing.T) {
	t.Parallel()
	open := filepath.Join(t.TempDir(), "open")
	if err := os.WriteFile(open, []byte("0123456789abcdef"), 0o644); err != nil {
		t.Fatal(err)
	}
	snapshot := filepath.Join(scenarioDir, "healthy", "snapshot.yaml")
	for args, want := range map[string]string{
		"--snapshot " + snapshot + " --listen 0.0.0.0:0":                             "only loopback addresses",
		"--snapshot " + snapshot + " --listen localhost:0":                           "only loopback addresses",
		"--snapshot " + snapshot + " --listen 127.0.0.1":                             "use a loopback address and a port",
		"--snapshot " + snapshot + " --listen 127.0.0.1:0 --http-token-file " + open: "chmod 600",
		"--snapshot " + snapshot + " --http-token-file " + open:                      "--http-token-file requires --listen",
		"--snapshot " + snapshot + " --allow-reconcile":                              "cannot combine --allow-reconcile with --snapshot",
		"--snapshot -":               "cannot read the snapshot from the standard input",
		"--snapshot " + t.TempDir():  "no snapshots in",
		"--snapshot nowhere.yaml":    "cannot open snapshot",
		"--revision main":            "the tools have an argument for it",
		"--snapshot ../../README.md": "../../README.md",
		"--kubeconfig nowhere":       "no such file or directory",
	} {
		stdout, stderr, exit := runIn(t, nil, append([]string{"mcp"}, strings.Fields(args)...)...)
		if exit != 1 || stdout != "" || !strings.Contains(stderr, want) {
			t.Errorf("%s: exit %d, %q, %q; want %q", args, exit, stdout, stderr, want)
		}
	}
}
