package reconcile

import (
	"fmt"
	"slices"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile/plan"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// action is one thing that a step wants done: set an annotation, or read the state of a silent controller.
type action struct {
	ref     facts.Ref
	request engine.Request // without a value where nothing is to be set
	inspect bool           // read the state of the controller as well
	before  facts.Object   // what was known at that step
}

// scheduler decides what to do next. It makes no request.
type scheduler struct{ revisions }

func newScheduler(g *plan.Graph, o Options) scheduler { return scheduler{revisions{newTracker(g, o)}} }

// step advances every node as far as possible, and returns what is to be done. It sets the deadline of the next step. It makes
// no request: the same state and time give the same actions.
func (s scheduler) step(now time.Time) []action {
	s.deadline = time.Time{}
	var actions []action
	for _, n := range s.nodes {
		if o, ok := s.decide(n, now); ok {
			o.ref, o.before = n.ref, n.object
			actions = append(actions, o)
		}
	}
	if !s.stopped() {
		return actions
	}
	for _, o := range actions {
		s.byRef[o.ref].sentAt = time.Time{}
	}
	s.stop()
	return nil
}

// stop ends the run after a failure: what was not requested yet will not be.
func (s scheduler) stop() {
	var culprits []facts.Ref
	for _, n := range s.nodes {
		if n.state == Failed || n.state == NotResponding {
			culprits = append(culprits, n.ref)
		}
	}
	for _, n := range s.nodes {
		if n.state.Settled() || n.request != nil || n.retry || !n.sentAt.IsZero() || n.state == Running {
			continue
		}
		n.times.Asked = time.Time{}
		n.show(NotAttempted, "", culprits...)
		if blocking := s.blocking(n); len(blocking) > 0 {
			n.after = blocking
		}
	}
}

// decide decides about one node, after those before it.
func (s scheduler) decide(n *node, now time.Time) (action, bool) {
	if n.state.Settled() {
		return action{}, false
	}
	if blocking := s.blocking(n); len(blocking) > 0 {
		n.show(NotAttempted, "", blocking...)
		return action{}, false
	}
	if open := s.unfinished(n); len(open) > 0 {
		n.show(Waiting, "", open...)
		return action{}, false
	}
	if n.unblockedAt.IsZero() {
		n.unblockedAt = now
	}
	switch message, failed := unavailable(n.object); {
	case failed:
		n.fail(message)
		return action{}, false
	case n.object.Outcome != facts.Found:
		n.show(Waiting, message)
		return action{}, false
	}
	return s.advance(n, now)
}

// advance is decide for an object that was found and whose turn it is.
func (s scheduler) advance(n *node, now time.Time) (action, bool) {
	n.recordProgress(now)
	switch {
	case !n.sentAt.IsZero():
		s.awaitResponse(n, now)
		return action{}, false
	case n.request != nil:
		return s.checkRequest(n, now)
	case engines.All().IsStatic(n.object):
		return s.apply(n, s.judge(n), now)
	}
	return s.begin(n, now)
}

// recordProgress records what the object itself shows meanwhile.
func (n *node) recordProgress(now time.Time) {
	if r := engines.All().Revision(n.object); r != "" {
		n.revision = r
	}
	ours := n.state == Running || (n.request != nil && !n.request.busy)
	if ours && kinds.Running(n.object.Body) && engines.All().IsApplied(n.object) && n.times.Applied.IsZero() {
		n.times.Applied = now
	}
}

// unavailable returns why an object cannot be requested any more or, if that may pass, why not now.
func unavailable(o facts.Object) (message string, failed bool) {
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

// blocking are the failures because of which n cannot be requested.
func (s scheduler) blocking(n *node) []facts.Ref {
	var refs []facts.Ref
	for _, ref := range s.neededIn(n, State.blocks) {
		culprits := []facts.Ref{ref}
		if needed := s.byRef[ref]; needed.state == NotAttempted {
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

// unfinished are the needs of n that are not done yet.
func (s scheduler) unfinished(n *node) []facts.Ref {
	return s.neededIn(n, func(s State) bool { return !s.Settled() })
}

func (s scheduler) neededIn(n *node, in func(State) bool) []facts.Ref {
	var refs []facts.Ref
	for _, need := range n.needs {
		if in(s.byRef[need.Ref].state) && !slices.Contains(refs, need.Ref) {
			refs = append(refs, need.Ref)
		}
	}
	return refs
}

// responseTime is how long the API server may take for a response before that is shown.
const responseTime = 5 * time.Second

// awaitResponse shows a node whose annotation has no response yet.
func (s scheduler) awaitResponse(n *node, now time.Time) {
	if now.Sub(n.sentAt) < responseTime {
		s.setDeadline(n.sentAt.Add(responseTime))
		return
	}
	n.message = "the API server has not taken the request yet; it is repeated"
}
