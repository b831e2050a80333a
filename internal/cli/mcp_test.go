package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

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

// TestAgentReportsProgress: a client that sends a token gets reports of the progress, and a wait ends as pending with its cause.
func TestAgentReportsProgress(t *testing.T) {
	t.Parallel()
	a := startAgent(t, "--snapshot", filepath.Join(scenarioDir, "dependency-waits", "snapshot.yaml"))
	text, isError := a.call(t, "verify", map[string]any{"wait_seconds": 60})
	for _, words := range []string{"Decision: pending (exit code 3)", "DependencyNotReady"} {
		if isError || !strings.Contains(text, words) {
			t.Errorf("%q is not in\n%s", words, text)
		}
	}
	a.awaitProgress(t, func(reports []string) bool {
		return slices.Equal(reports, []string{"Wait until components are healthy", "verify has ended"})
	})
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
	a.awaitProgress(t, func(reports []string) bool {
		return len(reports) >= 3 && strings.Contains(strings.Join(reports, "\n"), "has not fetched the wanted revision")
	})
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
	for _, folder := range []string{filepath.Join(root, "faults"), outside} {
		if err := os.CopyFS(folder, os.DirFS("../../testdata/lint/faults")); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(outside, filepath.Join(root, "link")); err != nil {
		t.Fatal(err)
	}
	a := startAgent(t, "--snapshot", filepath.Join(scenarioDir, "healthy", "snapshot.yaml"), "--repo", root)
	if text, isError := a.call(t, "lint", map[string]any{"path": "faults"}); isError || !strings.HasPrefix(strings.SplitN(text, "\n", 2)[1], "Decision: failed (exit code 2)") {
		t.Errorf("%.500s", text)
	}
	for _, path := range []string{"..", "/etc", "link", "faults/../..", "none", "faults/README.md/x"} {
		if text, isError := a.call(t, "lint", map[string]any{"path": path}); !isError || !strings.Contains(text, "invalid path") && !strings.Contains(text, "cannot open folder") {
			t.Errorf("%q: %.500s", path, text)
		}
	}
}
