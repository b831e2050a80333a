package printers

import (
	"io"
	"maps"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

func (r LintReport) prometheus(w io.Writer) error {
	m := &metrics{}
	m.family("choreo_lint_decision", "Result of lint: 1 for its decision.")
	m.sample("choreo_lint_decision", 1, labelled{"decision", r.Decision().String()})
	total, each := map[string]int{}, map[[2]string]int{}
	for _, one := range r.Findings {
		total[one.Severity]++
		each[[2]string{one.CodeOrUnknown(), one.Severity}]++
	}
	m.family("choreo_lint_findings", "Number of findings by severity.")
	for _, severity := range []string{"error", "warning", "info"} {
		m.sample("choreo_lint_findings", float64(total[severity]), labelled{"severity", severity})
	}
	m.family("choreo_lint_code_findings", "Number of findings by code.")
	for _, key := range slices.SortedFunc(maps.Keys(each), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
		m.sample("choreo_lint_code_findings", float64(each[key]), labelled{"code", key[0]}, labelled{"severity", key[1]})
	}
	r.coverageMetrics(m)
	m.times("lint", r.Begun, r.Ended)
	return m.write(w)
}

func (r LintReport) coverageMetrics(m *metrics) {
	m.family("choreo_lint_objects", "Number of objects that were checked, by family.")
	for _, family := range manifest.Families() {
		m.sample("choreo_lint_objects", float64(r.Coverage.Objects[family]), labelled{"family", string(family)})
	}
	m.family("choreo_lint_deliveries", "Number of objects that apply folders, by kind and state.")
	for _, kind := range kindsOf(r.Coverage.Deliveries) {
		for _, state := range manifest.DeliveryStates() {
			if n := kind.count(state); n > 0 {
				m.sample("choreo_lint_deliveries", float64(n), labelled{"kind", kind.name}, labelled{"state", stateName(state)})
			}
		}
	}
	againstMetrics(m, r.Coverage.Against)
	m.family("choreo_lint_suppressed_findings", "Number of findings that do not count, by what suppresses them.")
	m.sample("choreo_lint_suppressed_findings", float64(r.Suppressed.Settings), labelled{"by", "settings"})
	m.sample("choreo_lint_suppressed_findings", float64(r.Suppressed.Annotations), labelled{"by", "annotations"})
	m.sample("choreo_lint_suppressed_findings", float64(r.Suppressed.Baseline), labelled{"by", "baseline"})
}
