package reconcile

import (
	"slices"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile/plan"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// book is everything that a step decides from: the graph, the newest objects, and what was done with them. It asks nobody.
type book struct {
	options Options
	nodes   []*node // each after all that it needs
	byRef   map[facts.Ref]*node
	outside map[facts.Ref]facts.Object // what nodes need and that is no node
	next    time.Time                  // the earliest deadline that the last step found; zero: none
}

func newBook(g *plan.Graph, o Options) *book {
	b := &book{options: o, byRef: map[facts.Ref]*node{}, outside: map[facts.Ref]facts.Object{}}
	for _, ref := range g.Nodes() {
		n := &node{ref: ref, needs: g.Needs(ref), object: facts.Object{Ref: ref}, first: facts.Object{Ref: ref}, tries: map[engine.Cause]int{}}
		b.nodes = append(b.nodes, n)
		b.byRef[ref] = n
	}
	return b
}

// watched are the objects that a step looks at, the nodes first.
func (b *book) watched() []facts.Ref {
	var refs []facts.Ref
	for _, n := range b.nodes {
		refs = append(refs, n.ref)
	}
	for _, n := range b.nodes {
		if source := engines.All().SourceOf(n.object); !source.IsZero() && b.byRef[source] == nil {
			refs = append(refs, source)
		}
	}
	return refs
}

// see takes in an answer of the cluster.
func (b *book) see(o facts.Object, now time.Time) {
	if n := b.byRef[o.Ref]; n != nil {
		n.see(o, now)
		return
	}
	if o.Outcome == facts.Found || b.outside[o.Ref].Outcome != facts.Found {
		b.outside[o.Ref] = o
	}
}

func (b *book) object(ref facts.Ref) facts.Object {
	if n := b.byRef[ref]; n != nil {
		return n.object
	}
	if o, known := b.outside[ref]; known {
		return o
	}
	return facts.Object{Ref: ref}
}

// wake makes the loop come back at t at the latest.
func (b *book) wake(t time.Time) {
	if b.next.IsZero() || t.Before(b.next) {
		b.next = t
	}
}

// broken reports whether the run is to be ended because something failed.
func (b *book) broken() bool {
	return !b.options.KeepGoing && slices.ContainsFunc(b.nodes, func(n *node) bool { return n.state == Failed || n.state == NotResponding })
}

// finished reports whether there is nothing left to wait for. After a failure, that is at once: what runs, goes on without us.
func (b *book) finished() bool {
	return b.broken() || !slices.ContainsFunc(b.nodes, func(n *node) bool { return !n.state.Settled() })
}

func (b *book) result(now time.Time) Result {
	var r Result
	for _, n := range b.nodes {
		e := n.event()
		e.Time = now
		r.Outcomes = append(r.Outcomes, Outcome{Event: e, Times: n.times})
	}
	return r
}

// changes are the events since the last call, in the order of the graph.
func (b *book) changes(now time.Time) []Event {
	var events []Event
	for _, n := range b.nodes {
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
