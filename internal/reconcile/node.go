package reconcile

import (
	"reflect"
	"slices"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile/plan"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// removed is why an annotation that was taken away is set again.
const removed engine.Cause = "removed"

// node is one object of the graph, and the bookkeeping of what was done with it.
type node struct {
	ref    facts.Ref
	needs  []plan.Need
	object facts.Object // the newest that was seen
	first  facts.Object // as it was before anything was written
	seenAt time.Time    // when its controller last wrote something

	state    State
	message  string
	revision string // as it is shown: of Git, where known
	artifact string // what a source has, as appliers repeat it
	after    []facts.Ref
	times    Times

	turn      time.Time // when all that it needs was done; zero before
	request   *request  // the newest that was acknowledged; nil before the first, and when another is due
	again     bool      // it was asked before, and another request is due
	why       string    // because of what it was asked again, in the controller's words; "" the first time
	notBefore time.Time // when it is due
	tries     map[engine.Cause]int
	sending   time.Time // since when an annotation is on its way; zero when none is
	looking   bool      // the signs of life of its controller are being read
	lookAfter time.Time // not to be read again before
	diagnosis string    // why it is silent, as far as it was found out; until it is heard of
	reported  Event     // the last, without its time
}

// see takes in an answer of the cluster. Of two versions the newer counts: the answer to a patch may be ahead of a watch.
// An object that could be read once is not forgotten because it cannot be read for a moment.
func (n *node) see(o facts.Object, now time.Time) {
	switch o.Outcome {
	case facts.Found:
		if n.object.Outcome == facts.Found && older(o.Body.GetResourceVersion(), n.object.Body.GetResourceVersion()) {
			return
		}
	case facts.Absent, facts.NoKind:
	case facts.NotAsked, facts.Forbidden, facts.Unreachable, facts.Invalid:
		if n.object.Outcome == facts.Found {
			return
		}
	}
	if n.first.Outcome != facts.Found && n.times.Asked.IsZero() {
		n.first = o
	}
	if !sameStatus(n.object, o) {
		n.seenAt = now
	}
	n.object = o
	if n.request != nil {
		n.request.see(o)
	}
}

// sameStatus tells the signs of a controller from those of other clients, who write annotations.
func sameStatus(a, b facts.Object) bool {
	if a.Body == nil || b.Body == nil {
		return a.Outcome == b.Outcome
	}
	version := a.Body.GetResourceVersion()
	return (version != "" && version == b.Body.GetResourceVersion()) || reflect.DeepEqual(a.Body.Object["status"], b.Body.Object["status"])
}

// quiet is since when nothing was heard of the controller that could be an answer.
func (n *node) quiet() time.Time {
	since := n.due()
	if n.seenAt.After(since) {
		since = n.seenAt
	}
	if n.request != nil && n.request.acked.After(since) {
		since = n.request.acked
	}
	return since
}

// due is when n could first have been asked for this request.
func (n *node) due() time.Time {
	if n.notBefore.After(n.turn) {
		return n.notBefore
	}
	return n.turn
}

func (n *node) show(state State, message string, after ...facts.Ref) {
	n.state, n.message, n.after = state, message, after
}

func (n *node) fail(message string) { n.show(Failed, message) }

func (n *node) settle(state State, message string, now time.Time) {
	n.show(state, message)
	n.times.Ready = now
	if n.times.Applied.IsZero() {
		n.times.Applied = now
	}
}

// neededFor are the objects that it needs for that reason.
func (n *node) neededFor(why plan.Why) []facts.Ref {
	var refs []facts.Ref
	for _, need := range n.needs {
		if need.Why == why {
			refs = append(refs, need.Ref)
		}
	}
	return refs
}

// event is its state and message as they are reported.
func (n *node) event() Event {
	return Event{Ref: n.ref, State: n.state, Message: n.message, Revision: n.revision, After: slices.Clone(n.after)}
}
