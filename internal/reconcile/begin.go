package reconcile

import (
	"time"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// triggerTime is how long a controller may take to start with a revision that its source has just got: the event of a new
// artifact enqueues every consumer at once (kustomize-controller v1.9.3 kustomization_indexers.go). A request at that moment
// would cost a second run.
const triggerTime = 1500 * time.Millisecond

// begin decides whether n needs a request, and when.
func (s scheduler) begin(n *node, now time.Time) (action, bool) {
	if s.isCurrent(n) {
		n.artifact = artifactOf(n.object)
		n.settle(Current, "", now)
		return action{}, false
	}
	if v := s.unrequestedRun(n, now); v.Decision != engine.Undecided {
		return s.apply(n, v, now)
	}
	if now.Before(n.notBefore) {
		s.setDeadline(n.notBefore)
		return action{}, false
	}
	if running := s.runningDependencies(n); len(running) > 0 && now.Sub(n.requestableAt()) < silenceLimit {
		s.setDeadline(n.requestableAt().Add(silenceLimit))
		n.show(Waiting, "it would find what it depends on unready", running...)
		return action{}, false
	}
	return s.sendRequest(n, now)
}

func (s scheduler) sendRequest(n *node, now time.Time) (action, bool) {
	if n.times.Asked.IsZero() {
		n.times.Asked = now
	}
	n.sentAt = now
	n.show(Asked, n.retryReason)
	s.setDeadline(now.Add(responseTime))
	return action{request: engines.All().Request(n.ref, newToken(now))}, true
}

// unrequestedRun checks whether the controller of n has started with the wanted revision without a request. Nothing is decided
// if it has not, or if such a run proves nothing.
func (s scheduler) unrequestedRun(n *node, now time.Time) engine.Verdict {
	if engines.All().Properties(n.ref).Fetches || !s.parentsUnchanged(n) || !s.runsAfterDependencies(n) || !s.isBehind(n) {
		return engine.Verdict{}
	}
	attempts := s.hasAttempted(n)
	ready := kinds.ConditionOf(n.object.Body, meta.ReadyCondition)
	switch {
	case s.succeeded(n):
		return engine.Is(engine.Done, ready.Message)
	case attempts && !ready.False(): // also where Ready is True already, and the rest of the status is still to come
		return engine.Is(engine.Running, phase(n.object))
	case n.retry:
		return engine.Verdict{} // it was requested again because of this failure
	case ready.False() && attempts:
		return s.judge(n)
	case s.isNotBackingOff(n) && now.Before(n.unblockedAt.Add(triggerTime)):
		s.setDeadline(n.unblockedAt.Add(triggerTime))
		return engine.Is(engine.Waiting, "its controller is about to start a run")
	}
	return engine.Verdict{}
}
