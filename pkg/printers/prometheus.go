package printers

import (
	"io"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/metrics"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// prometheus writes a family after the other, as the format asks.
func (r VerifyReport) prometheus(w io.Writer) error {
	m := &metrics.Text{}
	r.gateMetrics(m)
	r.cellMetrics(m)
	r.failureMetrics(m)
	r.probeMetrics(m)
	m.Times("verify", r.Begun, r.Ended)
	return m.Write(w)
}

func subjectLabels(one verify.Result) []metrics.Label {
	s := one.Trace.Subject
	return []metrics.Label{{Name: "namespace", Value: s.Namespace}, {Name: "project", Value: s.Project}, {Name: "component", Value: s.Component}}
}

func cellLabels(one verify.Result, c verify.Cell, more ...metrics.Label) []metrics.Label {
	return append(append(subjectLabels(one), metrics.Label{Name: "environment", Value: c.Environment}), more...)
}

func (r VerifyReport) gateMetrics(m *metrics.Text) {
	m.Family("choreo_verify_decision", "Result of verify: 1 for the decision of each component.")
	for _, one := range r.Results {
		m.Sample("choreo_verify_decision", 1, append(subjectLabels(one), metrics.Label{Name: "decision", Value: one.Decision.String()})...)
	}
}

// cells visits the environments to which the components are bound.
func (r VerifyReport) cells(visit func(verify.Result, verify.Cell)) {
	for _, one := range r.Results {
		for _, c := range one.Cells {
			if c.Bound {
				visit(one, c)
			}
		}
	}
}

func (r VerifyReport) cellMetrics(m *metrics.Text) {
	m.Family("choreo_component_health", "The health of a component in an environment: 1 for its verdict, 0 for the others.")
	r.cells(func(one verify.Result, c verify.Cell) {
		for _, v := range []trace.Verdict{trace.VerdictUnknown, trace.VerdictHealthy, trace.VerdictProgressing, trace.VerdictFailed, trace.VerdictSuspended} {
			m.Sample("choreo_component_health", one01(v == c.Verdict), cellLabels(one, c, metrics.Label{Name: "verdict", Value: v.String()})...)
		}
	})
	m.Family("choreo_component_sync", "Whether a component has the wanted revision in an environment: 1 for its state, 0 for the others.")
	r.cells(func(one verify.Result, c verify.Cell) {
		for _, s := range []trace.Currency{trace.CurrencyUnknown, trace.Current, trace.Behind} {
			m.Sample("choreo_component_sync", one01(s == c.Current), cellLabels(one, c, metrics.Label{Name: "state", Value: syncState(s)})...)
		}
	})
	m.Family("choreo_component_reported", "1 if a component is healthy only as reported by OpenChoreo, because its data plane was not read.")
	r.cells(func(one verify.Result, c verify.Cell) {
		m.Sample("choreo_component_reported", one01(c.Reported), cellLabels(one, c)...)
	})
	m.Family("choreo_component_age_seconds", "How long a component has had its verdict in an environment.")
	r.cells(func(one verify.Result, c verify.Cell) {
		if !c.Since.IsZero() {
			m.Sample("choreo_component_age_seconds", max(one.Trace.TakenAt.Sub(c.Since).Seconds(), 0), cellLabels(one, c)...)
		}
	})
	m.Family("choreo_component_info", "Release and revision of a component in an environment.")
	r.cells(func(one verify.Result, c verify.Cell) {
		m.Sample("choreo_component_info", 1, cellLabels(one, c, metrics.Label{Name: "release", Value: c.Release}, metrics.Label{Name: "image", Value: c.Image}, metrics.Label{Name: "revision", Value: c.Commit})...)
	})
	m.Family("choreo_component_drift", "How many differences from what was delivered were found; environment is empty above all of them.")
	for _, one := range r.Results {
		for _, d := range verify.Drifts(one.Trace) {
			m.Sample("choreo_component_drift", float64(d.Count), append(subjectLabels(one), metrics.Label{Name: "environment", Value: d.Environment})...)
		}
	}
}

func one01(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

func syncState(c trace.Currency) string {
	switch c {
	case trace.Current:
		return "Current"
	case trace.Behind:
		return "Behind"
	case trace.CurrencyUnknown:
		return "Unknown"
	}
	return "Unknown"
}

// failureMetrics counts components by the rung of their cause, and causes, so that forty behind one show as one.
func (r VerifyReport) failureMetrics(m *metrics.Text) {
	held, causes := map[trace.RungID]int{}, map[trace.RungID]int{}
	for _, c := range r.Causes {
		if c.Decision == verify.Failed {
			held[c.Rung] += len(c.Subjects)
			causes[c.Rung]++
		}
	}
	m.Family("choreo_failures", "How many components fail, by the rung where the cause is.")
	for _, id := range trace.Rungs() {
		m.Sample("choreo_failures", float64(held[id]), metrics.Label{Name: "rung", Value: string(id)})
	}
	m.Family("choreo_causes", "How many causes of failures there are, by rung.")
	for _, id := range trace.Rungs() {
		m.Sample("choreo_causes", float64(causes[id]), metrics.Label{Name: "rung", Value: string(id)})
	}
}

func (r VerifyReport) probeMetrics(m *metrics.Text) {
	m.Family("choreo_probe_success", "Whether the probe of an endpoint passed.")
	r.probed(func(labels []metrics.Label, p verify.Probe) { m.Sample("choreo_probe_success", one01(p.OK), labels...) })
	m.Family("choreo_probe_duration_seconds", "How long an endpoint took to answer.")
	r.probed(func(labels []metrics.Label, p verify.Probe) {
		m.Sample("choreo_probe_duration_seconds", p.Seconds, labels...)
	})
}

func (r VerifyReport) probed(visit func([]metrics.Label, verify.Probe)) {
	for _, one := range r.Results {
		for _, p := range one.Probes {
			visit(append(subjectLabels(one), metrics.Label{Name: "environment", Value: p.Environment}, metrics.Label{Name: "endpoint", Value: p.Endpoint}, metrics.Label{Name: "url", Value: p.URL}), p)
		}
	}
}
