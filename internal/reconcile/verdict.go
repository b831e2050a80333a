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

// checkRequest checks whether the request was handled.
func (s scheduler) checkRequest(n *node, now time.Time) (action, bool) {
	q := n.request
	switch {
	case q.answered(n.object):
		if n.times.Handled.IsZero() {
			n.times.Handled = now
		}
		return s.apply(n, s.judge(n), now)
	case q.removed(n.object):
		return s.restoreAnnotation(n, now)
	case kinds.Running(n.object.Body) && !q.busy:
		return s.apply(n, engine.Is(engine.Running, phase(n.object)), now)
	case q.busy:
		return s.apply(n, engine.Is(engine.Asked, "an earlier run has not finished: "+phase(n.object)), now)
	}
	if n.state == Running { // its conditions are written a moment before it is acknowledged
		return s.apply(n, engine.Is(engine.Running, n.message), now)
	}
	return s.apply(n, engine.Is(engine.Asked, n.retryReason), now)
}

// maxRestores bounds how often an annotation that was removed is set again.
const maxRestores = 3

// restoreAnnotation sets the annotation again, with the same value: the controller may have seen it before it was removed.
func (s scheduler) restoreAnnotation(n *node, now time.Time) (action, bool) {
	if n.retries[removed] >= maxRestores {
		n.fail(fmt.Sprintf("another client removes or changes the annotation %s each time it is set", n.request.Key))
		return action{}, false
	}
	n.retries[removed]++
	n.sentAt = now
	s.setDeadline(now.Add(responseTime))
	return action{request: n.request.Request}, true
}

// apply turns a verdict into the state of n, and into an action.
func (s scheduler) apply(n *node, v engine.Verdict, now time.Time) (action, bool) {
	switch v.Decision {
	case engine.Done:
		n.artifact = artifactOf(n.object)
		n.settle(Done, v.Message, now)
	case engine.Failed:
		n.fail(v.Message)
	case engine.Repeated:
		s.repeat(n, v, now)
	case engine.Undecided, engine.Asked, engine.Waiting, engine.Running:
		n.show(pending(v.Decision), n.messageOrDiagnosis(v.Message, now))
		return s.inspectIfSilent(n, now)
	}
	return action{}, false
}

// pending is the state of an object about which nothing final was decided.
func pending(d engine.Decision) State {
	switch d {
	case engine.Asked:
		return Asked
	case engine.Waiting:
		return Waiting
	case engine.Running:
		return Running
	case engine.Undecided, engine.Done, engine.Failed, engine.Repeated:
	}
	return Unknown
}

// repeat schedules another request. What the object shows meanwhile still counts: see unrequestedRun.
func (s scheduler) repeat(n *node, v engine.Verdict, now time.Time) {
	if v.Most > 0 && n.retries[v.Cause] >= v.Most {
		n.fail(v.Message)
		return
	}
	n.retries[v.Cause]++
	n.request, n.retry, n.retryReason = nil, true, v.Message
	n.notBefore = now.Add(v.Delay)
	s.setDeadline(n.notBefore)
	n.show(Waiting, v.Message)
}

// judge judges the object after a run that counts.
func (s scheduler) judge(n *node) engine.Verdict {
	return engines.All().Judge(engine.Run{
		Object: n.object, Source: s.object(engines.All().SourceOf(n.object)), Wanted: s.wanted(n),
		HadApplied: s.hadApplied(n), HasApplied: s.hasApplied(n),
		SourceIsRun: len(n.neededFor(plan.Source)) > 0,
		DependsOnOthers: slices.ContainsFunc(engines.All().DependsOn(n.object), func(ref facts.Ref) bool {
			return s.byRef[ref] == nil
		}),
		IsDoubtful: n.request != nil && n.request.previous != "" && n.retries[engine.Foreign] == 0,
		Contains:   s.options.Revision,
	})
}

func phase(o facts.Object) string { return engines.All().Phase(o) }
