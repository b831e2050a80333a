package collect

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect/request"
	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// cluster returns objects that were recorded in the lab, and counts the requests.
type cluster struct {
	objects []facts.Object
	refuse  func(kind string) facts.Outcome // NotAsked: no refusal

	mu    sync.Mutex
	asked []string
}

// recorded returns the cluster that a scenario was recorded from, as far as the scenario contains it.
func recorded(t *testing.T, scenario string) (*cluster, facts.Subject) {
	t.Helper()
	s := factstest.Scenario(t, scenario)
	return &cluster{objects: s.Objects(), refuse: func(string) facts.Outcome { return facts.NotAsked }},
		facts.Subject{Namespace: s.Subject.Namespace, Component: s.Subject.Component}
}

func (c *cluster) note(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked = append(c.asked, what)
}

func (c *cluster) Get(_ context.Context, ref facts.Ref) facts.Object {
	c.note("GET " + ref.String())
	if o := c.refuse(ref.Kind); o != facts.NotAsked {
		return facts.Object{Ref: ref, Outcome: o, Reason: "refused"}
	}
	for _, o := range c.objects {
		if o.Ref == ref && o.Outcome == facts.Found {
			return facts.Object{Ref: ref, Outcome: facts.Found, Body: o.Body.DeepCopy()}
		}
	}
	return facts.Object{Ref: ref, Outcome: facts.Absent}
}

func (c *cluster) List(_ context.Context, q facts.Query) (facts.List, []facts.Object) {
	few := ""
	if q.Limit > 0 {
		few = "few"
	}
	c.note("LIST " + q.Kind + " " + q.Labels + q.Fields + q.Owner + few)
	l := facts.List{Query: q, Outcome: facts.Found}
	if o := c.refuse(q.Kind); o != facts.NotAsked {
		return facts.List{Query: q, Outcome: o, Reason: "refused"}, nil
	}
	selector, err := labels.Parse(q.Labels)
	if err != nil {
		return facts.List{Query: q, Outcome: facts.Unreachable, Reason: err.Error()}, nil
	}
	var bodies []facts.Object
	for _, o := range c.objects {
		if o.Outcome != facts.Found || !within(q, o) || !selector.Matches(labels.Set(o.Body.GetLabels())) {
			continue
		}
		l.Items = append(l.Items, o.Ref)
		if q.Owner == "" && !q.Names {
			bodies = append(bodies, facts.Object{Ref: o.Ref, Outcome: facts.Found, Body: o.Body.DeepCopy()})
		}
	}
	if q.Limit > 0 && len(l.Items) > q.Limit {
		return facts.List{Query: q, Outcome: facts.Found, Truncated: true}, nil
	}
	return l, bodies
}

// Search behaves as in a Source that does not cache its objects.
func (c *cluster) Search(_ context.Context, q facts.Query, keep func(facts.Encoded) (facts.Object, bool)) (facts.List, []facts.Object) {
	c.note("SEARCH " + q.Kind)
	l := facts.List{Query: q, Outcome: facts.Found}
	if o := c.refuse(q.Kind); o != facts.NotAsked {
		return facts.List{Query: q, Outcome: o, Reason: "refused"}, nil
	}
	var kept []facts.Object
	for _, o := range c.objects {
		if o.Outcome != facts.Found || !within(q, o) {
			continue
		}
		text, err := o.Body.MarshalJSON()
		if err != nil {
			return facts.List{Query: q, Outcome: facts.Unreachable, Reason: err.Error()}, nil
		}
		if o, wanted := keep(facts.Encode(o.Ref, "", string(text))); wanted {
			l.Items = append(l.Items, o.Ref)
			kept = append(kept, o)
		}
	}
	return l, kept
}

func within(q facts.Query, o facts.Object) bool {
	return o.Ref.Plane == q.Plane && o.Ref.Group == q.Group && o.Ref.Kind == q.Kind &&
		(q.Namespace == "" || q.Namespace == o.Ref.Namespace) &&
		(q.Owner == "" || kinds.Text(o.Body, "spec", "owner", ownerField(q.Kind)) == q.Owner) &&
		(!strings.HasPrefix(q.Fields, "metadata.name=") || q.Fields == "metadata.name="+o.Ref.Name)
}

func ownerField(kind string) string {
	if kind == "ProjectReleaseBinding" {
		return "projectName"
	}
	return "componentName"
}

func (c *cluster) Log(_ context.Context, q facts.LogQuery) facts.Log {
	c.note("LOG " + q.Pod.Name)
	return facts.Log{Query: q, Outcome: facts.Found, Lines: []string{"last words"}}
}

func (c *cluster) count(prefix string) int {
	return len(slices.DeleteFunc(slices.Clone(c.asked), func(s string) bool { return !strings.HasPrefix(s, prefix) }))
}

func takenAt() time.Time { return time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC) }

func collect(t *testing.T, c facts.Source, subject facts.Subject) *facts.Snapshot {
	t.Helper()
	s, err := Run(t.Context(), c, subject, takenAt())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// waves counts how often next returned requests.
func waves(t *testing.T, c *cluster, subject facts.Subject) int {
	t.Helper()
	s := facts.New(subject, takenAt())
	for n := range 20 {
		open := pendingRequests(s)
		if len(open) == 0 {
			return n
		}
		if err := request.Send(t.Context(), c, s, open, deliveryOf(s).listFilter()); err != nil {
			t.Fatal(err)
		}
		trim(s)
	}
	t.Fatal("there is no end of questions")
	return 0
}
