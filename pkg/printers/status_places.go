package printers

import (
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/change"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// Places are all components in their environments as they are; without an environment, all that a component has above them.
func (r StatusReport) Places() []change.Change {
	var all []change.Change
	for _, one := range r.Results {
		s := one.Trace.Subject
		add := func(environment string, state trace.State, to change.Standing) {
			c := change.Change{Time: r.Ended, Namespace: s.Namespace, Component: s.Component, Environment: environment, To: to, Look: state}
			c.To.State = state.String()
			if reason, ok := one.ReasonIn(environment); ok {
				c.Code, c.Message, c.Object, c.Rung = reason.Code, reason.Message, reason.Object, reason.Rung
				if c.Code == trace.CodeProgressing || c.Code == trace.CodeBehind {
					c.Code = "" // the state shows it
				}
			}
			all = append(all, c)
		}
		add("", stateAbove(one), change.Standing{})
		for _, cell := range one.Cells {
			if cell.Bound {
				add(cell.Environment, cell.Verdict.State(), change.Standing{Current: cell.Current, Revision: cell.Release})
			}
		}
	}
	return all
}

// stateAbove is the state of all that a component has above its environments.
func stateAbove(one verify.Result) trace.State {
	if reason, ok := one.ReasonIn(""); ok {
		return reason.Decision.State()
	}
	return trace.OK
}
