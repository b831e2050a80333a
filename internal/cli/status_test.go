package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/fleet/fleettest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
)

func (g gated) status(t *testing.T, args ...string) (stdout, stderr string, exit int) {
	t.Helper()
	return g.run(t, append([]string{"status", "-n", g.namespace, "--kubeconfig", g.kubeconfig, "--repo", t.TempDir()}, args...)...)
}

// TestStatus: the overview never fails because of what it shows, only because it could not read or was asked for what does not exist.
func TestStatus(t *testing.T) {
	t.Parallel()
	g := gate(t, "dependency-fails", 40)
	for args, c := range map[string]struct {
		exit  int
		words []string
	}{
		"":                          {0, []string{"KustomizationBuildFailed", "Affects 40 components: greeter-0000, ", " and 32 more.", "Components not listed: 37 in trouble; ", "40 components: 40 failing"}},
		"-A":                        {0, []string{"40 components: 40 failing"}},
		"-p demo":                   {0, []string{"40 components: 40 failing"}},
		"-l !nonsense -o wide":      {0, []string{"greeter-0039", "COMMIT", "40 components: 40 failing"}},
		"greeter-0001 greeter-0003": {0, []string{"greeter-0003", "Affects greeter-0001, greeter-0003.", "2 components: 2 failing"}},
		"-p shop":                   {0, []string{"no component found in project shop"}},
		"-e stagin":                 {1, []string{`no environment "stagin"`, "staging"}},
		"greeter-9999":              {1, []string{`component "greeter-9999" not found`}},
		"a..b":                      {1, []string{"a..b"}},
		"-o junit":                  {1, []string{"unknown output format"}},
		"-w -o wide":                {1, []string{"cannot watch with output format"}},
		"-w --snapshot x":           {1, []string{"cannot watch a snapshot"}},
		"--plane nosuch=control":    {1, []string{`data plane "nosuch" not found`}},
	} {
		stdout, stderr, exit := g.status(t, strings.Fields(args)...)
		if exit != c.exit {
			t.Errorf("%s: exit %d, want %d: %s", args, exit, c.exit, stderr)
		}
		for _, words := range c.words {
			if !strings.Contains(stdout+stderr, words) {
				t.Errorf("%s: %q is missing in\n%s%s", args, words, stdout, stderr)
			}
		}
		if lines := strings.Count(stdout, "\n"); args == "" && lines > 60 {
			t.Errorf("%d lines", lines)
		}
	}
	g.refuses("components")
	if _, stderr, exit := g.status(t); exit != 1 || !strings.Contains(stderr, "docs/rbac.md") {
		t.Errorf("forbidden: exit %d: %s", exit, stderr)
	}
}

// TestStatusOfAFewHealthy: where there is room, healthy components have rows as well.
func TestStatusOfAFewHealthy(t *testing.T) {
	t.Parallel()
	g := gate(t, "healthy", 3)
	stdout, stderr, exit := g.status(t)
	for _, words := range []string{"COMPONENT", "RELEASE", "IMAGE", "AGE", "greeter-0002  staging", "greeter-0002:1.0.0"} {
		if exit != 0 || !strings.Contains(stdout, words) || strings.Contains(stdout, "failed") {
			t.Errorf("exit %d: %q is missing in\n%s%s", exit, words, stdout, stderr)
		}
	}
	many := gate(t, "healthy", 40)
	if stdout, _, _ := many.status(t); !strings.Contains(stdout, "40 healthy") || strings.Count(stdout, "\n") > 12 {
		t.Errorf("forty healthy components take\n%s", stdout)
	}
}

// TestStatusFormats: the components in trouble by name, the document and the metrics.
func TestStatusFormats(t *testing.T) {
	t.Parallel()
	g := gate(t, "dependency-fails", 5)
	stdout, _, _ := g.status(t, "-o", "name")
	if strings.Count(stdout, "component.openchoreo.dev/greeter-") != 5 {
		t.Errorf("names:\n%s", stdout)
	}
	if stdout, _, exit := gate(t, "healthy", 5).status(t, "-o", "name"); stdout != "" || exit != 0 {
		t.Errorf("names of healthy components, exit %d: %s", exit, stdout)
	}
	stdout, _, _ = g.status(t, "-o", "json")
	var report struct {
		Kind       string
		Summary    struct{ Components, Failing int }
		Components []struct {
			Environments []struct{ Environment, Image string }
		}
		Causes []struct{ Subjects []any }
	}
	if err := json.Unmarshal([]byte(stdout), &report); err != nil || report.Kind != "StatusReport" || report.Summary.Failing != 5 || len(report.Causes) != 1 || len(report.Causes[0].Subjects) != 5 {
		t.Errorf("%v: %+v", err, report)
	}
	stdout, _, _ = g.status(t, "-o", "prometheus")
	families := printerstest.Parsed(t, []byte(stdout))
	for name, want := range map[string]int{
		"choreo_component_health": 5 * 2 * 5, "choreo_component_behind_seconds": 5 * 2, "choreo_delivery_last_reconcile_age_seconds": 4,
		"choreo_delivery_last_reconcile_duration_seconds": 4, "choreo_delivery_reconciles": 4, "choreo_delivery_failed_reconciles": 4, "choreo_status_timestamp_seconds": 1,
	} {
		if got := len(families[name].GetMetric()); got != want {
			t.Errorf("%s: %d samples, want %d", name, got, want)
		}
	}
	if got := families["choreo_component_behind_seconds"].GetMetric()[0].GetGauge().GetValue(); got <= 0 {
		t.Errorf("behind for %v seconds", got)
	}
}

// TestStatusOfNothing: that there is no component is an answer; of data it is an empty document.
func TestStatusOfNothing(t *testing.T) {
	t.Parallel()
	c := serveObjects(t, nil)
	g := gated{c, kubeconfig(t, map[string]*cluster{"control": c}), "empty", nil}
	if stdout, stderr, exit := g.status(t); exit != 0 || stdout != "" || !strings.Contains(stderr, "no component found in namespace empty") {
		t.Errorf("exit %d: %s%s", exit, stdout, stderr)
	}
	var report struct{ Components []any }
	if stdout, _, exit := g.status(t, "-o", "json"); exit != 0 || json.Unmarshal([]byte(stdout), &report) != nil || report.Components == nil {
		t.Errorf("exit %d: %s", exit, stdout)
	}
}

// TestStatusCost: an overview makes the requests of verify, which do not grow with the components.
func TestStatusCost(t *testing.T) {
	t.Parallel()
	count := map[int]int{}
	for _, components := range []int{5, 40} {
		g := gate(t, "dependency-fails", components)
		g.status(t)
		count[components] = g.requests()
		v := gate(t, "dependency-fails", components)
		v.verify(t, "--timeout", "0")
		if got := v.requests(); got != count[components] {
			t.Errorf("%d components: status makes %d requests, verify %d", components, count[components], got)
		}
	}
	if count[5] != count[40] {
		t.Errorf("5 components cost %d requests, 40 cost %d", count[5], count[40])
	}
}

// TestStatusHostile: what a cluster says is escaped in every format for people.
func TestStatusHostile(t *testing.T) {
	t.Parallel()
	objects := fleettest.Multiply(t, factstest.Scenario(t, "dependency-fails"), 4)
	for i, o := range objects {
		if o.Ref.Kind == "Kustomization" {
			objects[i].Body = o.Body.DeepCopy()
			for _, c := range objects[i].Body.Object["status"].(map[string]any)["conditions"].([]any) {
				c.(map[string]any)["message"] = hostile
			}
		}
	}
	c := serveObjects(t, objects)
	g := gated{c, kubeconfig(t, map[string]*cluster{"control": c}), "dependency-fails", nil}
	for _, format := range []string{"table", "wide"} {
		stdout, _, exit := g.status(t, "-o", format)
		if exit != 0 {
			t.Errorf("%s: exit %d", format, exit)
		}
		harmless(t, format, stdout)
	}
}

// TestTracePointsToStatus: trace shows one component, and says what shows several.
func TestTracePointsToStatus(t *testing.T) {
	t.Parallel()
	g := gate(t, "healthy", 3)
	for args, want := range map[string]string{
		"-A":      "run kubectl choreo status -A",
		"-p demo": "run kubectl choreo status -p demo for an overview:",
		"":        "run kubectl choreo status for an overview:",
	} {
		_, stderr, exit := g.run(t, append([]string{"trace", "--kubeconfig", g.kubeconfig, "-n", g.namespace}, strings.Fields(args)...)...)
		if exit != 1 || !strings.Contains(stderr, want) {
			t.Errorf("%s: exit %d: %s", args, exit, stderr)
		}
	}
}

// TestTraceOverviewOfSeveralNamespaces: objects that lead to components of several namespaces give one overview.
func TestTraceOverviewOfSeveralNamespaces(t *testing.T) {
	t.Parallel()
	objects := factstest.Scenario(t, "pod-image-pull").Objects()
	for _, o := range objects {
		if o.Ref.Kind == "Component" {
			o.Ref.Namespace, o.Body = "other", o.Body.DeepCopy()
			o.Body.SetNamespace("other")
			objects = append(objects, o)
		}
	}
	file := filepath.Join(t.TempDir(), "manifests.yaml")
	manifests := ""
	for _, namespace := range []string{"pod-image-pull", "other"} {
		manifests += "---\napiVersion: openchoreo.dev/v1alpha1\nkind: Component\nmetadata: {name: greeter-service, namespace: " + namespace + "}\n"
	}
	if err := os.WriteFile(file, []byte(manifests), 0o600); err != nil {
		t.Fatal(err)
	}
	c := serveObjects(t, objects)
	stdout, stderr, exit := runIn(t, nil, "trace", "--kubeconfig", kubeconfig(t, map[string]*cluster{"control": c}), "-f", file)
	if exit != 2 || !strings.Contains(stdout, "NAMESPACE") || !strings.Contains(stdout, "\nother ") || !strings.Contains(stdout, "2 components: ") {
		t.Errorf("exit %d\n%s%s", exit, stdout, stderr)
	}
}
