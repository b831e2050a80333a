package lintreport

import (
	"io"
	"maps"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/metrics"
)

func (r Report) prometheus(w io.Writer) error {
	m := &metrics.Text{}
	m.Family("choreo_lint_decision", "Result of lint: 1 for its decision.")
	m.Sample("choreo_lint_decision", 1, metrics.Label{Name: "decision", Value: r.Decision().String()})
	total, each := map[string]int{}, map[[2]string]int{}
	for _, one := range r.Findings {
		total[one.Severity]++
		each[[2]string{one.CodeOrUnknown(), one.Severity}]++
	}
	m.Family("choreo_lint_findings", "Number of findings by severity.")
	for _, severity := range []string{"error", "warning", "info"} {
		m.Sample("choreo_lint_findings", float64(total[severity]), metrics.Label{Name: "severity", Value: severity})
	}
	m.Family("choreo_lint_code_findings", "Number of findings by code.")
	for _, key := range slices.SortedFunc(maps.Keys(each), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
		m.Sample("choreo_lint_code_findings", float64(each[key]), metrics.Label{Name: "code", Value: key[0]}, metrics.Label{Name: "severity", Value: key[1]})
	}
	r.coverageMetrics(m)
	m.Times("lint", r.Begun, r.Ended)
	return m.Write(w)
}

func (r Report) coverageMetrics(m *metrics.Text) {
	m.Family("choreo_lint_objects", "Number of objects that were checked, by family.")
	for _, family := range manifest.Families() {
		m.Sample("choreo_lint_objects", float64(r.Coverage.Objects[family]), metrics.Label{Name: "family", Value: string(family)})
	}
	m.Family("choreo_lint_deliveries", "Number of objects that apply folders, by kind and state.")
	for _, kind := range kindsOf(r.Coverage.Deliveries) {
		for _, state := range manifest.DeliveryStates() {
			if n := kind.count(state); n > 0 {
				m.Sample("choreo_lint_deliveries", float64(n), metrics.Label{Name: "kind", Value: kind.name}, metrics.Label{Name: "state", Value: stateName(state)})
			}
		}
	}
	againstMetrics(m, r.Coverage.Against)
	m.Family("choreo_lint_suppressed_findings", "Number of findings that do not count, by what suppresses them.")
	m.Sample("choreo_lint_suppressed_findings", float64(r.Suppressed.Settings), metrics.Label{Name: "by", Value: "settings"})
	m.Sample("choreo_lint_suppressed_findings", float64(r.Suppressed.Annotations), metrics.Label{Name: "by", Value: "annotations"})
	m.Sample("choreo_lint_suppressed_findings", float64(r.Suppressed.Baseline), metrics.Label{Name: "by", Value: "baseline"})
}
