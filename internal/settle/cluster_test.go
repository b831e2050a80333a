package settle

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// cluster returns objects that were recorded in the lab.
type cluster struct {
	t           *testing.T
	subject     facts.Subject
	changed     chan struct{}
	retriggered []facts.Ref
	onWake      func(facts.Ref) error

	mu      sync.Mutex
	objects []facts.Object
}

func (c *cluster) now() []facts.Object {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.objects)
}

// recorded returns the cluster of a recorded scenario and sets the bubble's clock to the time of the recording.
func recorded(t *testing.T, scenario string) *cluster {
	t.Helper()
	s := factstest.Scenario(t, scenario)
	time.Sleep(time.Until(s.TakenAt))
	return &cluster{t: t, subject: s.Subject, objects: s.Objects(), changed: make(chan struct{}, 1), onWake: func(facts.Ref) error { return nil }}
}

func (c *cluster) Changed() <-chan struct{} { return c.changed }

func (c *cluster) Get(_ context.Context, ref facts.Ref) facts.Object {
	for _, o := range c.now() {
		if o.Ref == ref && o.Outcome == facts.Found {
			return facts.Object{Ref: ref, Outcome: facts.Found, Body: o.Body.DeepCopy()}
		}
	}
	return facts.Object{Ref: ref, Outcome: facts.Absent}
}

func (c *cluster) List(_ context.Context, q facts.Query) (facts.List, []facts.Object) {
	l := facts.List{Query: q, Outcome: facts.Found}
	var found []facts.Object
	selector, _ := labels.Parse(q.Labels)
	for _, o := range c.now() {
		if o.Outcome != facts.Found || o.Ref.Kind != q.Kind || o.Ref.Plane != q.Plane || (q.Namespace != "" && o.Ref.Namespace != q.Namespace) || !selector.Matches(labels.Set(o.Body.GetLabels())) {
			continue
		}
		owner, _, _ := unstructured.NestedString(o.Body.Object, "spec", "owner", "componentName")
		if q.Fields != "" || (q.Owner != "" && q.Owner != owner) {
			continue
		}
		l.Items = append(l.Items, o.Ref)
		if q.Owner == "" && !q.Names {
			found = append(found, facts.Object{Ref: o.Ref, Outcome: facts.Found, Body: o.Body.DeepCopy()})
		}
	}
	return l, found
}

func (c *cluster) Log(_ context.Context, q facts.LogQuery) facts.Log {
	return facts.Log{Query: q, Outcome: facts.Absent}
}

func (c *cluster) retrigger(_ context.Context, ref facts.Ref) error {
	c.retriggered = append(c.retriggered, ref)
	return c.onWake(ref)
}

// stale makes the binding report, since an hour, that its release is not found. It returns a function that restores the binding.
func (c *cluster) stale() (heal func()) {
	c.t.Helper()
	for i, o := range c.objects {
		if o.Ref.Kind != "ReleaseBinding" || !strings.HasSuffix(o.Ref.Name, "-staging") {
			continue
		}
		body := o.Body.DeepCopy()
		conditions, _, _ := unstructured.NestedSlice(body.Object, "status", "conditions")
		for _, item := range conditions {
			if one := item.(map[string]any); one["type"] == "ReleaseSynced" || one["type"] == "Ready" {
				one["status"], one["reason"] = "False", "ComponentReleaseNotFound"
				one["message"] = "ComponentRelease \"x\" not found"
				one["lastTransitionTime"] = time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
			}
		}
		if err := unstructured.SetNestedSlice(body.Object, conditions, "status", "conditions"); err != nil {
			c.t.Fatal(err)
		}
		c.objects[i].Body = body
		return func() {
			c.mu.Lock()
			c.objects[i].Body = o.Body
			c.mu.Unlock()
			c.changed <- struct{}{}
		}
	}
	c.t.Fatal("there is no binding for staging")
	return nil
}

func (c *cluster) run(ctx context.Context) (*Result, error) {
	return Run(ctx, c, Options{
		Subject: c.subject, Fresh: c, Now: time.Now, Retrigger: c.retrigger,
		Wanted: func(context.Context, *facts.Snapshot) facts.Revision { return facts.Revision{} },
	})
}
