package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// agentCase is a call of a tool, and what its answer has.
type agentCase struct {
	tool      string
	arguments map[string]any
	refused   bool
	words     []string
}

func (a *agent) check(t *testing.T, cases map[string]agentCase) {
	t.Helper()
	for name, c := range cases {
		text, isError := a.call(t, c.tool, c.arguments)
		for _, words := range c.words {
			if isError != c.refused || !strings.Contains(text, words) {
				t.Errorf("%s: error %v, want %v with %q in\n%s", name, isError, c.refused, words, text)
			}
		}
	}
}

// TestAgentComparesRecordedStates: a difference, none, and what a file does not have, which is unknown and no error.
func TestAgentComparesRecordedStates(t *testing.T) {
	t.Parallel()
	a := startAgent(t, "--snapshot", scenarioDir)
	scaled, healthy := "deployment-scaled-by-hand", "healthy"
	a.check(t, map[string]agentCase{
		"Live": {"diff", map[string]any{"snapshot": scaled, "live": true}, false, []string{
			"Result: different\n", "\n| Deployment dp-fleet-demo-development-", "\n| -  replicas: 2\n| +  replicas: 1\n",
		}},
		"Same":     {"diff", map[string]any{"snapshot": healthy, "environments": []string{"development", "staging"}}, false, []string{"Result: no difference\nNote:\n| no difference between development and staging; compared objects: 6\n"}},
		"Unread":   {"diff", map[string]any{"snapshot": healthy, "releases": []string{"a", "b"}}, false, []string{"Result: unknown, because some objects could not be read\n", "| not compared: ComponentRelease healthy/a: not read"}},
		"NotBound": {"diff", map[string]any{"snapshot": healthy, "environments": []string{"staging", "production"}}, true, []string{"\n| greeter-service is not deployed in production"}},
		"NoClone":  {"diff", map[string]any{"snapshot": healthy}, true, []string{"\n| cannot compare with Git: ", "--repo"}},
		"NoState":  {"history", map[string]any{"component": "cart"}, true, []string{`no recorded state of component "cart"`}},
		"History":  {"history", map[string]any{"snapshot": healthy, "environment": "staging"}, false, []string{"\n| ENVIRONMENT  RELEASE ", "\n| staging      greeter-service-"}},
		"NoCommit": {"history", map[string]any{"snapshot": healthy, "commit": "1234567"}, true, []string{`cannot find commit "1234567"`}},
	})
	var got struct {
		Report struct {
			Result string
			Output struct {
				From, To string
				Objects  []struct{ Fields []struct{ Path string } }
			}
		}
	}
	text, isError := a.call(t, "diff", map[string]any{"snapshot": scaled, "live": true, "structured": true})
	if err := json.Unmarshal([]byte(text), &got); err != nil || isError || got.Report.Result != "different" || got.Report.Output.From != "live" {
		t.Errorf("%v\n%s", err, text)
	}
	text, isError = a.call(t, "history", map[string]any{"snapshot": healthy, "structured": true})
	if isError || !strings.Contains(text, `"kind":"ComponentHistory"`) || !strings.HasPrefix(text, `{"notice":`) {
		t.Errorf("%s", text)
	}
}

// TestAgentRefusesComparisons: arguments that no comparison has are refused, in words.
func TestAgentRefusesComparisons(t *testing.T) {
	t.Parallel()
	a := startAgent(t, "--snapshot", filepath.Join(scenarioDir, "healthy", "snapshot.yaml"))
	for want, arguments := range map[string]map[string]any{
		"use one of live, environments, releases and revision":           {"live": true, "releases": []string{"a", "b"}},
		"invalid environments: name two different ones":                  {"environments": []string{"staging", "staging"}},
		"invalid releases: name two different ones":                      {"releases": []string{"a"}},
		`invalid releases "--live": not the name of an object`:           {"releases": []string{"a", "--live"}},
		"environment cannot be combined with environments or releases":   {"releases": []string{"a", "b"}, "environment": "staging"},
		"base requires revision":                                         {"base": "main"},
		"invalid revision: name one revision; base and revision compare": {"revision": "main..feature"},
		`invalid base "--repo=/": use a commit, a tag or a branch`:       {"base": "--repo=/", "revision": "main"},
		`invalid component "pod/cart": not the name of an object`:        {"component": "pod/cart"},
		`invalid environment "a b": not the name of an object`:           {"environment": "a b"},
	} {
		if text, isError := a.call(t, "diff", arguments); !isError || !strings.Contains(text, want) {
			t.Errorf("%v: want %q in %s", arguments, want, text)
		}
	}
	for want, arguments := range map[string]map[string]any{
		`invalid commit "HEAD": use at least seven characters`: {"commit": "HEAD"},
		`invalid commit "--repo=/": use at least seven`:        {"commit": "--repo=/"},
		`invalid component "-A": not the name of an object`:    {"component": "-A"},
		`invalid environment "x/y": not the name of an object`: {"environment": "x/y"},
		"invalid snapshot: the name is too long":               {"snapshot": strings.Repeat("x", 1001)},
	} {
		if text, isError := a.call(t, "history", arguments); !isError || !strings.Contains(text, want) {
			t.Errorf("%v: want %q in %s", arguments, want, text)
		}
	}
}

// TestAgentReadsClone: the clone of --repo is that of diff and history, also for a recorded state.
func TestAgentReadsClone(t *testing.T) {
	t.Parallel()
	dir := clonedGitOps(t)
	file := filepath.Join(dir, "namespaces/healthy/projects", "releasebinding-greeter-service-staging.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, file, strings.Replace(string(text), "state: Active", "state: Undeploy", 1))
	commitAll(t, dir, "undeploy")
	a := startAgent(t, "--snapshot", filepath.Join(scenarioDir, "healthy", "snapshot.yaml"), "--repo", dir)
	undeployed := []string{"Result: different\n", "\n| -  state: Active\n| +  state: Undeploy\n"}
	a.check(t, map[string]agentCase{
		"Cluster":     {"diff", nil, false, undeployed},
		"Revision":    {"diff", map[string]any{"revision": "main"}, false, undeployed},
		"Environment": {"diff", map[string]any{"environment": "development"}, false, []string{"Result: no difference\n"}},
		"Unknown":     {"diff", map[string]any{"revision": "nowhere"}, true, []string{"nowhere"}},
		"Revisions":   {"diff", map[string]any{"base": "main", "revision": "main"}, false, []string{"Result: no difference\n"}},
	})

	clone, url := t.TempDir(), ""
	for _, o := range factstest.Scenario(t, "healthy").Objects() {
		if o.Ref.Kind == "GitRepository" {
			url = kinds.Text(o.Body, "spec", "url")
		}
	}
	commit := historyClone(t, clone, url, "2026-11-21T09:21:40Z")
	snapshot := historySnapshot(t, func(s *facts.Snapshot) {
		for _, o := range s.Objects() {
			if o.Ref.Kind == "GitRepository" {
				kinds.Fields(o.Body.Object, "status", "artifact")["revision"] = "main@sha1:" + commit
			}
		}
	})
	b := startAgent(t, "--snapshot", snapshot, "--repo", clone)
	b.check(t, map[string]agentCase{
		"All":  {"history", map[string]any{"component": "greeter-service"}, false, []string{"Dana", commit[:7]}},
		"One":  {"history", map[string]any{"commit": commit[:8]}, false, []string{"\n| commit " + commit[:7] + " by Dana at 2026-11-21T09:21:40Z: release greeter"}},
		"None": {"history", map[string]any{"commit": "1234567"}, true, []string{`commit "1234567" changes no object of greeter-service`}},
	})
}

// TestAgentComparesCluster: in the cluster of the start, without a value of a variable, a Secret or another program.
func TestAgentComparesCluster(t *testing.T) {
	t.Parallel()
	c := withRendered(t, func(o *facts.Object) {
		set("ConfigMap", "a greeting of one person", "data", "GREETING")(o)
		set("Service", "other", "spec", "selector", "openchoreo.dev/component")(o)
	})
	program := filepath.Join(t.TempDir(), "differ")
	if err := os.WriteFile(program, []byte("#!/bin/sh\necho ran > "+program+".ran\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	config := kubeconfig(t, map[string]*cluster{"control": c})
	a := startAgentIn(t, map[string]string{"KUBECTL_EXTERNAL_DIFF": program}, "--kubeconfig", config, "-n", "healthy")
	a.check(t, map[string]agentCase{
		"Live":      {"diff", map[string]any{"component": "greeter-service", "live": true}, false, []string{"Result: different\n", "\n| -    openchoreo.dev/component: other\n", "(development)"}},
		"Elsewhere": {"diff", map[string]any{"component": "greeter-service", "live": true, "environment": "staging"}, false, []string{"Result: no difference\n"}},
		"Releases":  {"diff", map[string]any{"component": "greeter-service", "releases": []string{"moon-1", "moon-2"}}, true, []string{"moon-1 not found"}},
		"Unknown":   {"diff", map[string]any{"component": "greeter-servce", "live": true}, true, []string{"greeter-servce"}},
		"History":   {"history", map[string]any{"component": "greeter-service"}, false, []string{"\n| development  greeter-service-"}},
	})
	text, _ := a.call(t, "diff", map[string]any{"component": "greeter-service", "live": true})
	if strings.Contains(text, "a greeting") || !strings.Contains(text, "| -  GREETING: masked-") || !strings.Contains(text, "| +  GREETING: masked-") {
		t.Errorf("a value is shown, or its difference is not:\n%s", text)
	}
	if _, err := os.Stat(program + ".ran"); !os.IsNotExist(err) {
		t.Errorf("the program of KUBECTL_EXTERNAL_DIFF was run: %v", err)
	}
	if slices.ContainsFunc(c.requestedPaths(), func(path string) bool { return strings.Contains(path, "/secrets") }) {
		t.Error("a Secret was read")
	}
	elsewhere := startAgent(t, "--kubeconfig", config, "-n", "elsewhere")
	elsewhere.check(t, map[string]agentCase{
		"Diff":    {"diff", map[string]any{"component": "greeter-service", "live": true}, true, []string{"greeter-service"}},
		"History": {"history", map[string]any{"component": "greeter-service"}, true, []string{"greeter-service"}},
	})
}

// TestAgentComparesWithoutRights: what is forbidden makes the comparison unknown, and is named.
func TestAgentComparesWithoutRights(t *testing.T) {
	t.Parallel()
	c := withRendered(t, nil)
	c.refuses("configmaps")
	a := startAgent(t, "--kubeconfig", kubeconfig(t, map[string]*cluster{"control": c}), "-n", "healthy")
	arguments := map[string]any{"component": "greeter-service", "live": true}
	a.check(t, map[string]agentCase{"Forbidden": {"diff", arguments, false, []string{"Result: unknown, because some objects could not be read\n", "\n| not compared: ConfigMap ", ": forbidden: "}}})
	c.refuses("*")
	a.check(t, map[string]agentCase{"All": {"diff", arguments, true, []string{"docs/rbac.md"}}})
}

// TestAgentComparesItsEnvironments: those of -e at the start are the only ones, and are never taken for the two sides of a comparison.
func TestAgentComparesItsEnvironments(t *testing.T) {
	t.Parallel()
	c := withRendered(t, set("Service", "other", "spec", "selector", "openchoreo.dev/component"))
	a := startAgent(t, "--kubeconfig", kubeconfig(t, map[string]*cluster{"control": c}), "-n", "healthy", "-e", "staging", "-e", "production", "--repo", t.TempDir())
	with := func(more map[string]any) map[string]any {
		more["component"] = "greeter-service"
		return more
	}
	a.check(t, map[string]agentCase{
		"Live":     {"diff", with(map[string]any{"live": true}), false, []string{"Result: no difference\n"}},
		"Other":    {"diff", with(map[string]any{"live": true, "environment": "development"}), true, []string{`environment "development" is not one of those that this server is about: staging, production`}},
		"Pair":     {"diff", with(map[string]any{"environments": []string{"staging", "development"}}), true, []string{`environment "development" is not one of those`}},
		"Git":      {"diff", with(map[string]any{}), true, []string{"name an environment: this server is about staging, production"}},
		"One":      {"diff", with(map[string]any{"environment": "staging"}), true, []string{"cannot compare with Git"}},
		"Releases": {"diff", with(map[string]any{"releases": []string{"a", "b"}}), true, []string{"a not found"}},
		"History":  {"history", with(map[string]any{}), false, []string{"\n| staging      greeter-service-"}},
	})
	if text, _ := a.call(t, "history", with(map[string]any{})); strings.Contains(text, "| development") {
		t.Errorf("%s", text)
	}
}
