package reconcile

import (
	"fmt"
	"time"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// decision is what a verdict comes to.
type decision uint8

const (
	undecided  decision = iota // nothing that counts has been seen
	isPending                  // it is on its way
	isDone                     // it is as wanted
	isFailed                   // it will not become as wanted by waiting
	isRepeated                 // it should be asked again
)

// verdict is what an object says of the run that counts. The zero value is undecided.
type verdict struct {
	kind    decision
	state   State  // of a pending one: Waiting or Running
	message string // the controller's own words where it has any
	cause   cause  // of a repeated one
	delay   time.Duration
	most    int // how often it is repeated for this cause before it has failed; 0: until ctx ends
}

func pending(state State, message string) verdict {
	return verdict{kind: isPending, state: state, message: message}
}
func done(message string) verdict   { return verdict{kind: isDone, message: message} }
func failed(message string) verdict { return verdict{kind: isFailed, message: message} }

func repeat(why cause, delay time.Duration, most int, message string) verdict {
	return verdict{kind: isRepeated, cause: why, delay: delay, most: most, message: message}
}

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
		return b.apply(n, pending(Running, phase(n.object)), now)
	case q.busy:
		return b.apply(n, pending(Asked, "an earlier run is not over: "+phase(n.object)), now)
	}
	if n.state == Running { // its conditions are written a moment before it is acknowledged
		return b.apply(n, pending(Running, n.message), now)
	}
	return b.apply(n, pending(Asked, n.why), now)
}

// maxRestores bounds how often an annotation that was taken away is set again.
const maxRestores = 3

// restore sets the annotation again, with the same value: whoever took it away may not have kept the controller from seeing it.
func (b *book) restore(n *node, now time.Time) (order, bool) {
	if n.tries[causeRemoved] >= maxRestores {
		n.fail(fmt.Sprintf("somebody takes the annotation %s away, or sets it back, each time that it is set", n.request.key))
		return order{}, false
	}
	n.tries[causeRemoved]++
	n.sending = now
	b.wake(now.Add(patience))
	return order{key: n.request.key, value: n.request.value}, true
}

// apply turns a verdict into the state of n, and into what is to be done.
func (b *book) apply(n *node, v verdict, now time.Time) (order, bool) {
	switch v.kind {
	case isDone:
		n.artifact = artifactOf(n.object)
		n.settle(Done, v.message, now)
	case isFailed:
		n.fail(v.message)
	case isRepeated:
		b.repeat(n, v, now)
	case isPending, undecided:
		n.show(v.state, n.orDiagnosis(v.message, now))
		return b.listen(n, now)
	}
	return order{}, false
}

// repeat makes another request due. What the object says meanwhile still counts: see byItself.
func (b *book) repeat(n *node, v verdict, now time.Time) {
	if v.most > 0 && n.tries[v.cause] >= v.most {
		n.fail(v.message)
		return
	}
	n.tries[v.cause]++
	n.request, n.again, n.why = nil, true, v.message
	n.notBefore = now.Add(v.delay)
	b.wake(n.notBefore)
	n.show(Waiting, v.message)
}

// judge reads the object after a run that counts. Conditions are written before the status that acknowledges the run
// (fluxcd/pkg runtime v0.110 patch/patch.go:223), so they are at least as new; a run that has begun since makes them wait.
func (b *book) judge(n *node) verdict {
	if n.ref.Group == kinds.ArgoCD {
		return b.judgeApplication(n)
	}
	ready := kinds.ConditionOf(n.object.Body, meta.ReadyCondition)
	switch {
	case kinds.Running(n.object.Body) && b.reachedWhileRunning(n):
		return done("applied, and in the middle of another run")
	case kinds.Running(n.object.Body):
		return pending(Running, phase(n.object))
	case !ready.Present():
		return pending(Asked, "its controller has only prepared it for a first run")
	case !ready.Current(n.object.Body):
		return pending(Asked, fmt.Sprintf("its controller has not looked at generation %d yet", n.generation()))
	}
	switch n.ref.Group {
	case kinds.FluxSource, kinds.FluxExtension:
		return b.judgeSource(n)
	case kinds.FluxKustomize:
		return b.judgeKustomization(n, ready)
	case kinds.FluxHelm:
		return b.judgeHelmRelease(n, ready)
	case kinds.FluxOperator:
		return b.judgeOperatorKind(n, ready)
	}
	return failed(fmt.Sprintf("nothing is known of objects of group %q", n.ref.Group))
}

// phase is what a controller says that it is doing.
func phase(o facts.Object) string {
	if c := kinds.ConditionOf(o.Body, meta.ReconcilingCondition); c.True() && c.Message != "" {
		return c.Message + waitsFor(o)
	}
	if ready := kinds.ConditionOf(o.Body, meta.ReadyCondition); ready.Message != "" {
		return ready.Message
	}
	return "not reconciled yet"
}

// dependencyTries and dependencyPause: a dependency that is done may be found unready where it runs again at that moment. One
// that is not of the graph is looked at by the controller itself, every 30 s (--requeue-dependency).
const (
	dependencyTries = 3
	dependencyPause = time.Second
	outsideTries    = 2
	outsidePause    = 30 * time.Second
)

// judgeDependency: what n depends on was done before n was asked, so that only something passing can be in the way.
func (b *book) judgeDependency(n *node, ready kinds.Condition) verdict {
	for _, ref := range engines.All().DependsOn(n.object) {
		if b.byRef[ref] == nil {
			return repeat(causeDependency, outsidePause, outsideTries, ready.Message)
		}
	}
	return repeat(causeDependency, dependencyPause, dependencyTries, ready.Message)
}
