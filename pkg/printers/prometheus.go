package printers

import (
	"io"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/metrics"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// prometheus writes a family after the other, as the format requires.
func (r VerifyReport) prometheus(w io.Writer) error {
	m := &metrics.Text{}
	r.gateMetrics(m)
	metrics.Components(m, r.Results, r.Causes)
	r.probeMetrics(m)
	m.Times("verify", r.Begun, r.Ended)
	return m.Write(w)
}

func (r VerifyReport) gateMetrics(m *metrics.Text) {
	m.Family("choreo_verify_decision", "Result of verify: 1 for the decision of each component.")
	for _, one := range r.Results {
		m.Sample("choreo_verify_decision", 1, append(metrics.SubjectLabels(one.Trace.Subject), metrics.Label{Name: "decision", Value: one.Decision.String()})...)
	}
}

func (r VerifyReport) probeMetrics(m *metrics.Text) {
	m.Family("choreo_probe_success", "Whether the probe of an endpoint passed.")
	r.probed(func(labels []metrics.Label, p verify.Probe) {
		m.Sample("choreo_probe_success", metrics.Bit(p.OK), labels...)
	})
	m.Family("choreo_probe_duration_seconds", "How long an endpoint took to answer.")
	r.probed(func(labels []metrics.Label, p verify.Probe) {
		m.Sample("choreo_probe_duration_seconds", p.Seconds, labels...)
	})
}

func (r VerifyReport) probed(visit func([]metrics.Label, verify.Probe)) {
	for _, one := range r.Results {
		for _, p := range one.Probes {
			visit(append(metrics.SubjectLabels(one.Trace.Subject), metrics.Label{Name: "environment", Value: p.Environment}, metrics.Label{Name: "endpoint", Value: p.Endpoint}, metrics.Label{Name: "url", Value: p.URL}), p)
		}
	}
}
