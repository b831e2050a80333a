package exporter

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/docs/findings"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// groups are those of the PrometheusRule.
func groups(t *testing.T) map[string]any {
	t.Helper()
	spec, _ := built(t)["PrometheusRule"]["spec"].(map[string]any)
	return map[string]any{"groups": spec["groups"]}
}

// dashboard returns the queries of the dashboard.
func dashboard(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("dashboard.json")
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, p := range d.Panels {
		for _, target := range p.Targets {
			all = append(all, target.Expr)
		}
		if len(p.Targets) == 0 {
			t.Errorf("panel %s has no query", p.Title)
		}
	}
	return all
}

// TestQueriesUseExportedMetrics: the page that a test of internal/exporter holds to the exporter lists every name in a query.
func TestQueriesUseExportedMetrics(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/exporter.md")
	if err != nil {
		t.Fatal(err)
	}
	rules, err := yaml.Marshal(groups(t))
	if err != nil {
		t.Fatal(err)
	}
	queries := string(rules) + strings.Join(dashboard(t), "\n")
	for _, name := range regexp.MustCompile(`\bchoreo_[a-z_]+`).FindAllString(queries, -1) {
		if !strings.Contains(string(page), "| `"+strings.TrimSuffix(name, "_bucket")+"` |") {
			t.Errorf("%s is not exported", name)
		}
	}
}

// TestRunbooks: each alert links to a page that exists, whatever its labels are.
func TestRunbooks(t *testing.T) {
	t.Parallel()
	const pages = "https://github.com/kubectl-choreo/kubectl-choreo/blob/main/"
	values := map[string][]string{"code": findings.Codes(), "outcome": {facts.Forbidden.String(), facts.Unreachable.String()}}
	for name, link := range runbooks(t) {
		path, ok := strings.CutPrefix(link, pages)
		if !ok {
			t.Errorf("%s: runbook_url %q", name, link)
		}
		files := []string{path}
		for label, all := range values {
			if variable := "{{ $labels." + label + " }}"; strings.Contains(path, variable) {
				files = nil
				for _, value := range all {
					files = append(files, strings.ReplaceAll(path, variable, value))
				}
			}
		}
		for _, file := range files {
			if _, err := os.Stat(filepath.Join("../..", file)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// runbooks are the links of the alerts, by name.
func runbooks(t *testing.T) map[string]string {
	t.Helper()
	text, err := yaml.Marshal(groups(t))
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Groups []struct {
			Rules []struct {
				Alert       string            `json:"alert"`
				Annotations map[string]string `json:"annotations"`
			} `json:"rules"`
		} `json:"groups"`
	}
	if err := yaml.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	links := map[string]string{}
	for _, rule := range all.Groups[0].Rules {
		links[rule.Alert] = rule.Annotations["runbook_url"]
	}
	return links
}

// TestRulesWithPromtool: Prometheus' own tool parses all queries, and its unit tests show that the alerts fire and resolve.
func TestRulesWithPromtool(t *testing.T) {
	t.Parallel()
	promtool, err := exec.LookPath("promtool")
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("promtool is not installed: apt-get install prometheus; CI runs this test")
	}
	folder := t.TempDir()
	var records []any
	for _, query := range dashboard(t) {
		records = append(records, map[string]any{"record": "choreo:panel", "expr": strings.ReplaceAll(query, "$namespace", ".*")})
	}
	tests, err := os.ReadFile("testdata/rules_test.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, query := range dashboard(t) {
		if strings.Contains(query, "choreo_transitions_total") {
			tests = bytes.ReplaceAll(tests, []byte("TRANSITIONS"), []byte(query))
		}
	}
	write(t, filepath.Join(folder, "rules_test.yaml"), tests)
	for name, rules := range map[string]any{"rules.yaml": groups(t), "panels.yaml": map[string]any{"groups": []any{map[string]any{"name": "panels", "rules": records}}}} {
		text, err := yaml.Marshal(rules)
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(folder, name), text)
	}
	for _, args := range [][]string{{"check", "rules", "--lint=none", "rules.yaml", "panels.yaml"}, {"test", "rules", "rules_test.yaml"}} {
		cmd := exec.CommandContext(t.Context(), promtool, args...)
		cmd.Dir = folder
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("promtool %v: %v\n%s", args, err, out)
		}
	}
}

func write(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}
