package cli

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// withRendered starts the healthy cluster with all that is rendered on its plane. A recording has only what a trace reads, and for what it does
// not have, the server answers that it does not exist. change may change an object of the plane.
func withRendered(t *testing.T, change func(*facts.Object)) *cluster {
	t.Helper()
	c := oneCluster(t, "healthy", nil)
	c.change(func(objects []facts.Object) []facts.Object {
		all := slices.Clone(objects)
		for _, o := range objects {
			if o.Ref.Kind != "RenderedRelease" {
				continue
			}
			for _, item := range kinds.Items(o.Body, "spec", "resources") {
				body := (&unstructured.Unstructured{Object: kinds.Fields(item, "object")}).DeepCopy()
				gvk := body.GroupVersionKind()
				live := facts.Object{Ref: facts.Ref{Plane: "default", Group: gvk.Group, Kind: gvk.Kind, Namespace: body.GetNamespace(), Name: body.GetName()}, Outcome: facts.Found, Body: body}
				if !slices.ContainsFunc(objects, func(other facts.Object) bool { return other.Ref == live.Ref }) {
					all = append(all, live)
				}
			}
		}
		for i := range all {
			if change != nil && all[i].Ref.Plane == "default" {
				all[i].Body = all[i].Body.DeepCopy()
				change(&all[i])
			}
		}
		return all
	})
	return c
}

// set sets a field of an object of a kind in development.
func set(kind string, value any, path ...string) func(*facts.Object) {
	return func(o *facts.Object) {
		if o.Ref.Kind == kind && strings.Contains(o.Ref.Namespace, "development") {
			_ = unstructured.SetNestedField(o.Body.Object, value, path...) // the result is tested
		}
	}
}

func diffArgs(t *testing.T, c *cluster, args ...string) []string {
	t.Helper()
	return append([]string{"diff", "greeter-service", "-n", "healthy", "--kubeconfig", kubeconfig(t, map[string]*cluster{"control": c})}, args...)
}

// TestDiffLive reads all that was rendered, and exits like kubectl diff.
func TestDiffLive(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change  func(*facts.Object)
		refused string
		args    []string
		exit    int
		stdout  []string
		stderr  string
	}{
		"Same":      {nil, "", nil, 0, nil, "no difference between live and rendered; compared objects: 10\n"},
		"Service":   {set("Service", "other", "spec", "selector", "openchoreo.dev/component"), "", nil, 1, []string{"-    openchoreo.dev/component: other\n", "+    openchoreo.dev/component: greeter-service\n", " (development)\n"}, ""},
		"Elsewhere": {set("Service", "other", "spec", "selector", "openchoreo.dev/component"), "", []string{"-e", "staging"}, 0, nil, "no difference between live and rendered; compared objects: 5\n"},
		"Forbidden": {set("Service", "other", "spec", "type"), "configmaps", nil, 4, []string{"-  type: other\n"}, "(development): forbidden: "},
		"Name":      {set("Service", "other", "spec", "type"), "", []string{"-o", "name"}, 1, []string{"service/greeter-service\n"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := withRendered(t, c.change)
			server.refused = c.refused
			stdout, stderr, exit := runIn(t, nil, diffArgs(t, server, append([]string{"--live"}, c.args...)...)...)
			if exit != c.exit || !strings.Contains(stderr, c.stderr) || len(c.stdout) == 0 && stdout != "" || c.stderr == "" && stderr != "" {
				t.Errorf("exit code %d, want %d\n%s\n%s", exit, c.exit, stdout, stderr)
			}
			for _, want := range c.stdout {
				if !strings.Contains(stdout, want) {
					t.Errorf("no %q in\n%s", want, stdout)
				}
			}
		})
	}
}

// TestDiffLiveOfHealthyScenarios: defaults, admission, autoscalers and the operators of other systems make no difference.
func TestDiffLiveOfHealthyScenarios(t *testing.T) {
	t.Parallel()
	compared := 0
	faults, err := filepath.Glob(filepath.Join(scenarioDir, "*", "fault"))
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range faults {
		text, err := os.ReadFile(fault)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(text), "None") {
			continue
		}
		stdout, stderr, exit := runIn(t, nil, "diff", "--live", "-o", "name", "--snapshot", filepath.Join(filepath.Dir(fault), "snapshot.yaml"))
		if stdout != "" || exit != 0 && exit != 4 {
			t.Errorf("%s: exit code %d\n%s%s", filepath.Dir(fault), exit, stdout, stderr)
		}
		if exit == 0 {
			compared++
		}
	}
	if compared < 30 { // the others have no object of the data plane
		t.Errorf("%d healthy scenarios were compared", compared)
	}
}

// TestDiffRequests: beside those of a trace, one request for each rendered object that a trace does not read, and none for a Secret.
func TestDiffRequests(t *testing.T) {
	t.Parallel()
	traced, compared := withRendered(t, nil), withRendered(t, nil)
	config := kubeconfig(t, map[string]*cluster{"control": traced})
	if _, stderr, exit := runIn(t, nil, "trace", "greeter-service", "-n", "healthy", "--kubeconfig", config); exit != 0 {
		t.Fatal(stderr)
	}
	if _, stderr, exit := runIn(t, nil, diffArgs(t, compared, "--live")...); exit != 0 {
		t.Fatal(stderr)
	}
	count := func(c *cluster) map[string]int {
		counts := map[string]int{}
		c.mu.Lock()
		defer c.mu.Unlock()
		for _, path := range c.paths {
			counts[path]++
		}
		return counts
	}
	before, after := count(traced), count(compared)
	more := map[string]int{}
	for path, n := range after {
		if n > before[path] {
			_, _, plural, _ := pathParts(path)
			more[plural]++
		}
	}
	want := map[string]int{"configmaps": 2, "httproutes": 2, "services": 2, "networkpolicies": 2}
	if !maps.Equal(want, more) {
		t.Errorf("%v, want %v", more, want)
	}
}

// TestDiffUsage: an error is never the exit code of a difference.
func TestDiffUsage(t *testing.T) {
	t.Parallel()
	snapshot := filepath.Join(scenarioDir, "healthy", "snapshot.yaml")
	for args, want := range map[string]string{
		"--repo /nowhere": "--repo", "-e staging --repo /nowhere": "--repo", "--revision a --live": "cannot combine --revision", "-e staging -e staging": "requires two different environments", "--release a": "--release requires two names",
		"--release a --release b --live": "cannot combine --release", "--live -e moon": `no environment "moon"`, "--live -e production": "deployed in none of the environments", "-e staging -e production": "not deployed in production",
		"--release a --release b": "", "--live -o tree": "unknown output format", "--liv": "unknown flag", "--live a b c": "accepts at most 2 arg",
		"--server-side --live": "cannot combine --server-side", "--server-side --revision a..b": "cannot combine --server-side", "--server-side": "cannot combine --server-side with --snapshot",
		"--live --color pink": "pink", "other --live": "is a snapshot of component greeter-service",
	} {
		stdout, stderr, exit := runIn(t, nil, append([]string{"diff", "--snapshot", snapshot}, strings.Fields(args)...)...)
		wantExit := 2
		if args == "--release a --release b" {
			want, wantExit = "not compared: ComponentRelease healthy/a: not read", 4
		}
		if exit != wantExit || !strings.Contains(stderr, want) || stdout != "" {
			t.Errorf("%q: exit code %d, want %d with %q\n%s%s", args, exit, wantExit, want, stdout, stderr)
		}
	}
}

// TestDiffEnvironments also from a snapshot, and as JSON.
func TestDiffEnvironments(t *testing.T) {
	t.Parallel()
	healthy := filepath.Join(scenarioDir, "healthy", "snapshot.yaml")
	if stdout, stderr, exit := runIn(t, nil, "diff", "-e", "development", "-e", "staging", "--snapshot", healthy); exit != 0 || stdout != "" || stderr != "no difference between development and staging; compared objects: 6\n" {
		t.Errorf("exit code %d\n%s%s", exit, stdout, stderr)
	}
	c := oneCluster(t, "healthy", func(o *facts.Object) {
		if o.Ref.Kind == "ReleaseBinding" && strings.HasSuffix(o.Ref.Name, "staging") {
			_ = unstructured.SetNestedField(o.Body.Object, "Undeploy", "spec", "state") // the result is tested
		}
	})
	stdout, stderr, exit := runIn(t, nil, diffArgs(t, c, "-e", "development,staging", "-o", "json")...)
	var got struct {
		From, To string
		Differs  bool
		Objects  []struct {
			Object struct{ Kind string }
			State  string
			Fields []struct{ Path, From, To string }
		}
	}
	if err := json.Unmarshal([]byte(stdout), &got); err != nil || exit != 1 || stderr != "" {
		t.Fatalf("exit code %d, %v\n%s%s", exit, err, stdout, stderr)
	}
	first := got.Objects[0]
	if got.From != "development" || got.To != "staging" || !got.Differs || first.State != "Changed" || len(first.Fields) != 1 || first.Fields[0].From != "Active" || first.Fields[0].To != "Undeploy" {
		t.Errorf("%+v", got)
	}
}

// TestDiffExternal: the program of kubectl's variable gets two folders; its exit code for a difference is no error.
func TestDiffExternal(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "differ")
	if err := os.WriteFile(program, []byte("#!/bin/sh\necho \"$@\"\ncat \"$2\"/* \"$3\"/*\nexit 1\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	c := withRendered(t, set("Service", "other", "spec", "type"))
	environment := map[string]string{"KUBECTL_EXTERNAL_DIFF": program + " --side-by-side $(reboot) ;"}
	stdout, stderr, exit := runIn(t, environment, diffArgs(t, c, "--live")...)
	first, rest, _ := strings.Cut(stdout, "\n")
	words := strings.Fields(first)
	if exit != 1 || len(words) != 3 || words[0] != "--side-by-side" || filepath.Base(words[1]) != "FROM" || filepath.Base(words[2]) != "TO" || !strings.Contains(rest, "type: other\n") || !strings.Contains(rest, "type: ClusterIP\n") {
		t.Errorf("exit code %d\n%s%s", exit, stdout, stderr)
	}
	if _, err := os.Stat(filepath.Dir(words[1])); !os.IsNotExist(err) {
		t.Errorf("the folders are still there: %v", err)
	}
	environment["KUBECTL_EXTERNAL_DIFF"] = filepath.Join(t.TempDir(), "none")
	if _, stderr, exit := runIn(t, environment, diffArgs(t, c, "--live")...); exit != 2 || !strings.Contains(stderr, "KUBECTL_EXTERNAL_DIFF") {
		t.Errorf("exit code %d: %s", exit, stderr)
	}
}

// TestDiffMaskValues: with --mask-values, two values differ, but neither is shown.
func TestDiffMaskValues(t *testing.T) {
	t.Parallel()
	c := withRendered(t, set("ConfigMap", "plain-value", "data", "GREETING"))
	for flag, isShown := range map[string]bool{"--mask-values=false": true, "--mask-values": false} {
		stdout, stderr, exit := runIn(t, nil, diffArgs(t, c, "--live", flag)...)
		if exit != 1 || strings.Contains(stdout, "plain-value") != isShown || strings.Count(stdout, " GREETING: ") != 2 {
			t.Errorf("%s: exit code %d\n%s%s", flag, exit, stdout, stderr)
		}
	}
}
