package cli

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
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
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *lockedBuffer) text() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.String()
}

// startAgent runs the command until the test ends.
func startAgent(t *testing.T, args ...string) *agent {
	t.Helper()
	in, toServer := io.Pipe()
	fromServer, out := io.Pipe()
	a := &agent{errs: &lockedBuffer{}}
	ended := make(chan int, 1)
	go func() {
		ended <- Main(context.WithoutCancel(t.Context()), iostreams.IOStreams{
			Args: append([]string{"kubectl-choreo", "mcp"}, args...), In: in, Out: out, Err: a.errs, Getenv: func(string) string { return "" },
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

// TestAgentReadsCluster: the tools read the cluster, in the namespace of the start, and also for an object on the data plane.
func TestAgentReadsCluster(t *testing.T) {
	t.Parallel()
	c := oneCluster(t, "pod-image-pull", nil)
	a := startAgent(t, "--kubeconfig", kubeconfig(t, map[string]*cluster{"control": c}), "-n", "pod-image-pull", "--repo", t.TempDir())
	for name, arguments := range map[string]map[string]any{
		"Component": {"component": "greeter-service"},
		"Pod":       {"component": "pod/" + imagePullPod},
	} {
		text, isError := a.call(t, "diagnose", arguments)
		for _, words := range []string{
			"greeter-service (project demo, namespace pod-image-pull): Failed", "Failed at: pod (development). Code: ImagePullBackOff",
			"\n| Pod " + imagePullCell + "/" + imagePullPod + "\n",
		} {
			if isError || !strings.Contains(text, words) {
				t.Errorf("%s: %q is not in\n%s", name, words, text)
			}
		}
	}
	for name, wanted := range map[string][]string{
		"status": {"failed greeter-service (pod-image-pull) at pod ImagePullBackOff", "Cause: ImagePullBackOff at pod"},
		"verify": {"Decision: failed (exit code 2)", "ImagePullBackOff"},
	} {
		text, isError := a.call(t, name, nil)
		for _, words := range wanted {
			if isError || !strings.Contains(text, words) {
				t.Errorf("%s: %q is not in\n%s", name, words, text)
			}
		}
	}
	if tools, err := a.ListTools(t.Context(), nil); err != nil || slices.ContainsFunc(tools.Tools, func(o *mcp.Tool) bool { return o.Name == "reconcile" }) {
		t.Errorf("reconcile is offered: %v", err)
	}
	if slices.ContainsFunc(c.requestedPaths(), func(path string) bool { return strings.Contains(path, "/secrets") }) {
		t.Error("a Secret was read")
	}
}

// requestedPaths are the paths of all requests.
func (c *cluster) requestedPaths() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.paths)
}

// TestAgentStaysInNamespace: no argument and no object leads to a component of another namespace, and a change of the current context
// in the kubeconfig does not move the server.
func TestAgentStaysInNamespace(t *testing.T) {
	t.Parallel()
	c := oneCluster(t, "pod-image-pull", nil)
	config := kubeconfig(t, map[string]*cluster{"control": c, "other": serve(t, "healthy", facts.Control)})
	a := startAgent(t, "--kubeconfig", config, "-n", "elsewhere")
	text, isError := a.call(t, "diagnose", map[string]any{"component": "pod/" + imagePullPod})
	if !isError || !strings.Contains(text, "this server is about namespace elsewhere") {
		t.Errorf("%s", text)
	}
	content, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	b := startAgent(t, "--kubeconfig", config, "-n", "pod-image-pull")
	if err := os.WriteFile(config, bytes.ReplaceAll(content, []byte("current-context: control"), []byte("current-context: other")), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"diagnose", "verify"} {
		arguments := map[string]any{"component": "greeter-service"}
		if name == "verify" {
			arguments = map[string]any{"components": []string{"greeter-service"}}
		}
		if text, isError := b.call(t, name, arguments); isError || !strings.Contains(text, "ImagePullBackOff") {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// TestAgentWithoutRights: what is forbidden is named, and the state is unknown.
func TestAgentWithoutRights(t *testing.T) {
	t.Parallel()
	c := oneCluster(t, "healthy", nil)
	c.refuses("pods")
	a := startAgent(t, "--kubeconfig", kubeconfig(t, map[string]*cluster{"control": c}))
	text, isError := a.call(t, "diagnose", map[string]any{"component": "greeter-service"})
	for _, words := range []string{"greeter-service (project demo, namespace healthy): Unknown", "Forbidden: these reads are not allowed", "\n| Pod"} {
		if isError || !strings.Contains(text, words) {
			t.Errorf("%q is not in\n%s", words, text)
		}
	}
	c.refuses("*")
	if text, isError = a.call(t, "diagnose", map[string]any{"component": "greeter-service"}); !isError || !strings.Contains(text, "docs/rbac.md") {
		t.Errorf("%s", text)
	}
}

// TestAgentReportsProgress: a client that sends a token is told what happens, and a wait ends as pending with its cause.
func TestAgentReportsProgress(t *testing.T) {
	t.Parallel()
	a := startAgent(t, "--snapshot", filepath.Join(scenarioDir, "dependency-waits", "snapshot.yaml"))
	text, isError := a.call(t, "verify", map[string]any{"wait_seconds": 60})
	for _, words := range []string{"Decision: pending (exit code 3)", "DependencyNotReady"} {
		if isError || !strings.Contains(text, words) {
			t.Errorf("%q is not in\n%s", words, text)
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if want := []string{"Wait until components are healthy", "verify has ended"}; !slices.Equal(a.progress, want) {
		t.Errorf("%q, want %q", a.progress, want)
	}
}

// TestAgentWaits: a commit that does not arrive within the time is pending, with what holds it back; the client gets progress meanwhile.
func TestAgentWaits(t *testing.T) {
	t.Parallel()
	a := startAgent(t, "--kubeconfig", kubeconfig(t, map[string]*cluster{"control": oneCluster(t, "healthy", nil)}))
	text, isError := a.call(t, "verify", map[string]any{"wait_seconds": 2, "revision": strings.Repeat("0123456789", 4)})
	for _, words := range []string{"Decision: pending (exit code 3)", "timed out", "Pending: source   RevisionNotFetched"} {
		if isError || !strings.Contains(text, words) {
			t.Errorf("%q is not in\n%s", words, text)
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.progress) < 3 || !strings.Contains(strings.Join(a.progress, "\n"), "has not fetched the wanted revision") {
		t.Errorf("progress %q", a.progress)
	}
}

// TestAgentReconciles: the tool that writes is offered on request only, and shows its plan without writing.
func TestAgentReconciles(t *testing.T) {
	t.Parallel()
	c := oneCluster(t, "kustomization-suspended", nil)
	a := startAgent(t, "--kubeconfig", kubeconfig(t, map[string]*cluster{"control": c}), "-n", "kustomization-suspended", "--allow-reconcile")
	tools, err := a.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(tools.Tools, func(o *mcp.Tool) bool { return o.Name == "reconcile" })
	if at < 0 || tools.Tools[at].Annotations.ReadOnlyHint {
		t.Errorf("tools %+v", tools.Tools)
	}
	text, isError := a.call(t, "reconcile", map[string]any{"component": "greeter-service", "dry_run": true})
	if isError || !strings.Contains(text, "suspended") {
		t.Errorf("%s", text)
	}
}

// TestAgentLintsBelowRoot: no path and no link leads out of the folder of --repo.
func TestAgentLintsBelowRoot(t *testing.T) {
	t.Parallel()
	root, outside := t.TempDir(), t.TempDir()
	if err := os.CopyFS(filepath.Join(root, "faults"), os.DirFS("../../testdata/lint/faults")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(root, "link")); err != nil {
		t.Fatal(err)
	}
	a := startAgent(t, "--snapshot", filepath.Join(scenarioDir, "healthy", "snapshot.yaml"), "--repo", root)
	if text, isError := a.call(t, "lint", map[string]any{"path": "faults"}); isError || !strings.HasPrefix(strings.SplitN(text, "\n", 2)[1], "Decision: failed (exit code 2)") {
		t.Errorf("%.500s", text)
	}
	for _, path := range []string{"..", "/etc", "link", "faults/../..", "none", "faults/README.md/x"} {
		if text, isError := a.call(t, "lint", map[string]any{"path": path}); !isError || strings.Contains(text, "Decision") {
			t.Errorf("%q: %.500s", path, text)
		}
	}
}

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
			Args: []string{"kubectl-choreo", "mcp", "--snapshot", filepath.Join(scenarioDir, "healthy", "snapshot.yaml"), "--listen", "127.0.0.1:0", "--token-file", token},
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
		"--snapshot " + snapshot + " --listen 0.0.0.0:0":                        "only loopback addresses",
		"--snapshot " + snapshot + " --listen localhost:0":                      "only loopback addresses",
		"--snapshot " + snapshot + " --listen 127.0.0.1":                        "use a loopback address and a port",
		"--snapshot " + snapshot + " --listen 127.0.0.1:0 --token-file " + open: "chmod 600",
		"--snapshot " + snapshot + " --token-file " + open:                      "--token-file requires --listen",
		"--snapshot " + snapshot + " --allow-reconcile":                         "cannot combine --allow-reconcile with --snapshot",
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
