package metrics_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/metrics"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// lines is a Writer that keeps each sample as a line, with the values of its labels.
type lines struct{ all []string }

func (l *lines) Family(string, string) {}

func (l *lines) Sample(name string, value float64, labels ...metrics.Label) {
	var values []string
	for _, label := range labels {
		values = append(values, label.Value)
	}
	l.all = append(l.all, fmt.Sprintf("%s{%s} %v", strings.TrimPrefix(name, "choreo_"), strings.Join(values, ","), value))
}

func (l *lines) of(family string) []string {
	return slices.DeleteFunc(slices.Clone(l.all), func(line string) bool { return !strings.HasPrefix(line, family+"{") })
}

func taken() time.Time { return time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC) }

// pay is a component that fails in one environment, is current in another, and is not bound to a third.
func pay() verify.Result {
	kustomization := facts.Ref{Kind: "Kustomization", Namespace: "flux-system", Name: "apps"}
	reason := func(d verify.Decision, environment string, rung trace.RungID, code trace.Code) verify.Reason {
		return verify.Reason{Decision: d, Failure: trace.Failure{Environment: environment, Rung: rung, Finding: trace.Finding{Code: code}}}
	}
	return verify.Result{
		Trace: &trace.Trace{Subject: facts.Subject{Namespace: "shop", Project: "web", Component: "pay"}, TakenAt: taken()},
		Judgement: verify.Judgement{Decision: verify.Failed, Reasons: []verify.Reason{
			reason(verify.Failed, "dev", trace.RungPod, "OOMKilled"), reason(verify.Failed, "dev", trace.RungPod, "OOMKilled"), reason(verify.Pending, "dev", trace.RungPod, "Progressing"),
		}},
		Cells: []verify.Cell{
			{
				Environment: "dev", Bound: true, Verdict: trace.VerdictFailed, Current: trace.Behind, Release: "pay-1", Image: "pay:1", Commit: "main@sha1:1", Since: taken().Add(-time.Minute),
				Remarks: verify.Remarks{Drift: 2, DriftSince: taken().Add(-time.Hour)},
			},
			{Environment: "prod", Bound: true, Verdict: trace.VerdictHealthy, Current: trace.Current, Reported: true, Since: taken().Add(time.Second)},
			{Environment: "qa"},
		},
		Shared:     verify.Remarks{Drift: 1},
		WantedSeen: taken().Add(-90 * time.Second),
		Deliverers: []verify.Deliverer{{Object: kustomization, LastEnd: taken().Add(-10 * time.Second), LastDuration: 1500 * time.Millisecond, Total: 5, Failed: 2}, {Object: facts.Ref{Kind: "Application", Name: "x"}}},
	}
}

// TestComponents: each family has a sample for what is known, and none for what is not.
func TestComponents(t *testing.T) {
	t.Parallel()
	cause := verify.Cause{Reason: verify.Reason{Decision: verify.Failed, Failure: trace.Failure{Rung: trace.RungPod}}, Subjects: make([]verify.Affected, 3)}
	waits := verify.Cause{Reason: verify.Reason{Decision: verify.Pending, Failure: trace.Failure{Rung: trace.RungPod}}, Subjects: make([]verify.Affected, 3)}
	got := &lines{}
	metrics.Components(got, []verify.Result{pay(), pay()}, []verify.Cause{cause, cause, waits})
	for family, want := range map[string][]string{
		"component_health": {
			"component_health{shop,web,pay,dev,Unknown} 0", "component_health{shop,web,pay,dev,Healthy} 0", "component_health{shop,web,pay,dev,Progressing} 0",
			"component_health{shop,web,pay,dev,Failed} 1", "component_health{shop,web,pay,dev,Suspended} 0",
			"component_health{shop,web,pay,prod,Unknown} 0", "component_health{shop,web,pay,prod,Healthy} 1", "component_health{shop,web,pay,prod,Progressing} 0",
			"component_health{shop,web,pay,prod,Failed} 0", "component_health{shop,web,pay,prod,Suspended} 0",
		},
		"component_sync": {
			"component_sync{shop,web,pay,dev,Unknown} 0", "component_sync{shop,web,pay,dev,Current} 0", "component_sync{shop,web,pay,dev,Behind} 1",
			"component_sync{shop,web,pay,prod,Unknown} 0", "component_sync{shop,web,pay,prod,Current} 1", "component_sync{shop,web,pay,prod,Behind} 0",
		},
		"component_reported":       {"component_reported{shop,web,pay,dev} 0", "component_reported{shop,web,pay,prod} 1"},
		"component_age_seconds":    {"component_age_seconds{shop,web,pay,dev} 60", "component_age_seconds{shop,web,pay,prod} 0"}, // a clock is ahead
		"component_behind_seconds": {"component_behind_seconds{shop,web,pay,dev} 90", "component_behind_seconds{shop,web,pay,prod} 0"},
		"component_failing":        {"component_failing{shop,web,pay,dev,pod,OOMKilled} 1"},
		"component_drift":          {"component_drift{shop,web,pay,} 1", "component_drift{shop,web,pay,dev} 2", "component_drift{shop,web,pay,prod} 0"},
		"component_drift_seconds":  {"component_drift_seconds{shop,web,pay,dev} 3600"},
		"component_info":           {"component_info{shop,web,pay,dev,pay-1,pay:1,main@sha1:1} 1", "component_info{shop,web,pay,prod,,,} 1"},
	} {
		// Both components have the same labels, so each sample is there twice.
		if diff := cmp.Diff(slices.Concat(want, want), got.of(family)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", family, diff)
		}
	}
	for family, want := range map[string][]string{
		"delivery_last_reconcile_age_seconds":      {"delivery_last_reconcile_age_seconds{Kustomization,flux-system,apps} 10"},
		"delivery_last_reconcile_duration_seconds": {"delivery_last_reconcile_duration_seconds{Kustomization,flux-system,apps} 1.5"},
		"delivery_reconciles":                      {"delivery_reconciles{Kustomization,flux-system,apps} 5"},
		"delivery_failed_reconciles":               {"delivery_failed_reconciles{Kustomization,flux-system,apps} 2"},
	} {
		if diff := cmp.Diff(want, got.of(family)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", family, diff)
		}
	}
	for _, line := range []string{"failures{pod} 6", "failures{git} 0", "causes{pod} 2", "causes{git} 0"} {
		if !slices.Contains(got.all, line) {
			t.Errorf("%s is missing", line)
		}
	}
	bounded := &lines{}
	if metrics.Bounded(bounded, []verify.Result{pay()}, nil); len(bounded.of("component_info")) > 0 || len(bounded.of("component_health")) == 0 {
		t.Error("a bounded set has the releases")
	}
}
