package reconcile

import (
	"context"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// quietTime is how long a controller may write nothing before it is looked for, and again after each look.
const quietTime = 10 * time.Second

// listen orders a look for signs of life where nothing was heard of the controller for long. The annotation is set once more
// to the value that it has: that changes nothing, and proves that it is the controller that is silent and not the API server,
// or our watch.
func (b *book) listen(n *node, now time.Time) (order, bool) {
	due := n.quiet().Add(quietTime)
	if n.lookAfter.After(due) {
		due = n.lookAfter
	}
	if n.looking {
		return order{}, false
	}
	if now.Before(due) {
		b.wake(due)
		return order{}, false
	}
	n.looking = true
	o := order{look: true}
	if n.request != nil {
		o.request = engine.Request{Key: n.request.Key, Value: annotation(n.object, n.request.Key)}
	}
	return o, true
}

// signs are what was found when a controller was looked for.
type signs struct {
	deployments []facts.Object
	leases      []facts.Object
	others      []facts.Object // all of the same kind, to see who else is being worked on
}

// look reads the signs of life of the controller of ref, where it is installed by default.
func look(ctx context.Context, c Cluster, ref facts.Ref) signs {
	namespace := engines.All().Controller(ref).Namespace
	var found signs
	if namespace != "" {
		_, found.deployments = c.List(ctx, facts.Query{Plane: facts.Control, Group: kinds.Apps, Kind: "Deployment", Namespace: namespace})
		_, found.leases = c.List(ctx, facts.Query{Plane: facts.Control, Group: kinds.Coordination, Kind: "Lease", Namespace: namespace})
	}
	_, found.others = c.List(ctx, facts.Query{Plane: facts.Control, Group: ref.Group, Kind: ref.Kind})
	return found
}

// heed draws the conclusion from the signs. What is busy is waited for; a silent controller is not.
func (b *book) heed(n *node, found signs, now time.Time) {
	n.looking = false
	n.lookAfter = now.Add(quietTime)
	if now.Sub(n.quiet()) < quietTime {
		return // it was heard of meanwhile
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

// orDiagnosis is why the controller is silent, where that was found out and still holds.
func (n *node) orDiagnosis(message string, now time.Time) string {
	if now.Sub(n.quiet()) < quietTime {
		n.diagnosis = ""
	}
	if n.diagnosis != "" {
		return n.diagnosis
	}
	return message
}
