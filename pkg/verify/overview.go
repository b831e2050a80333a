package verify

import (
	"cmp"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Overview judges a trace for a report that is no gate. It differs from the zero Gate in one point: a component that runs, but whose
// newest Workload is not deployed, is Pending. A gate fails it, because waiting does not help.
func Overview(t *trace.Trace) Judgement {
	j := Gate{}.Judge(t)
	decision := Passed
	for i := range j.Reasons {
		if r := &j.Reasons[i]; r.Decision == Failed && r.Requirement == RequireCurrent {
			r.Decision = Pending
		}
		decision = decision.Worse(j.Reasons[i].Decision)
	}
	slices.SortStableFunc(j.Reasons, func(a, b Reason) int { return cmp.Compare(b.Decision.weight(), a.Decision.weight()) })
	j.Decision = decision
	return j
}
