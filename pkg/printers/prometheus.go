package printers

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// metrics is text in Prometheus' exposition format 0.0.4, for the textfile collector or a push gateway. It has no times: a
// collector refuses them.
type metrics struct{ strings.Builder }

// labelled is a name and a value, in the order in which they are written.
type labelled struct{ name, value string }

func (m *metrics) family(name, help string) {
	m.WriteString("# HELP " + name + " " + help + "\n# TYPE " + name + " gauge\n")
}

func (m *metrics) sample(name string, value float64, labels ...labelled) {
	m.WriteString(name)
	for i, l := range labels {
		m.WriteString(map[bool]string{true: "{", false: ","}[i == 0] + l.name + `="` + labelValue(l.value) + `"`)
	}
	if len(labels) > 0 {
		m.WriteString("}")
	}
	m.WriteString(" " + strconv.FormatFloat(value, 'g', -1, 64) + "\n")
}

// labelValue escapes what ends a value or its line; the rest was made harmless before.
func labelValue(s string) string {
	s = escape.Line(s)
	if !strings.ContainsAny(s, "\\\"\n") {
		return s // a fleet has a hundred thousand of them
	}
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s)
}

// prometheus writes a family after the other, as the format asks.
func (r VerifyReport) prometheus(w io.Writer) error {
	m := &metrics{}
	r.gateMetrics(m)
	r.cellMetrics(m)
	r.failureMetrics(m)
	r.probeMetrics(m)
	m.times("verify", r.Begun, r.Ended)
	return m.write(w)
}

// times are those of a run of a command.
func (m *metrics) times(command string, begun, ended time.Time) {
	m.family("choreo_"+command+"_duration_seconds", "How long "+command+" took, with all that it waited for.")
	m.sample("choreo_"+command+"_duration_seconds", ended.Sub(begun).Seconds())
	m.family("choreo_"+command+"_timestamp_seconds", "When "+command+" ended, since the epoch.")
	m.sample("choreo_"+command+"_timestamp_seconds", float64(ended.Unix()))
}

func (m *metrics) write(w io.Writer) error {
	if _, err := io.WriteString(w, m.String()); err != nil {
		return fmt.Errorf("write metrics: %w", err)
	}
	return nil
}

func subjectLabels(one verify.Result) []labelled {
	s := one.Trace.Subject
	return []labelled{{"namespace", s.Namespace}, {"project", s.Project}, {"component", s.Component}}
}

func cellLabels(one verify.Result, c verify.Cell, more ...labelled) []labelled {
	return append(append(subjectLabels(one), labelled{"environment", c.Environment}), more...)
}

func (r VerifyReport) gateMetrics(m *metrics) {
	m.family("choreo_verify_decision", "Result of verify: 1 for the decision of each component.")
	for _, one := range r.Results {
		m.sample("choreo_verify_decision", 1, append(subjectLabels(one), labelled{"decision", one.Decision.String()})...)
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

func (r VerifyReport) cellMetrics(m *metrics) {
	m.family("choreo_component_health", "The health of a component in an environment: 1 for its verdict, 0 for the others.")
	r.cells(func(one verify.Result, c verify.Cell) {
		for _, v := range []trace.Verdict{trace.VerdictUnknown, trace.VerdictHealthy, trace.VerdictProgressing, trace.VerdictFailed, trace.VerdictSuspended} {
			m.sample("choreo_component_health", one01(v == c.Verdict), cellLabels(one, c, labelled{"verdict", v.String()})...)
		}
	})
	m.family("choreo_component_sync", "Whether a component has the wanted revision in an environment: 1 for its state, 0 for the others.")
	r.cells(func(one verify.Result, c verify.Cell) {
		for _, s := range []trace.Currency{trace.CurrencyUnknown, trace.Current, trace.Behind} {
			m.sample("choreo_component_sync", one01(s == c.Current), cellLabels(one, c, labelled{"state", syncState(s)})...)
		}
	})
	m.family("choreo_component_reported", "1 if a component is healthy only as reported by OpenChoreo, because its data plane was not read.")
	r.cells(func(one verify.Result, c verify.Cell) {
		m.sample("choreo_component_reported", one01(c.Reported), cellLabels(one, c)...)
	})
	m.family("choreo_component_age_seconds", "How long a component has had its verdict in an environment.")
	r.cells(func(one verify.Result, c verify.Cell) {
		if !c.Since.IsZero() {
			m.sample("choreo_component_age_seconds", max(one.Trace.TakenAt.Sub(c.Since).Seconds(), 0), cellLabels(one, c)...)
		}
	})
	m.family("choreo_component_info", "Release and revision of a component in an environment.")
	r.cells(func(one verify.Result, c verify.Cell) {
		m.sample("choreo_component_info", 1, cellLabels(one, c, labelled{"release", c.Release}, labelled{"image", c.Image}, labelled{"revision", c.Commit})...)
	})
	m.family("choreo_component_drift", "How many differences from what was delivered were found; environment is empty above all of them.")
	for _, one := range r.Results {
		for _, d := range verify.Drifts(one.Trace) {
			m.sample("choreo_component_drift", float64(d.Count), append(subjectLabels(one), labelled{"environment", d.Environment})...)
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
func (r VerifyReport) failureMetrics(m *metrics) {
	held, causes := map[trace.RungID]int{}, map[trace.RungID]int{}
	for _, c := range r.Causes {
		if c.Decision == verify.Failed {
			held[c.Rung] += len(c.Subjects)
			causes[c.Rung]++
		}
	}
	m.family("choreo_failures", "How many components fail, by the rung where the cause is.")
	for _, id := range trace.Rungs() {
		m.sample("choreo_failures", float64(held[id]), labelled{"rung", string(id)})
	}
	m.family("choreo_causes", "How many causes of failures there are, by rung.")
	for _, id := range trace.Rungs() {
		m.sample("choreo_causes", float64(causes[id]), labelled{"rung", string(id)})
	}
}

func (r VerifyReport) probeMetrics(m *metrics) {
	m.family("choreo_probe_success", "Whether the probe of an endpoint passed.")
	r.probed(func(labels []labelled, p verify.Probe) { m.sample("choreo_probe_success", one01(p.OK), labels...) })
	m.family("choreo_probe_duration_seconds", "How long an endpoint took to answer.")
	r.probed(func(labels []labelled, p verify.Probe) {
		m.sample("choreo_probe_duration_seconds", p.Seconds, labels...)
	})
}

func (r VerifyReport) probed(visit func([]labelled, verify.Probe)) {
	for _, one := range r.Results {
		for _, p := range one.Probes {
			visit(append(subjectLabels(one), labelled{"environment", p.Environment}, labelled{"endpoint", p.Endpoint}, labelled{"url", p.URL}), p)
		}
	}
}
