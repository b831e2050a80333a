package metrics_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/metrics"
)

// sample is one line of a metric, as Prometheus reads it.
type sample struct {
	Help   string
	Type   dto.MetricType
	Labels map[string]string
	Value  float64
}

// scraped reads a text with the parser of Prometheus.
func scraped(t *testing.T, m *metrics.Text) map[string][]sample {
	t.Helper()
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(printerstest.Written(t, m.Write)))
	if err != nil {
		t.Fatalf("%v\n%s", err, m.String())
	}
	all := map[string][]sample{}
	for name, family := range families {
		for _, metric := range family.GetMetric() {
			if metric.TimestampMs != nil {
				t.Errorf("%s has a time, which a textfile collector rejects", name)
			}
			one := sample{family.GetHelp(), family.GetType(), map[string]string{}, metric.GetGauge().GetValue()}
			for _, label := range metric.GetLabel() {
				one.Labels[label.GetName()] = label.GetValue()
			}
			all[name] = append(all[name], one)
		}
	}
	return all
}

// TestSamples: Prometheus reads back each family, with the labels and the value of each sample.
func TestSamples(t *testing.T) {
	t.Parallel()
	m := &metrics.Text{}
	m.Family("choreo_a", "Number of components.")
	m.Sample("choreo_a", 0.25)
	m.Family("choreo_b", "State of a component.")
	m.Sample("choreo_b", 1, metrics.Label{Name: "namespace", Value: "shop"}, metrics.Label{Name: "component", Value: "front"}, metrics.Label{Name: "state", Value: ""})
	m.Sample("choreo_b", -12345678901, metrics.Label{Name: "component", Value: "back"})
	want := map[string][]sample{
		"choreo_a": {{"Number of components.", dto.MetricType_GAUGE, map[string]string{}, 0.25}},
		"choreo_b": {
			{"State of a component.", dto.MetricType_GAUGE, map[string]string{"namespace": "shop", "component": "front", "state": ""}, 1},
			{"State of a component.", dto.MetricType_GAUGE, map[string]string{"component": "back"}, -12345678901},
		},
	}
	if diff := cmp.Diff(want, scraped(t, m)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestLabelValues: a value ends neither its quotes nor its line, and commands no terminal.
func TestLabelValues(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"plain":              "plain",
		`a"b`:                `a"b`,
		`C:\dir\n`:           `C:\dir\n`,
		"two\nlines\r\n":     "two lines",
		"red\x1b[31m":        `red\x1b[31m`,
		"a\"} 1\nchoreo_b 2": `a"} 1 choreo_b 2`,
		"grüße 日本語":          "grüße 日本語",
	} {
		m := &metrics.Text{}
		m.Family("choreo_a", "Help.")
		m.Sample("choreo_a", 1, metrics.Label{Name: "l", Value: value}, metrics.Label{Name: "m", Value: value})
		got := scraped(t, m)
		if diff := cmp.Diff(map[string][]sample{"choreo_a": {{"Help.", dto.MetricType_GAUGE, map[string]string{"l": want, "m": want}, 1}}}, got); diff != "" {
			t.Errorf("%q (-want +got)\n%s", value, diff)
		}
	}
}

// TestTimes: a run has its duration in seconds, and the time of its end in seconds since the epoch.
func TestTimes(t *testing.T) {
	t.Parallel()
	m := &metrics.Text{}
	m.Times("lint", time.Unix(1700000000, 0), time.Unix(1700000002, 500_000_000))
	got := map[string]float64{}
	for name, samples := range scraped(t, m) {
		for _, one := range samples {
			got[name] += one.Value
		}
	}
	if diff := cmp.Diff(map[string]float64{"choreo_lint_duration_seconds": 2.5, "choreo_lint_timestamp_seconds": 1700000002}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestWriteFails: what could not be written is reported, with its cause.
func TestWriteFails(t *testing.T) {
	t.Parallel()
	read, closed := io.Pipe()
	_ = read.Close()
	if err := (&metrics.Text{}).Write(closed); !errors.Is(err, io.ErrClosedPipe) || !strings.Contains(err.Error(), "write metrics") {
		t.Errorf("error %v", err)
	}
}
