package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/requestguard"
)

// dryRuns is an API server that refuses objects by their name, and records what was sent.
type dryRuns struct {
	refuse map[string]string // the Status

	mu   sync.Mutex
	sent []string
}

func (d *dryRuns) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	d.sent = append(d.sent, r.URL.Path)
	d.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if status := d.refuse[path.Base(r.URL.Path)]; status != "" {
		w.WriteHeader(http.StatusUnprocessableEntity)
		_, _ = fmt.Fprint(w, status)
		return
	}
	_, _ = fmt.Fprint(w, "{}")
}

// requests are the paths of what was sent, sorted.
func (d *dryRuns) requests() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Sorted(slices.Values(d.sent))
}

func serveDryRuns(t *testing.T, refuse map[string]string) (d *dryRuns, config string) {
	t.Helper()
	d = &dryRuns{refuse: refuse}
	server := httptest.NewServer(requestguard.Handler(t, d))
	t.Cleanup(server.Close)
	return d, kubeconfig(t, map[string]*cluster{"staging": {url: server.URL}})
}

const appsKustomization = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec: {interval: 1m, prune: true, path: ./apps, sourceRef: {kind: GitRepository, name: flux-system}}
`

// changedClone is a clone on a branch that has changed files since main.
func changedClone(t *testing.T, before, now map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	write := func(files map[string]string) {
		t.Helper()
		for name, text := range files {
			file := filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	layGit(t, dir, "init", "--quiet", "--initial-branch=main")
	write(before)
	layGit(t, dir, "add", "--all")
	layGit(t, dir, "commit", "--quiet", "--message=base")
	layGit(t, dir, "checkout", "--quiet", "-b", "change")
	write(now)
	return dir
}

func deploymentOf(name, app string) string {
	return fmt.Sprintf("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: %s, namespace: shop}\nspec:\n  selector: {matchLabels: {app: %s}}\n", name, app)
}

// TestLintAgainst: what has changed is sent to the cluster, and what it refuses is a finding at file and line. Without --against,
// nothing is sent.
func TestLintAgainst(t *testing.T) {
	t.Parallel()
	const message = "Deployment.apps \\\"web\\\" is invalid: spec.selector: field is immutable \\u001b[2J"
	d, config := serveDryRuns(t, map[string]string{
		"web": `{"kind":"Status","apiVersion":"v1","status":"Failure","code":422,"reason":"Invalid","message":"` + message + `","details":{"name":"web","kind":"Deployment","causes":[{"field":"spec.selector"}]}}`,
	})
	dir := changedClone(t, map[string]string{
		"flux/apps.yaml": appsKustomization, "apps/web.yaml": deploymentOf("web", "web"), "apps/same.yaml": deploymentOf("same", "same"), "apps/old.yaml": deploymentOf("old", "a"),
	}, map[string]string{
		"apps/web.yaml": deploymentOf("web", "other"), "apps/old.yaml": deploymentOf("new", "a"),
		"apps/secret.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: shop}\ndata: {}\n",
	})
	stdout, stderr, exit := runIn(t, nil, "lint", dir, "--base", "main", "--kubeconfig", config)
	if exit != 0 || len(d.requests()) > 0 || strings.Contains(stdout, "Against") {
		t.Fatalf("without --against: exit %d, sent %v\n%s%s", exit, d.requests(), stdout, stderr)
	}
	stdout, stderr, exit = runIn(t, nil, "lint", dir, "--base", "main", "--against", "staging", "--kubeconfig", config)
	const prefix = "/apis/apps/v1/namespaces/shop/deployments/"
	if diff := cmp.Diff([]string{prefix + "new", prefix + "web"}, d.requests()); diff != "" {
		t.Errorf("sent (-want +got)\n%s", diff)
	}
	for _, want := range []string{
		"apps/web.yaml:5  error  DryRunRefused\n", "field is immutable", "revert the change, or create the object under another name",
		". Against staging: 3 changed objects: 1 accepted, 1 refused, 1 not checked (1 Secret)\n",
	} {
		if !strings.Contains(stdout, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if exit != 2 || strings.ContainsRune(stdout, '\x1b') {
		t.Errorf("exit %d", exit)
	}
	if t.Failed() {
		t.Logf("%s%s", stdout, stderr)
	}
}

// TestLintAgainstJSON: the report has the counts, and a suppressed refusal does not count.
func TestLintAgainstJSON(t *testing.T) {
	t.Parallel()
	_, config := serveDryRuns(t, map[string]string{"web": `{"kind":"Status","apiVersion":"v1","status":"Failure","code":422,"reason":"Invalid","message":"no"}`})
	dir := changedClone(t, map[string]string{"flux/apps.yaml": appsKustomization, "apps/web.yaml": deploymentOf("web", "web")}, map[string]string{
		"apps/web.yaml": deploymentOf("web", "other"), ".choreolint.yaml": "rules: [{code: DryRunRefused, severity: off}, {code: Unreachable, severity: off}]\n",
	})
	stdout, stderr, exit := runIn(t, nil, "lint", dir, "--base", "main", "--against", "staging", "--kubeconfig", config, "-o", "json")
	var report struct {
		Checked    struct{ Against any }
		Suppressed struct{ Settings int }
	}
	if err := json.Unmarshal([]byte(stdout), &report); err != nil {
		t.Fatalf("%v\n%s%s", err, stdout, stderr)
	}
	want := map[string]any{"context": "staging", "changed": 1.0, "accepted": 0.0, "refused": 1.0}
	if diff := cmp.Diff(want, report.Checked.Against); diff != "" || exit != 0 || report.Suppressed.Settings != 1 {
		t.Errorf("exit %d, %+v (-want +got)\n%s", exit, report, diff)
	}
	stdout, _, _ = runIn(t, nil, "lint", dir, "--base", "main")
	if strings.Contains(stdout, "SuppressionUnused") {
		t.Errorf("a rule for --against is reported as unused without it:\n%s", stdout)
	}
}

// TestLintAgainstAnUnreachableCluster is no green result.
func TestLintAgainstAnUnreachableCluster(t *testing.T) {
	t.Parallel()
	config := kubeconfig(t, map[string]*cluster{"staging": {url: "http://127.0.0.1:1"}})
	dir := changedClone(t, map[string]string{"flux/apps.yaml": appsKustomization, "apps/web.yaml": deploymentOf("web", "web")}, map[string]string{"apps/web.yaml": deploymentOf("web", "other")})
	stdout, _, exit := runIn(t, nil, "lint", dir, "--base", "main", "--against", "staging", "--kubeconfig", config)
	if exit != 2 || !strings.Contains(stdout, "error  Unreachable\n") || !strings.Contains(stdout, "1 not checked (1 without an answer)") {
		t.Errorf("exit %d\n%s", exit, stdout)
	}
}

// TestLintAgainstUsage: what is missing is named, before anything is read.
func TestLintAgainstUsage(t *testing.T) {
	t.Parallel()
	config := kubeconfig(t, map[string]*cluster{"staging": {url: "http://127.0.0.1:1"}})
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"NoBase":      {[]string{"--against", "staging"}, "--against requires --base: name the branch that the change will be merged into"},
		"NoName":      {[]string{"--against", "", "--base", "main"}, "--against requires the name of a kubeconfig context"},
		"NoContext":   {[]string{"--against", "prod", "--base", "main", "--kubeconfig", config}, `cannot find context "prod" of --against in the kubeconfig`},
		"ClusterOnly": {[]string{"--against-cluster", "a"}, "--against-cluster requires --against CONTEXT"},
	} {
		stdout, stderr, exit := runIn(t, nil, append([]string{"lint", t.TempDir()}, c.args...)...)
		if exit != 1 || stdout != "" || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: exit %d, %q, want %q", name, exit, stderr, c.want)
		}
	}
}
