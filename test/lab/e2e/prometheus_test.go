package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"sigs.k8s.io/yaml"
)

// prometheus is Debian's Prometheus on a free port. It evaluates the rules of deploy/exporter.
type prometheus struct {
	address, targets string
	begun            time.Time
	rules            map[string]string // the expression of each alert
}

var prometheusListens = regexp.MustCompile(`msg="Listening on" address=(\S+)\n`)

// startPrometheus starts a Prometheus that scrapes and evaluates each second. Only the times that an alert must last are shortened.
func startPrometheus(ctx context.Context, t *testing.T) *prometheus {
	t.Helper()
	program, err := exec.LookPath("prometheus")
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("prometheus is not installed: apt-get install prometheus; CI runs this test")
	}
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	p := &prometheus{targets: filepath.Join(dir, "targets.json"), begun: time.Now()}
	var rules any
	rules, p.rules = shortened(t)
	p.scrape(t)
	for name, content := range map[string]any{"rules.yaml": rules, "prometheus.yaml": p.config(t)} {
		text, err := yaml.Marshal(content)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	log := &logged{}
	cmd := exec.CommandContext(ctx, program, "--config.file="+filepath.Join(dir, "prometheus.yaml"), "--storage.tsdb.path="+filepath.Join(dir, "data"), "--web.listen-address=127.0.0.1:0")
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("prometheus printed %s", log.text())
		}
		t.Logf("prometheus used %s of processor time", (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Round(10*time.Millisecond))
	})
	starting, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	waitUntil(starting, t, func() bool {
		found := prometheusListens.FindStringSubmatch(log.text())
		if found != nil {
			p.address = "http://" + found[1]
		}
		return found != nil && strings.Contains(log.text(), "Server is ready")
	})
	return p
}

// shortened returns the rules of the PrometheusRule, whose alerts fire after a second, and their expressions by name.
func shortened(t *testing.T) (rules any, expressions map[string]string) {
	t.Helper()
	var object struct {
		Spec struct {
			Groups []map[string]any `json:"groups"`
		} `json:"spec"`
	}
	readManifest(t, &object, "components", "prometheusrule", "prometheusrule.yaml")
	expressions = map[string]string{}
	for _, group := range object.Spec.Groups {
		for _, one := range group["rules"].([]any) {
			rule := one.(map[string]any)
			rule["for"] = "1s"
			expressions[rule["alert"].(string)] = rule["expr"].(string)
		}
	}
	return map[string]any{"groups": object.Spec.Groups}, expressions
}

// config is what the Prometheus Operator makes of the ServiceMonitor, but for the addresses.
func (p *prometheus) config(t *testing.T) map[string]any {
	t.Helper()
	var monitor struct {
		Spec struct {
			Endpoints []struct {
				HonorLabels bool `json:"honorLabels"`
			} `json:"endpoints"`
		} `json:"spec"`
	}
	readManifest(t, &monitor, "components", "servicemonitor", "servicemonitor.yaml")
	return map[string]any{
		"global":     map[string]string{"scrape_interval": "1s", "evaluation_interval": "1s"},
		"rule_files": []string{"rules.yaml"},
		"scrape_configs": []any{map[string]any{
			"job_name": "choreo-exporter", "honor_labels": monitor.Spec.Endpoints[0].HonorLabels,
			"file_sd_configs": []any{map[string]any{"files": []string{p.targets}, "refresh_interval": "1s"}},
		}},
	}
}

func readManifest(t *testing.T, into any, path ...string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{"..", "..", "..", "deploy", "exporter"}, path...)...))
	if err == nil {
		err = yaml.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// scrape replaces the targets.
func (p *prometheus) scrape(t *testing.T, addresses ...string) {
	t.Helper()
	text, err := json.Marshal([]any{map[string]any{"targets": append([]string{}, addresses...)}})
	if err == nil {
		err = os.WriteFile(p.targets, text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// get decodes the data of an answer.
func (p *prometheus) get(ctx context.Context, path string, parameters url.Values, data any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.address+path+"?"+parameters.Encode(), nil)
	if err != nil {
		return err
	}
	r, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = r.Body.Close() }()
	answer := struct {
		Status, Error string
		Data          any
	}{Data: data}
	if err := json.NewDecoder(r.Body).Decode(&answer); err != nil {
		return err
	}
	if answer.Status != "success" {
		return fmt.Errorf("%s: %s", path, answer.Error)
	}
	return nil
}

// alert is one that is pending or fires.
type alert struct {
	State               string
	Labels, Annotations map[string]string
}

// alerts are those that fire, by name.
func (p *prometheus) alerts(ctx context.Context, t *testing.T) map[string][]alert {
	t.Helper()
	var data struct{ Alerts []alert }
	if err := p.get(ctx, "/api/v1/alerts", nil, &data); err != nil {
		t.Fatal(err)
	}
	firing := map[string][]alert{}
	for _, one := range data.Alerts {
		if one.State == "firing" {
			firing[one.Labels["alertname"]] = append(firing[one.Labels["alertname"]], one)
		}
	}
	return firing
}

// samples counts the values of a query that are numbers: now, or since Prometheus was started.
func (p *prometheus) samples(ctx context.Context, query string, isRange bool) (int, error) {
	path, parameters := "/api/v1/query", url.Values{"query": {query}}
	if isRange {
		path = "/api/v1/query_range"
		parameters["start"], parameters["end"] = []string{strconv.FormatInt(p.begun.Unix(), 10)}, []string{strconv.FormatInt(time.Now().Unix(), 10)}
		parameters["step"] = []string{"1"}
	}
	var data struct {
		Result []struct {
			Value  []any
			Values [][]any
		}
	}
	if err := p.get(ctx, path, parameters, &data); err != nil {
		return 0, err
	}
	count := 0
	for _, series := range data.Result {
		for _, value := range append(series.Values, series.Value) {
			if len(value) == 2 {
				if number, err := strconv.ParseFloat(value[1].(string), 64); err == nil && !math.IsNaN(number) {
					count++
				}
			}
		}
	}
	return count, nil
}
