package reconcile

import (
	"slices"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile/plan"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// tracker has the graph, the newest objects, and what was requested of them. It makes no request.
type tracker struct {
	options  Options
	nodes    []*node // each after all that it needs
	byRef    map[facts.Ref]*node
	outside  map[facts.Ref]facts.Object // what nodes need and that is no node
	deadline time.Time                  // the earliest that the last step set; zero: none
}

func newTracker(g *plan.Graph, o Options) *tracker {
	t := &tracker{options: o, byRef: map[facts.Ref]*node{}, outside: map[facts.Ref]facts.Object{}}
	for _, ref := range g.Nodes() {
		n := &node{ref: ref, needs: g.Needs(ref), object: facts.Object{Ref: ref}, first: facts.Object{Ref: ref}, retries: map[engine.Cause]int{}}
		t.nodes = append(t.nodes, n)
		t.byRef[ref] = n
	}
	return t
}

// watched are the objects that a step reads, the nodes first.
func (t *tracker) watched() []facts.Ref {
	var refs []facts.Ref
	for _, n := range t.nodes {
		refs = append(refs, n.ref)
	}
	for _, n := range t.nodes {
		if source := engines.All().SourceOf(n.object); !source.IsZero() && t.byRef[source] == nil {
			refs = append(refs, source)
		}
	}
	return refs
}

// observe records an object as the cluster has it.
func (t *tracker) observe(o facts.Object, now time.Time) {
	if n := t.byRef[o.Ref]; n != nil {
		n.observe(o, now)
		return
	}
	if o.Outcome == facts.Found || t.outside[o.Ref].Outcome != facts.Found {
		t.outside[o.Ref] = o
	}
}

func (t *tracker) object(ref facts.Ref) facts.Object {
	if n := t.byRef[ref]; n != nil {
		return n.object
	}
	if o, known := t.outside[ref]; known {
		return o
	}
	return facts.Object{Ref: ref}
}

// setDeadline makes the loop run the next step at the given time at the latest.
func (t *tracker) setDeadline(at time.Time) {
	if t.deadline.IsZero() || at.Before(t.deadline) {
		t.deadline = at
	}
}

// stopped reports whether the run ends because something failed.
func (t *tracker) stopped() bool {
	return !t.options.KeepGoing && slices.ContainsFunc(t.nodes, func(n *node) bool { return n.state == Failed || n.state == NotResponding })
}

// finished reports whether there is nothing left to wait for. After a failure, that is at once: what the cluster has started
// continues.
func (t *tracker) finished() bool {
	return t.stopped() || !slices.ContainsFunc(t.nodes, func(n *node) bool { return !n.state.Settled() })
}

func (t *tracker) result(now time.Time) Result {
	var r Result
	for _, n := range t.nodes {
		e := n.event()
		e.Time = now
		r.Outcomes = append(r.Outcomes, Outcome{Event: e, Times: n.times})
	}
	return r
}

// changes are the events since the last call, in the order of the graph.
func (t *tracker) changes(now time.Time) []Event {
	var events []Event
	for _, n := range t.nodes {
		e := n.event()
		last := n.reported
		if e.State == last.State && e.Message == last.Message && e.Revision == last.Revision && slices.Equal(e.After, last.After) {
			continue
		}
		n.reported = e
		e.Time = now
		events = append(events, e)
	}
	return events
}
