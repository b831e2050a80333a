package reconcile

import (
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// record records the result of an action.
func (s scheduler) record(a actionResult, now time.Time) {
	n := s.byRef[a.action.ref]
	if !a.action.inspect {
		n.sentAt = time.Time{}
	}
	if n.state.Settled() {
		return
	}
	if a.err != nil {
		n.inspecting = false
		n.fail(a.err.Error())
		return
	}
	if a.object.Outcome == facts.Found {
		n.acknowledged(a, now)
	}
	if a.action.inspect {
		s.recordInspection(n, a.controller, now)
	}
}

// acknowledged is called after the API server has accepted the annotation. What a watch delivered before this response is read
// again before the next step.
func (n *node) acknowledged(a actionResult, now time.Time) {
	if !a.action.inspect {
		n.request = newRequest(a.action.request, a.action.before, a.object, now)
		n.retry = false
	}
	n.observe(a.object, now)
}
