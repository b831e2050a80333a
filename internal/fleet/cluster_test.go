package fleet

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect"
	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/fleet/fleettest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// cluster is a fleet of copies of one recorded component. It counts the requests and is fast for large fleets.
type cluster struct {
	kinds    map[facts.Query][]facts.Object // by plane, group and kind
	byRef    map[facts.Ref]facts.Object
	taken    time.Time
	subjects []facts.Subject

	refuse func(facts.Query) facts.Outcome // applies to lists; Found means no refusal

	mu    sync.Mutex
	asked []string
}

func newCluster(tb testing.TB, scenario string, components int) *cluster {
	tb.Helper()
	s := factstest.Scenario(tb, scenario)
	c := &cluster{
		kinds: map[facts.Query][]facts.Object{}, byRef: map[facts.Ref]facts.Object{}, taken: s.TakenAt, subjects: fleettest.Subjects(s, components),
		refuse: func(facts.Query) facts.Outcome { return facts.Found },
	}
	for _, o := range fleettest.Multiply(tb, s, components) {
		key := facts.Query{Plane: o.Ref.Plane, Group: o.Ref.Group, Kind: o.Ref.Kind}
		c.kinds[key] = append(c.kinds[key], o)
		c.byRef[o.Ref] = o
	}
	return c
}

func (c *cluster) note(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked = append(c.asked, what)
}

func (c *cluster) Get(_ context.Context, ref facts.Ref) facts.Object {
	c.note("GET " + ref.String())
	if o, ok := c.byRef[ref]; ok {
		o.Body = o.Body.DeepCopy()
		return o
	}
	return facts.Object{Ref: ref, Outcome: facts.Absent, Reason: "not found"}
}

func (c *cluster) List(_ context.Context, q facts.Query) (facts.List, []facts.Object) {
	c.note(fmt.Sprintf("LIST %s %s %s%s%s names=%t", q.Kind, q.Namespace, q.Labels, q.Fields, q.Owner, q.Names))
	if outcome := c.refuse(q); outcome != facts.Found {
		return facts.List{Query: q, Outcome: outcome, Reason: "refused"}, nil
	}
	l := facts.List{Query: q, Outcome: facts.Found}
	selector, err := labels.Parse(q.Labels)
	if err != nil {
		return facts.List{Query: q, Outcome: facts.Unreachable, Reason: err.Error()}, nil
	}
	var objects []facts.Object
	for _, o := range c.kinds[facts.Query{Plane: q.Plane, Group: q.Group, Kind: q.Kind}] {
		owner := kinds.Text(o.Body, "spec", "owner", "componentName")
		if (q.Namespace != "" && q.Namespace != o.Ref.Namespace) || (q.Owner != "" && q.Owner != owner) || !selector.Matches(labels.Set(o.Body.GetLabels())) || q.Kind == "Event" {
			continue
		}
		l.Items = append(l.Items, o.Ref)
		if q.Owner == "" && !q.Names {
			objects = append(objects, facts.Object{Ref: o.Ref, Outcome: facts.Found, Body: o.Body.DeepCopy()})
		}
	}
	return l, objects
}

func (c *cluster) Log(_ context.Context, q facts.LogQuery) facts.Log {
	c.note("LOG " + q.Pod.Name)
	return facts.Log{Query: q, Outcome: facts.Found, Lines: []string{"last words"}}
}

func (c *cluster) trace(tb testing.TB, from facts.Source, subject facts.Subject) *trace.Trace {
	tb.Helper()
	s, err := collect.Run(tb.Context(), from, subject, c.taken)
	if err != nil {
		tb.Fatal(err)
	}
	return assess.Assess(s, s.TakenAt)
}

// all traces every component, several concurrently.
func (c *cluster) all(tb testing.TB, source *Source) []*trace.Trace {
	tb.Helper()
	return c.each(tb, source.For)
}

func (c *cluster) each(tb testing.TB, of func(facts.Subject) facts.Source) []*trace.Trace {
	tb.Helper()
	traces := make([]*trace.Trace, len(c.subjects))
	var group sync.WaitGroup
	limit := make(chan struct{}, 8)
	for i, subject := range c.subjects {
		group.Go(func() {
			limit <- struct{}{}
			defer func() { <-limit }()
			s, err := collect.Run(tb.Context(), of(subject), subject, c.taken)
			if err != nil {
				tb.Error(err)
				return
			}
			traces[i] = assess.Assess(s, s.TakenAt)
		})
	}
	group.Wait()
	return traces
}
