package reconcile

import (
	"fmt"
	"slices"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// order is one thing that a step wants done: set an annotation, or look for signs of life of a silent controller.
type order struct {
	ref     facts.Ref
	request engine.Request // without a value where nothing is to be set
	look    bool           // read the signs of life as well
	before  facts.Object   // what was known when the order was given
}

// step brings every node as far as it can be brought now, and returns what is to be done. It leaves in b.next when to come
// back at the latest. It asks nobody: the same book and time give the same orders.
func (b *book) step(now time.Time) []order {
	b.next = time.Time{}
	var orders []order
	for _, n := range b.nodes {
		if o, ok := b.decide(n, now); ok {
			o.ref, o.before = n.ref, n.object
			orders = append(orders, o)
		}
	}
	if !b.broken() {
		return orders
	}
	for _, o := range orders {
		b.byRef[o.ref].sending = time.Time{}
	}
	b.abandon()
	return nil
}

// abandon ends the run after a failure: what was never asked will not be.
func (b *book) abandon() {
	var culprits []facts.Ref
	for _, n := range b.nodes {
		if n.state == Failed || n.state == NotResponding {
			culprits = append(culprits, n.ref)
		}
	}
	for _, n := range b.nodes {
		if n.state.Settled() || n.request != nil || n.again || !n.sending.IsZero() || n.state == Running {
			continue
		}
		n.times.Asked = time.Time{}
		n.show(NotAttempted, "", culprits...)
		if blocking := b.blocking(n); len(blocking) > 0 {
			n.after = blocking
		}
	}
}

// decide looks at one node; those before it were looked at already.
func (b *book) decide(n *node, now time.Time) (order, bool) {
	if n.state.Settled() {
		return order{}, false
	}
	if blocking := b.blocking(n); len(blocking) > 0 {
		n.show(NotAttempted, "", blocking...)
		return order{}, false
	}
	if open := b.open(n); len(open) > 0 {
		n.show(Waiting, "", open...)
		return order{}, false
	}
	if n.turn.IsZero() {
		n.turn = now
	}
	switch message, failed := lost(n.object); {
	case failed:
		n.fail(message)
		return order{}, false
	case n.object.Outcome != facts.Found:
		n.show(Waiting, message)
		return order{}, false
	}
	return b.advance(n, now)
}

// advance is decide for an object that is there and whose turn has come.
func (b *book) advance(n *node, now time.Time) (order, bool) {
	n.note(now)
	switch {
	case !n.sending.IsZero():
		b.unanswered(n, now)
		return order{}, false
	case n.request != nil:
		return b.follow(n, now)
	case engines.All().IsStatic(n.object):
		return b.apply(n, b.judge(n), now)
	}
	return b.begin(n, now)
}

// note keeps what the object itself says on the way.
func (n *node) note(now time.Time) {
	if r := engines.All().Revision(n.object); r != "" {
		n.revision = r
	}
	ours := n.state == Running || (n.request != nil && !n.request.busy)
	if ours && kinds.Running(n.object.Body) && engines.All().IsApplied(n.object) && n.times.Applied.IsZero() {
		n.times.Applied = now
	}
}

// lost says why an object cannot be asked any more, or, where that may pass, why not now.
func lost(o facts.Object) (message string, failed bool) {
	switch o.Outcome {
	case facts.Absent, facts.NoKind:
		return fmt.Sprintf("%s does not exist", o.Ref), true
	case facts.Forbidden, facts.Invalid:
		return fmt.Sprintf("%s cannot be read: %s", o.Ref, o.Reason), true
	case facts.Unreachable:
		return fmt.Sprintf("%s cannot be read: %s", o.Ref, o.Reason), false
	case facts.NotAsked:
		return "not read yet", false
	case facts.Found:
	}
	switch {
	case o.Body.GetDeletionTimestamp() != nil:
		return fmt.Sprintf("%s is being deleted", o.Ref), true
	case engines.All().IsPaused(o) && !engines.All().IsStatic(o):
		return fmt.Sprintf("it is suspended (%s): it acknowledges requests and does nothing", engines.All().PausedBy(o)), true
	}
	return "", false
}

// blocking are the failures because of which n cannot be asked.
func (b *book) blocking(n *node) []facts.Ref {
	var refs []facts.Ref
	for _, ref := range b.neededIn(n, State.bad) {
		culprits := []facts.Ref{ref}
		if needed := b.byRef[ref]; needed.state == NotAttempted {
			culprits = needed.after
		}
		for _, culprit := range culprits {
			if !slices.Contains(refs, culprit) {
				refs = append(refs, culprit)
			}
		}
	}
	return refs
}

// open are the needs of n that are not done yet.
func (b *book) open(n *node) []facts.Ref {
	return b.neededIn(n, func(s State) bool { return !s.Settled() })
}

func (b *book) neededIn(n *node, in func(State) bool) []facts.Ref {
	var refs []facts.Ref
	for _, need := range n.needs {
		if in(b.byRef[need.Ref].state) && !slices.Contains(refs, need.Ref) {
			refs = append(refs, need.Ref)
		}
	}
	return refs
}

// patience is how long an answer of the API server may take before it is worth a word.
const patience = 5 * time.Second

// unanswered shows a node whose annotation is on its way.
func (b *book) unanswered(n *node, now time.Time) {
	if now.Sub(n.sending) < patience {
		b.wake(n.sending.Add(patience))
		return
	}
	n.message = "the API server has not taken the request yet; it is repeated"
}
