package reconcile

import (
	"slices"
	"strings"
	"time"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile/plan"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// graceTime is how long a controller may take to begin by itself with a revision that its source has just got: the event of a
// new artifact enqueues every consumer at once (kustomize-controller v1.9.3 kustomization_indexers.go). Asking at once would
// cost a second run.
const graceTime = 1500 * time.Millisecond

// begin decides whether n must be asked at all, and when.
func (b *book) begin(n *node, now time.Time) (order, bool) {
	if b.isCurrent(n) {
		n.artifact = artifactOf(n.object)
		n.settle(Current, "", now)
		return order{}, false
	}
	if v := b.byItself(n, now); v.Decision != engine.Undecided {
		return b.apply(n, v, now)
	}
	if now.Before(n.notBefore) {
		b.wake(n.notBefore)
		return order{}, false
	}
	if running := b.runningAgain(n); len(running) > 0 && now.Sub(n.due()) < quietTime {
		b.wake(n.due().Add(quietTime))
		n.show(Waiting, "it would find what it depends on unready", running...)
		return order{}, false
	}
	return b.ask(n, now)
}

func (b *book) ask(n *node, now time.Time) (order, bool) {
	if n.times.Asked.IsZero() {
		n.times.Asked = now
	}
	n.sending = now
	n.show(Asked, n.why)
	b.wake(now.Add(patience))
	return order{request: engines.All().Request(n.ref, newToken(now))}, true
}

// isCurrent reports whether an applier was as wanted before this run, and is still, and nothing before it in this run can have
// changed it.
func (b *book) isCurrent(n *node) bool {
	return !b.options.Full && !n.again && !engines.All().Properties(n.ref).Fetches && b.untouched(n) && b.hadApplied(n) && b.succeeded(n)
}

// succeeded is the proof of success that an object gives without a token: Ready for its newest generation, with what its
// source has, and no run under way.
func (b *book) succeeded(n *node) bool {
	return kinds.ConditionOf(n.object.Body, meta.ReadyCondition).True() && kinds.Observed(n.object.Body) &&
		!kinds.ConditionOf(n.object.Body, meta.ReconcilingCondition).True() && b.hasApplied(n)
}

// untouched reports whether no parent ran: one that did may have changed n so lately that this was not seen yet.
func (b *book) untouched(n *node) bool {
	return !slices.ContainsFunc(n.neededFor(plan.Parent), func(ref facts.Ref) bool { return b.byRef[ref].state == Done })
}

// byItself looks whether the controller of n has begun with the wanted revision without being asked. Nothing is decided where
// it has not, or where such a run proves nothing.
func (b *book) byItself(n *node, now time.Time) engine.Verdict {
	if engines.All().Properties(n.ref).Fetches || !b.untouched(n) || !b.inOrder(n) || !b.moves(n) {
		return engine.Verdict{}
	}
	attempts := b.attempts(n)
	ready := kinds.ConditionOf(n.object.Body, meta.ReadyCondition)
	switch {
	case b.succeeded(n):
		return engine.Is(engine.Done, ready.Message)
	case attempts && !ready.False(): // also where Ready is True already, and the rest of the status is still to come
		return engine.Is(engine.Running, phase(n.object))
	case n.again:
		return engine.Verdict{} // what it has failed with is what it is asked again for
	case ready.False() && attempts:
		return b.judge(n)
	case b.awake(n) && now.Before(n.turn.Add(graceTime)):
		b.wake(n.turn.Add(graceTime))
		return engine.Is(engine.Waiting, "its controller is about to begin by itself")
	}
	return engine.Verdict{}
}

// attempts reports whether n's controller works on the wanted revision, or has. It writes the field only once it has fetched the
// artifact, but names the revision before (kustomize-controller v1.9.3 kustomization_controller.go:331).
func (b *book) attempts(n *node) bool {
	attempted, _ := b.has(n, n.object)
	return attempted || (kinds.Running(n.object.Body) && slices.ContainsFunc(b.wanted(n), func(revision string) bool {
		return strings.Contains(phase(n.object), " "+revision+" ")
	}))
}

// moves reports whether n had not reached the wanted revision when the run began, so that reaching it is news. With
// Options.Full, it must not even have begun.
func (b *book) moves(n *node) bool {
	if !b.hasWanted(n) {
		return false
	}
	attempted, applied := b.has(n, n.first)
	if kinds.Running(n.first.Body) && !b.options.Full {
		return !applied
	}
	return !attempted
}

// inOrder reports whether a run that n's controller began by itself is sure to have begun after what n depends on was done:
// either nothing there has changed, or it is of the same source, which the controller itself compares
// (kustomize-controller v1.9.3 kustomization_controller.go, checkDependencies).
func (b *book) inOrder(n *node) bool {
	return !slices.ContainsFunc(n.neededFor(plan.Dependency), func(ref facts.Ref) bool {
		other := b.byRef[ref]
		return other.state != Current && (!engines.All().Properties(n.ref).ComparesDependencies || engines.All().SourceOf(other.object) != engines.All().SourceOf(n.object))
	})
}

// awake reports whether n's controller need not have found a dependency unready when the event came: then it sleeps.
func (b *book) awake(n *node) bool {
	return !slices.ContainsFunc(n.neededFor(plan.Dependency), func(ref facts.Ref) bool { return b.byRef[ref].state != Current })
}

// runningAgain are the dependencies that are done but in the middle of another run: whoever is asked now finds them unready
// and sleeps. That is not waited for long: where another client makes it run all the time, there is no better moment.
func (b *book) runningAgain(n *node) []facts.Ref {
	return slices.DeleteFunc(n.neededFor(plan.Dependency), func(ref facts.Ref) bool { return !kinds.Running(b.byRef[ref].object.Body) })
}
