package reconcile

import (
	"reflect"
	"slices"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile/plan"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// removed is why an annotation that was removed is set again.
const removed engine.Cause = "removed"

// node is one object of the graph, with its requests and its state.
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

	unblockedAt  time.Time // when all that it needs was done; zero before
	request      *request  // the newest that was acknowledged; nil before the first, and when another is due
	retry        bool      // another request is due
	retryReason  string    // in the controller's words; "" the first time
	notBefore    time.Time // when the next request is due
	retries      map[engine.Cause]int
	sentAt       time.Time // of a request to which the API server has not responded; zero: none
	inspecting   bool      // the state of its controller is being read
	inspectAfter time.Time // not to be read again before
	diagnosis    string    // why its controller is silent, if known; until there is activity
	reported     Event     // the last, without its time
}

// observe records an object as the cluster has it. Of two versions the newer counts: the response to a patch may be ahead of a watch.
// An object that could be read once is not forgotten because it cannot be read for a moment.
func (n *node) observe(o facts.Object, now time.Time) {
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
		n.request.observe(o)
	}
}

// sameStatus distinguishes a write of the controller from those of other clients, which write annotations.
func sameStatus(a, b facts.Object) bool {
	if a.Body == nil || b.Body == nil {
		return a.Outcome == b.Outcome
	}
	version := a.Body.GetResourceVersion()
	return (version != "" && version == b.Body.GetResourceVersion()) || reflect.DeepEqual(a.Body.Object["status"], b.Body.Object["status"])
}

// lastActivity is when the controller last did something that may answer the request.
func (n *node) lastActivity() time.Time {
	since := n.requestableAt()
	if n.seenAt.After(since) {
		since = n.seenAt
	}
	if n.request != nil && n.request.acked.After(since) {
		since = n.request.acked
	}
	return since
}

// requestableAt is when n could first have been requested.
func (n *node) requestableAt() time.Time {
	if n.notBefore.After(n.unblockedAt) {
		return n.notBefore
	}
	return n.unblockedAt
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
