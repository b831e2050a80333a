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

// follow looks for the answer to the request.
func (b *book) follow(n *node, now time.Time) (order, bool) {
	q := n.request
	switch {
	case q.answered(n.object):
		if n.times.Handled.IsZero() {
			n.times.Handled = now
		}
		return b.apply(n, b.judge(n), now)
	case q.removed(n.object):
		return b.restore(n, now)
	case kinds.Running(n.object.Body) && !q.busy:
		return b.apply(n, engine.Is(engine.Running, phase(n.object)), now)
	case q.busy:
		return b.apply(n, engine.Is(engine.Asked, "an earlier run is not over: "+phase(n.object)), now)
	}
	if n.state == Running { // its conditions are written a moment before it is acknowledged
		return b.apply(n, engine.Is(engine.Running, n.message), now)
	}
	return b.apply(n, engine.Is(engine.Asked, n.why), now)
}

// maxRestores bounds how often an annotation that was taken away is set again.
const maxRestores = 3

// restore sets the annotation again, with the same value: whoever took it away may not have kept the controller from seeing it.
func (b *book) restore(n *node, now time.Time) (order, bool) {
	if n.tries[removed] >= maxRestores {
		n.fail(fmt.Sprintf("somebody takes the annotation %s away, or sets it back, each time that it is set", n.request.Key))
		return order{}, false
	}
	n.tries[removed]++
	n.sending = now
	b.wake(now.Add(patience))
	return order{request: n.request.Request}, true
}

// apply turns a verdict into the state of n, and into what is to be done.
func (b *book) apply(n *node, v engine.Verdict, now time.Time) (order, bool) {
	switch v.Decision {
	case engine.Done:
		n.artifact = artifactOf(n.object)
		n.settle(Done, v.Message, now)
	case engine.Failed:
		n.fail(v.Message)
	case engine.Repeated:
		b.repeat(n, v, now)
	case engine.Undecided, engine.Asked, engine.Waiting, engine.Running:
		n.show(pending(v.Decision), n.orDiagnosis(v.Message, now))
		return b.listen(n, now)
	}
	return order{}, false
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

// repeat makes another request due. What the object says meanwhile still counts: see byItself.
func (b *book) repeat(n *node, v engine.Verdict, now time.Time) {
	if v.Most > 0 && n.tries[v.Cause] >= v.Most {
		n.fail(v.Message)
		return
	}
	n.tries[v.Cause]++
	n.request, n.again, n.why = nil, true, v.Message
	n.notBefore = now.Add(v.Delay)
	b.wake(n.notBefore)
	n.show(Waiting, v.Message)
}

// judge reads the object after a run that counts.
func (b *book) judge(n *node) engine.Verdict {
	return engines.All().Judge(engine.Run{
		Object: n.object, Source: b.object(engines.All().SourceOf(n.object)), Wanted: b.wanted(n),
		HadApplied: b.hadApplied(n), HasApplied: b.hasApplied(n),
		SourceIsRun: len(n.neededFor(plan.Source)) > 0,
		DependsOnOthers: slices.ContainsFunc(engines.All().DependsOn(n.object), func(ref facts.Ref) bool {
			return b.byRef[ref] == nil
		}),
		IsDoubtful: n.request != nil && n.request.stood != "" && n.tries[engine.Foreign] == 0,
		Contains:   b.options.Revision,
	})
}

func phase(o facts.Object) string { return engines.All().Phase(o) }
