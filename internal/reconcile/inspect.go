package reconcile

import (
	"context"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// silenceLimit is how long a controller may write nothing before its state is read, and how long after each such read.
const silenceLimit = 10 * time.Second

// inspectIfSilent orders a read of the controller's state if there was no activity for long. The annotation is set once more to
// the value that it has: that changes nothing, and proves that the controller is silent and not the API server, or our watch.
func (s scheduler) inspectIfSilent(n *node, now time.Time) (action, bool) {
	due := n.lastActivity().Add(silenceLimit)
	if n.inspectAfter.After(due) {
		due = n.inspectAfter
	}
	if n.inspecting {
		return action{}, false
	}
	if now.Before(due) {
		s.setDeadline(due)
		return action{}, false
	}
	n.inspecting = true
	o := action{inspect: true}
	if n.request != nil {
		o.request = engine.Request{Key: n.request.Key, Value: annotation(n.object, n.request.Key)}
	}
	return o, true
}

// controllerState is what was read of a controller that is silent.
type controllerState struct {
	deployments []facts.Object
	leases      []facts.Object
	others      []facts.Object // all of the same kind, to see who else is being worked on
}

// inspect reads the state of the controller of ref, where it is installed by default.
func inspect(ctx context.Context, c Cluster, ref facts.Ref) controllerState {
	namespace := engines.All().Controller(ref).Namespace
	var found controllerState
	if namespace != "" {
		_, found.deployments = c.List(ctx, facts.Query{Plane: facts.Control, Group: kinds.Apps, Kind: "Deployment", Namespace: namespace})
		_, found.leases = c.List(ctx, facts.Query{Plane: facts.Control, Group: kinds.Coordination, Kind: "Lease", Namespace: namespace})
	}
	_, found.others = c.List(ctx, facts.Query{Plane: facts.Control, Group: ref.Group, Kind: ref.Kind})
	return found
}

// recordInspection records the state of a controller. A busy one is waited for, a silent one is not.
func (s scheduler) recordInspection(n *node, found controllerState, now time.Time) {
	n.inspecting = false
	n.inspectAfter = now.Add(silenceLimit)
	if now.Sub(n.lastActivity()) < silenceLimit {
		return // there was activity meanwhile
	}
	message, wait := diagnose(n, found, now)
	switch {
	case wait:
		n.diagnosis = message
	case engines.All().IsStatic(n.object):
		n.fail(message)
	default:
		n.show(NotResponding, message)
	}
}

// messageOrDiagnosis is why the controller is silent, if that is known and still holds.
func (n *node) messageOrDiagnosis(message string, now time.Time) string {
	if now.Sub(n.lastActivity()) < silenceLimit {
		n.diagnosis = ""
	}
	if n.diagnosis != "" {
		return n.diagnosis
	}
	return message
}
