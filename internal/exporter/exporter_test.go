package exporter

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

func noon() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

func reportOf(results ...verify.Result) printers.StatusReport {
	return printers.StatusReport{Begun: noon(), Ended: noon().Add(time.Second), Results: results, Causes: verify.Causes(results)}
}

// cart is a component in staging.
func cart(cell verify.Cell, reasons ...verify.Reason) verify.Result {
	cell.Environment, cell.Bound = "staging", true
	subject := facts.Subject{Namespace: "shop", Project: "web", Component: "cart"}
	return verify.Result{Trace: &trace.Trace{Subject: subject, TakenAt: noon()}, Judgement: verify.Judgement{Decision: verify.Passed, Reasons: reasons}, Cells: []verify.Cell{cell}}
}

func healthy() verify.Cell {
	return verify.Cell{Verdict: trace.VerdictHealthy, Current: trace.Current, Release: "cart-1"}
}

func failed(environment string, rung trace.RungID, code trace.Code) verify.Reason {
	return verify.Reason{Decision: verify.Failed, Failure: trace.Failure{Rung: rung, Environment: environment, Finding: trace.Finding{Code: code, Message: "a secret message"}}}
}

func get(e *Exporter, path, accept string) *http.Response {
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept", accept)
	e.Handler().ServeHTTP(w, r)
	return w.Result()
}

func text(t *testing.T, r *http.Response) string {
	t.Helper()
	var b strings.Builder
	if err := r.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// scraped are the samples of a family, by their labels, as Prometheus reads them.
func scraped(t *testing.T, e *Exporter) map[string]*dto.MetricFamily {
	t.Helper()
	r := get(e, "/metrics", "text/plain")
	defer func() { _ = r.Body.Close() }()
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return families
}

func samples(f *dto.MetricFamily) map[string]float64 {
	all := map[string]float64{}
	for _, m := range f.GetMetric() {
		var labels []string
		for _, l := range m.GetLabel() {
			labels = append(labels, l.GetName()+"="+l.GetValue())
		}
		all[strings.Join(labels, " ")] = m.GetGauge().GetValue() + m.GetCounter().GetValue() + m.GetHistogram().GetSampleSum()
	}
	return all
}

// scripted is a Follower with given outcomes of its reads. It ends with the last.
type scripted struct {
	reads   []error
	between func(at int)
	at      int
}

func (s *scripted) Read(context.Context) (printers.StatusReport, error) {
	return reportOf(cart(healthy())), s.reads[s.at]
}

func (s *scripted) Wait(context.Context) error {
	s.between(s.at)
	s.at++
	if s.at == len(s.reads) {
		return context.Canceled
	}
	return nil
}

// TestReadiness: ready after the first report, also while reads fail for less than a minute; then nothing is exported of components.
func TestReadiness(t *testing.T) {
	t.Parallel()
	now, down := noon(), errors.New("connection refused")
	var problems []string
	e := New(Options{Now: func() time.Time { return now }, Problem: func(err error) {
		if err == nil {
			err = errors.New("recovered")
		}
		problems = append(problems, err.Error())
	}})
	if r := get(e, "/readyz", ""); r.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("before the first read: %d", r.StatusCode)
	}
	type state struct {
		Ready, Health int
		Up            float64
	}
	var got []state
	e.Run(t.Context(), &scripted{reads: []error{down, nil, down, down, nil}, between: func(at int) {
		families := scraped(t, e)
		got = append(got, state{get(e, "/readyz", "").StatusCode, len(families["choreo_component_health"].GetMetric()), families["choreo_exporter_up"].GetMetric()[0].GetGauge().GetValue()})
		now = now.Add(unreadyAfter)
		if r := get(e, "/healthz", ""); r.StatusCode != http.StatusOK {
			t.Errorf("read %d: not alive: %d", at, r.StatusCode)
		}
	}})
	want := []state{{503, 0, 0}, {200, 5, 1}, {200, 5, 0}, {503, 0, 0}, {200, 5, 1}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"connection refused", "recovered", "connection refused", "connection refused", "recovered"}, problems); diff != "" {
		t.Errorf("problems (-want +got)\n%s", diff)
	}
}

// TestFormats: the client chooses text or OpenMetrics; neither has a message.
func TestFormats(t *testing.T) {
	t.Parallel()
	e := New(Options{Now: noon})
	e.unread.reset()
	e.publish(reportOf(cart(healthy(), failed("staging", trace.RungPod, trace.CodeOOMKilled))))
	for accept, want := range map[string][2]string{
		"text/plain":                   {"Content-Type: text/plain; version=0.0.4", "choreo_exporter_components 1"},
		"application/openmetrics-text": {"Content-Type: application/openmetrics-text; version=", "# EOF"},
	} {
		got := text(t, get(e, "/metrics", accept))
		if !strings.Contains(got, want[0]) || !strings.Contains(got, want[1]) || strings.Contains(got, "secret message") {
			t.Errorf("%s: want %q:\n%s", accept, want, got)
		}
	}
	for _, path := range []string{"/", "/debug/pprof/", "/metrics/x"} {
		if r := get(e, path, ""); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
	w := httptest.NewRecorder()
	e.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/metrics", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", w.Code)
	}
}

// TestHostileLabels: a name from a cluster ends no label and no line.
func TestHostileLabels(t *testing.T) {
	t.Parallel()
	e, one := New(Options{Now: noon}), cart(healthy())
	e.unread.reset()
	one.Trace.Subject.Component = "a\"} 1\nchoreo_b 2\x1b[31m\xff"
	e.publish(reportOf(one))
	families := scraped(t, e)
	if families["choreo_b"] != nil || len(families["choreo_component_health"].GetMetric()) != 5 {
		t.Errorf("%v", families["choreo_component_health"])
	}
}
