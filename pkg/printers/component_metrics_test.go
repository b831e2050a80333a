package printers

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	dto "github.com/prometheus/client_model/go"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// valuesOf are the samples of a family by the values of some of their labels.
func valuesOf(f *dto.MetricFamily, labels ...string) map[string]float64 {
	all := map[string]float64{}
	for _, m := range f.GetMetric() {
		key := ""
		for _, label := range labels {
			for _, l := range m.GetLabel() {
				if l.GetName() == label {
					key += l.GetValue() + " "
				}
			}
		}
		all[key] = m.GetGauge().GetValue()
	}
	return all
}

// TestMonitoringMetrics: how long a revision is known and not there, how long drift exists, and the runs of each deliverer once.
func TestMonitoringMetrics(t *testing.T) {
	t.Parallel()
	at := printerstest.Ended
	apps := verify.Deliverer{Object: printerstest.Kustomization("apps"), LastEnd: at.Add(-time.Minute), LastDuration: 1500 * time.Millisecond, Total: 7, Failed: 2}
	chart := verify.Deliverer{Object: facts.Ref{Plane: facts.Control, Kind: "HelmRelease", Namespace: "flux-system", Name: "chart"}}
	one := placed("cart", verify.Passed, trace.VerdictHealthy)
	one.Deliverers, one.WantedSeen = []verify.Deliverer{apps, chart}, at.Add(-90*time.Second)
	one.Shared = verify.Remarks{Drift: 3}
	behind := one.Cells[0]
	behind.Environment, behind.Current, behind.Remarks = "staging", trace.Behind, verify.Remarks{Drift: 1, DriftSince: at.Add(-time.Hour)}
	unknown := behind
	unknown.Environment, unknown.Current = "production", trace.CurrencyUnknown
	one.Cells = append(one.Cells, behind, unknown, verify.Cell{Environment: "unbound"})
	other := placed("pay", verify.Passed, trace.VerdictHealthy)
	other.Cells[0].Current, other.Deliverers = trace.Behind, []verify.Deliverer{apps}
	families := printerstest.Scraped(t, overviewOf(one, other))
	component, deliverer := []string{"component", "environment"}, []string{"kind", "namespace", "name"}
	for name, c := range map[string]struct {
		labels []string
		want   map[string]float64
	}{
		"choreo_component_behind_seconds":                 {component, map[string]float64{"cart development ": 0, "cart staging ": 90}},
		"choreo_component_drift":                          {component, map[string]float64{"cart  ": 3, "cart development ": 0, "cart staging ": 1, "cart production ": 1, "pay  ": 0, "pay development ": 0}},
		"choreo_component_drift_seconds":                  {component, map[string]float64{"cart staging ": 3600, "cart production ": 3600}},
		"choreo_delivery_last_reconcile_age_seconds":      {deliverer, map[string]float64{"Kustomization flux-system apps ": 60}},
		"choreo_delivery_last_reconcile_duration_seconds": {deliverer, map[string]float64{"Kustomization flux-system apps ": 1.5}},
		"choreo_delivery_reconciles":                      {deliverer, map[string]float64{"Kustomization flux-system apps ": 7}},
		"choreo_delivery_failed_reconciles":               {deliverer, map[string]float64{"Kustomization flux-system apps ": 2}},
	} {
		if diff := cmp.Diff(c.want, valuesOf(families[name], c.labels...)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
