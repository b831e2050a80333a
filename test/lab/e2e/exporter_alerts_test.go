package e2e

import (
	"context"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/yaml"
)

// alertsTest is a Prometheus with the alerts of the exporter, and an exporter of one tenant.
type alertsTest struct {
	*prometheus
	t         *testing.T
	fired     map[string]bool
	namespace string
}

// TestExporterAlerts: a real Prometheus scrapes the exporter, each alert fires for its fault and resolves after the repair, and the queries
// of the dashboard return what the fleet has. Only ChoreoComponentBehind is left out: its expression has half an hour.
func TestExporterAlerts(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 12*time.Minute)
	defer cancel()
	a := &alertsTest{prometheus: startPrometheus(ctx, t), t: t, fired: map[string]bool{}, namespace: "exporter-alerts" + *suffix}
	a.fires(ctx, "ChoreoExporterMissing", nil)

	kubeconfig := a.grant(ctx, func(string) bool { return false })
	cmd := command(ctx, t.TempDir(), kubeconfig, "exporter", "-n", a.namespace)
	cmd.Path = shared.plain
	e := startExporter(ctx, t, cmd)
	a.scrape(t, strings.TrimSuffix(strings.TrimPrefix(e.address, "http://"), "/metrics"))
	a.fires(ctx, "ChoreoExporterFailing", nil)
	a.resolves(ctx, "ChoreoExporterMissing")

	n := scenario{name: a.namespace}.healthyTenant(ctx, t)
	begun := time.Now()
	panels := dashboardPanels(t)
	a.grant(ctx, func(resource string) bool { return resource != "releasebindings" })
	a.fires(ctx, "ChoreoKindUnreadable", map[string]string{"kind": "ReleaseBinding", "outcome": "Forbidden"})
	a.fires(ctx, "ChoreoComponentUnknown", map[string]string{"namespace": a.namespace, "component": "greeter-service"})
	a.query(ctx, panels)

	a.grant(ctx, func(string) bool { return true })
	for _, name := range []string{"ChoreoExporterFailing", "ChoreoKindUnreadable", "ChoreoComponentUnknown"} {
		a.resolves(ctx, name)
	}

	n.merge(ctx, t, "crash", release("crash"))
	if err := shared.lab.Patch(ctx, n.Choreo("ReleaseBinding", "greeter-service-staging"), `{"spec":{"componentTypeEnvironmentConfigs":{"replicas":1}}}`); err != nil {
		t.Fatal(err)
	}
	a.fires(ctx, "ChoreoComponentFailing", map[string]string{"namespace": a.namespace, "component": "greeter-service", "environment": "development", "rung": "pod", "code": "CrashLoopBackOff"})
	a.fires(ctx, "ChoreoComponentDrift", map[string]string{"namespace": a.namespace, "component": "greeter-service", "environment": "staging"})
	a.query(ctx, panels)

	n.merge(ctx, t, "repair", release("1.0.7"))
	if err := shared.lab.Patch(ctx, n.Choreo("ReleaseBinding", "greeter-service-staging"), `{"spec":{"componentTypeEnvironmentConfigs":null}}`); err != nil {
		t.Fatal(err)
	}
	a.resolves(ctx, "ChoreoComponentFailing")
	a.resolves(ctx, "ChoreoComponentDrift")
	a.query(ctx, panels)
	t.Logf("%s since the tenant was healthy; the last alerts: %v", time.Since(begun).Round(time.Second), a.alerts(ctx, t))
	a.complete(panels)
}

// grant gives the user of the exporter those of its documented rights that are wanted.
func (a *alertsTest) grant(ctx context.Context, wanted func(resource string) bool) (kubeconfig string) {
	a.t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "deploy", "exporter", "base", "rbac.yaml"))
	if err != nil {
		a.t.Fatal(err)
	}
	type rule struct {
		APIGroups []string `json:"apiGroups"`
		Resources []string `json:"resources"`
		Verbs     []string `json:"verbs"`
	}
	granted := []rule{}
	for _, document := range strings.Split(string(text), "\n---\n") {
		var role struct {
			Kind  string `json:"kind"`
			Rules []rule `json:"rules"`
		}
		unmarshal(a.t, document, &role)
		for _, r := range role.Rules {
			r.Resources = slices.DeleteFunc(r.Resources, func(one string) bool { return !wanted(one) })
			if len(r.Resources) > 0 {
				granted = append(granted, r)
			}
		}
	}
	rules, err := json.Marshal(granted)
	if err != nil {
		a.t.Fatal(err)
	}
	kubeconfig, err = shared.lab.User(ctx, "alice", string(rules))
	if err != nil {
		a.t.Fatal(err)
	}
	return kubeconfig
}

// fires waits until an alert with these labels fires, and expects that its runbook exists.
func (a *alertsTest) fires(ctx context.Context, name string, labels map[string]string) {
	a.t.Helper()
	begun := time.Now()
	var last map[string][]alert
	var found alert
	if !a.eventually(ctx, func() bool {
		last = a.alerts(ctx, a.t)
		at := slices.IndexFunc(last[name], func(one alert) bool {
			for label, value := range labels {
				if one.Labels[label] != value {
					return false
				}
			}
			return true
		})
		if at >= 0 {
			found = last[name][at]
		}
		return at >= 0
	}) {
		a.t.Fatalf("%s with %v does not fire; these do: %v", name, labels, last)
	}
	a.fired[name] = true
	a.t.Logf("%s fires after %s", name, time.Since(begun).Round(100*time.Millisecond))
	_, file, _ := strings.Cut(found.Annotations["runbook_url"], "/blob/main/")
	if _, err := os.Stat(filepath.Join("..", "..", "..", filepath.FromSlash(file))); err != nil || file == "" {
		a.t.Errorf("%s: runbook %q: %v", name, found.Annotations["runbook_url"], err)
	}
	for key, text := range found.Annotations {
		if text == "" || strings.Contains(text, "<no value>") || strings.Contains(text, "<error") {
			a.t.Errorf("%s: %s %q", name, key, text)
		}
	}
}

func (a *alertsTest) resolves(ctx context.Context, name string) {
	a.t.Helper()
	begun := time.Now()
	var last []alert
	if !a.eventually(ctx, func() bool { last = a.alerts(ctx, a.t)[name]; return len(last) == 0 }) {
		a.t.Fatalf("%s does not resolve: %v", name, last)
	}
	a.t.Logf("%s resolves after %s", name, time.Since(begun).Round(100*time.Millisecond))
}

// eventually waits at most two minutes.
func (a *alertsTest) eventually(ctx context.Context, done func() bool) bool {
	a.t.Helper()
	return wait.PollUntilContextTimeout(ctx, 200*time.Millisecond, 2*time.Minute, true, func(context.Context) (bool, error) { return done(), nil }) == nil
}

func unmarshal(t *testing.T, text string, into any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(text), into); err != nil {
		t.Fatal(err)
	}
}

// panel is a query of the dashboard, and whether it has returned data.
type panel struct {
	title, query    string
	isRange, filled bool
}

// dashboardPanels are the queries of the dashboard, for all namespaces.
func dashboardPanels(t *testing.T) []*panel {
	t.Helper()
	var dashboard struct {
		Panels []struct {
			Title   string
			Targets []struct {
				Expr  string
				Range bool
			}
		}
		Templating struct {
			List []struct{ Name, AllValue string }
		}
	}
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "deploy", "exporter", "dashboard.json"))
	if err != nil {
		t.Fatal(err)
	}
	unmarshal(t, string(text), &dashboard)
	var variables []string
	for _, v := range dashboard.Templating.List {
		variables = append(variables, "$"+v.Name, v.AllValue)
	}
	var all []*panel
	for _, p := range dashboard.Panels {
		for _, target := range p.Targets {
			all = append(all, &panel{title: p.Title, query: strings.NewReplacer(variables...).Replace(target.Expr), isRange: target.Range})
		}
	}
	return all
}

// query runs all queries of the dashboard, and notes which return data.
func (a *alertsTest) query(ctx context.Context, panels []*panel) {
	a.t.Helper()
	for _, p := range panels {
		n, err := a.samples(ctx, p.query, p.isRange)
		if err != nil {
			a.t.Errorf("panel %s: %v", p.title, err)
		}
		p.filled = p.filled || n > 0
	}
	var namespaces []string
	if err := a.get(ctx, "/api/v1/label/namespace/values", url.Values{"match[]": {"choreo_component_health"}}, &namespaces); err != nil || !slices.Contains(namespaces, a.namespace) {
		a.t.Errorf("the variable namespace has the values %v: %v", namespaces, err)
	}
}

// complete expects that each alert has fired, and each panel had data, but for what lasts less than two scrapes.
func (a *alertsTest) complete(panels []*panel) {
	a.t.Helper()
	for name := range a.rules {
		if !a.fired[name] && name != "ChoreoComponentBehind" {
			a.t.Errorf("no fault of this test lets %s fire", name)
		}
	}
	for _, p := range panels {
		if !p.filled && p.title != "Behind its source" {
			a.t.Errorf("panel %s never had data: %s", p.title, p.query)
		}
	}
}
