package printers

import (
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

func TestPrometheus(t *testing.T) {
	t.Parallel()
	families := printerstest.Scraped(t, report())
	if got := families["choreo_failures"].GetMetric()[2]; got.GetLabel()[0].GetValue() != "delivery" || got.GetGauge().GetValue() != 3 {
		t.Errorf("failures: %v", got)
	}
	if got := families["choreo_causes"].GetMetric()[2].GetGauge().GetValue(); got != 1 {
		t.Errorf("%v causes, want 1", got)
	}
	for name, want := range map[string]int{
		"choreo_verify_decision": 4, "choreo_component_health": 30, "choreo_component_sync": 18, "choreo_component_reported": 6, "choreo_component_age_seconds": 3,
		"choreo_component_info": 6, "choreo_component_drift": 10, "choreo_probe_success": 3, "choreo_probe_duration_seconds": 3,
		"choreo_verify_duration_seconds": 1, "choreo_verify_timestamp_seconds": 1,
	} {
		if got := len(families[name].GetMetric()); got != want {
			t.Errorf("%s: %d samples, want %d", name, got, want)
		}
	}
	if len(printerstest.Scraped(t, VerifyReport{})) == 0 {
		t.Error("an empty report has no metrics")
	}
}

// TestPrometheusOfWhatWaits: what is on its way is no failure, and what the cluster's clock says of the future is of now.
func TestPrometheusOfWhatWaits(t *testing.T) {
	t.Parallel()
	one := verify.Result{
		Trace: &trace.Trace{Subject: facts.Subject{Component: "a"}, TakenAt: printerstest.Ended}, Cells: []verify.Cell{{Environment: "development", Bound: true, Since: printerstest.Ended.Add(time.Minute)}},
		Judgement: verify.Judgement{Decision: verify.Pending, Reasons: []verify.Reason{{Decision: verify.Pending, Failure: trace.Failure{Rung: trace.RungPod}}}},
	}
	families := printerstest.Scraped(t, VerifyReport{Ended: printerstest.Ended, Results: []verify.Result{one}, Causes: verify.Causes([]verify.Result{one})})
	for _, name := range []string{"choreo_failures", "choreo_causes", "choreo_component_age_seconds"} {
		for _, m := range families[name].GetMetric() {
			if m.GetGauge().GetValue() != 0 {
				t.Errorf("%s: %v", name, m)
			}
		}
	}
	if len(families["choreo_component_age_seconds"].GetMetric()) != 1 {
		t.Error("there is no age")
	}
}
