package metrics

import (
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// Components are the metrics of every report about several components.
func Components(m Writer, results []verify.Result, causes []verify.Cause) {
	Bounded(m, results, causes)
	infoMetrics(m, results)
}

// Bounded are those of Components whose labels take only as many values as there are objects and codes. A series of a release, an
// image or a revision would end with each deployment, and a server that scrapes would keep all of them.
func Bounded(m Writer, results []verify.Result, causes []verify.Cause) {
	cellMetrics(m, results)
	failingMetrics(m, results)
	currencyMetrics(m, results)
	driftMetrics(m, results)
	deliveryMetrics(m, results)
	failureMetrics(m, causes)
}

// SubjectLabels identify a component.
func SubjectLabels(s facts.Subject) []Label {
	return []Label{{Name: "namespace", Value: s.Namespace}, {Name: "project", Value: s.Project}, {Name: "component", Value: s.Component}}
}

func cellLabels(one verify.Result, c verify.Cell, more ...Label) []Label {
	return append(append(SubjectLabels(one.Trace.Subject), Label{Name: "environment", Value: c.Environment}), more...)
}

// visitCells visits the environments to which the components are bound.
func visitCells(results []verify.Result, visit func(verify.Result, verify.Cell)) {
	for _, one := range results {
		for _, c := range one.Cells {
			if c.Bound {
				visit(one, c)
			}
		}
	}
}

// cellMetrics describes each component in each environment to which it is bound.
func cellMetrics(m Writer, results []verify.Result) {
	m.Family("choreo_component_health", "The health of a component in an environment: 1 for its verdict, 0 for the others.")
	visitCells(results, func(one verify.Result, c verify.Cell) {
		for _, v := range []trace.Verdict{trace.VerdictUnknown, trace.VerdictHealthy, trace.VerdictProgressing, trace.VerdictFailed, trace.VerdictSuspended} {
			m.Sample("choreo_component_health", Bit(v == c.Verdict), cellLabels(one, c, Label{Name: "verdict", Value: v.String()})...)
		}
	})
	m.Family("choreo_component_sync", "Whether a component has the wanted revision in an environment: 1 for its state, 0 for the others.")
	visitCells(results, func(one verify.Result, c verify.Cell) {
		for _, s := range []trace.Currency{trace.CurrencyUnknown, trace.Current, trace.Behind} {
			m.Sample("choreo_component_sync", Bit(s == c.Current), cellLabels(one, c, Label{Name: "state", Value: syncState(s)})...)
		}
	})
	m.Family("choreo_component_reported", "1 if a component is healthy only as reported by OpenChoreo, because its data plane was not read.")
	visitCells(results, func(one verify.Result, c verify.Cell) {
		m.Sample("choreo_component_reported", Bit(c.Reported), cellLabels(one, c)...)
	})
	m.Family("choreo_component_age_seconds", "How long a component has had its verdict in an environment.")
	visitCells(results, func(one verify.Result, c verify.Cell) {
		if !c.Since.IsZero() {
			m.Sample("choreo_component_age_seconds", secondsSince(c.Since, one), cellLabels(one, c)...)
		}
	})
}

func infoMetrics(m Writer, results []verify.Result) {
	m.Family("choreo_component_info", "Release and revision of a component in an environment.")
	visitCells(results, func(one verify.Result, c verify.Cell) {
		m.Sample("choreo_component_info", 1, cellLabels(one, c, Label{Name: "release", Value: c.Release}, Label{Name: "image", Value: c.Image}, Label{Name: "revision", Value: c.Commit})...)
	})
}

// failingMetrics name what each component fails with. Several findings of one code and rung are one sample.
func failingMetrics(m Writer, results []verify.Result) {
	m.Family("choreo_component_failing", "1 for each rung and finding with which a component fails; environment is empty above all of them.")
	for _, one := range results {
		seen := map[[3]string]bool{}
		for _, r := range one.Reasons {
			key := [3]string{r.Environment, string(r.Rung), string(r.Code)}
			if r.Decision != verify.Failed || seen[key] {
				continue
			}
			seen[key] = true
			m.Sample("choreo_component_failing", 1, append(SubjectLabels(one.Trace.Subject),
				Label{Name: "environment", Value: r.Environment}, Label{Name: "rung", Value: string(r.Rung)}, Label{Name: "code", Value: string(r.Code)})...)
		}
	}
}

// currencyMetrics tell how long the wanted revision is known and not there. Of a component whose source has another revision than the
// wanted one, as with that of a clone, nothing is known.
func currencyMetrics(m Writer, results []verify.Result) {
	m.Family("choreo_component_behind_seconds", "How long the source of a component has had the wanted revision while an environment does not have it; 0 if it has it.")
	visitCells(results, func(one verify.Result, c verify.Cell) {
		switch {
		case c.Current == trace.Current:
			m.Sample("choreo_component_behind_seconds", 0, cellLabels(one, c)...)
		case c.Current == trace.Behind && !one.WantedSeen.IsZero():
			m.Sample("choreo_component_behind_seconds", secondsSince(one.WantedSeen, one), cellLabels(one, c)...)
		}
	})
}

func driftMetrics(m Writer, results []verify.Result) {
	visit := func(sample func(verify.Remarks, []Label, verify.Result)) {
		for _, one := range results {
			sample(one.Shared, append(SubjectLabels(one.Trace.Subject), Label{Name: "environment"}), one)
			visitCells([]verify.Result{one}, func(one verify.Result, c verify.Cell) { sample(c.Remarks, cellLabels(one, c), one) })
		}
	}
	m.Family("choreo_component_drift", "How many differences from what was delivered were found; environment is empty above all of them.")
	visit(func(r verify.Remarks, labels []Label, _ verify.Result) {
		m.Sample("choreo_component_drift", float64(r.Drift), labels...)
	})
	m.Family("choreo_component_drift_seconds", "How long the oldest of these differences has existed, if the cluster records it.")
	visit(func(r verify.Remarks, labels []Label, one verify.Result) {
		if !r.DriftSince.IsZero() {
			m.Sample("choreo_component_drift_seconds", secondsSince(r.DriftSince, one), labels...)
		}
	})
}

// secondsSince is never negative: the clocks of a cluster differ a little.
func secondsSince(t time.Time, one verify.Result) float64 {
	return max(one.Trace.TakenAt.Sub(t).Seconds(), 0)
}

// deliveryMetrics describe each object that delivers once, however many components it applies.
func deliveryMetrics(m Writer, results []verify.Result) {
	visit := func(name, help string, value func(verify.Deliverer, verify.Result) (float64, bool)) {
		m.Family(name, help)
		seen := map[facts.Ref]bool{}
		for _, one := range results {
			for _, d := range one.Deliverers {
				if v, known := value(d, one); known && !seen[d.Object] {
					seen[d.Object] = true
					m.Sample(name, v, Label{Name: "kind", Value: d.Object.Kind}, Label{Name: "namespace", Value: d.Object.Namespace}, Label{Name: "name", Value: d.Object.Name})
				}
			}
		}
	}
	visit("choreo_delivery_last_reconcile_age_seconds", "How long ago the last reconcile of an object that delivers ended.", func(d verify.Deliverer, one verify.Result) (float64, bool) {
		return secondsSince(d.LastEnd, one), !d.LastEnd.IsZero()
	})
	visit("choreo_delivery_last_reconcile_duration_seconds", "How long that reconcile took.", func(d verify.Deliverer, _ verify.Result) (float64, bool) {
		return d.LastDuration.Seconds(), d.LastDuration > 0
	})
	visit("choreo_delivery_reconciles", "How many reconciles the status of an object of Flux records.", func(d verify.Deliverer, _ verify.Result) (float64, bool) {
		return float64(d.Total), d.Total > 0
	})
	visit("choreo_delivery_failed_reconciles", "How many of these failed.", func(d verify.Deliverer, _ verify.Result) (float64, bool) {
		return float64(d.Failed), d.Total > 0
	})
}

// Bit is 1 for true.
func Bit(yes bool) float64 {
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
func failureMetrics(m Writer, all []verify.Cause) {
	held, causes := map[trace.RungID]int{}, map[trace.RungID]int{}
	for _, c := range all {
		if c.Decision == verify.Failed {
			held[c.Rung] += len(c.Subjects)
			causes[c.Rung]++
		}
	}
	m.Family("choreo_failures", "How many components fail, by the rung where the cause is.")
	for _, id := range trace.Rungs() {
		m.Sample("choreo_failures", float64(held[id]), Label{Name: "rung", Value: string(id)})
	}
	m.Family("choreo_causes", "How many causes of failures there are, by rung.")
	for _, id := range trace.Rungs() {
		m.Sample("choreo_causes", float64(causes[id]), Label{Name: "rung", Value: string(id)})
	}
}
