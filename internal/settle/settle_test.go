package settle

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// cluster returns objects that were recorded in the lab.
type cluster struct {
	t       *testing.T
	subject facts.Subject
	changed chan struct{}
	woken   []facts.Ref
	onWake  func(facts.Ref) error

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

func (c *cluster) wake(_ context.Context, ref facts.Ref) error {
	c.woken = append(c.woken, ref)
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
		Subject: c.subject, Fresh: c, Now: time.Now, Wake: c.wake,
		Wanted: func(context.Context, *facts.Snapshot) facts.Revision { return facts.Revision{} },
	})
}

func TestHealthyEndsAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := recorded(t, "healthy")
		begin := time.Now()
		r, err := c.run(t.Context())
		if err != nil || r.Trace.Verdict != trace.VerdictHealthy || time.Since(begin) > 0 {
			t.Errorf("verdict %v after %s, %v", r.Trace.Verdict, time.Since(begin), err)
		}
		if len(r.Reached) > 0 {
			t.Errorf("reached %v, but all was well before", r.Reached)
		}
	})
}

func TestStaleIsWoken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := recorded(t, "healthy")
		heal := c.stale()
		c.onWake = func(facts.Ref) error {
			time.AfterFunc(3*time.Second, heal)
			return nil
		}
		begin := time.Now()
		r, err := c.run(t.Context())
		if err != nil || r.Trace.Verdict != trace.VerdictHealthy || time.Since(begin).Round(time.Second) != 3*time.Second {
			t.Errorf("verdict %v after %s, %v; want Healthy after 3s", r.Trace.Verdict, time.Since(begin), err)
		}
		if len(c.woken) != 1 || c.woken[0].Kind != "ReleaseBinding" {
			t.Errorf("woken: %v", c.woken)
		}
		if !slices.ContainsFunc(r.Reached, func(at Reached) bool { return at.Environment == "staging" && at.Rung == trace.RungBinding }) {
			t.Errorf("reached %v, want the binding of staging among it", r.Reached)
		}
	})
}

func TestWakingIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := recorded(t, "healthy")
		c.stale()
		begin := time.Now()
		r, err := c.run(t.Context())
		if err != nil || r.Trace.Verdict != trace.VerdictFailed || r.Trace.Failing.Code != trace.CodeStaleNotFound {
			t.Errorf("verdict %v, failing %+v, %v", r.Trace.Verdict, r.Trace.Failing, err)
		}
		if took, want := time.Since(begin), (1+2+4)*effect; took < want || took > want+time.Second {
			t.Errorf("given up after %s, want %s: each time twice as long", took, want)
		}
		if len(c.woken) != maxWakes {
			t.Errorf("woken %d times, want %d", len(c.woken), maxWakes)
		}
	})
}

func TestWhoMayNotWakeIsNotAskedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := recorded(t, "healthy")
		c.stale()
		c.onWake = func(facts.Ref) error { return errors.New("forbidden") }
		if r, err := c.run(t.Context()); err != nil || r.Trace.Verdict != trace.VerdictFailed || len(c.woken) != 1 {
			t.Errorf("verdict %v, woken %v, %v", r.Trace.Verdict, c.woken, err)
		}
	})
}

func TestWhatCannotHealFailsFast(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := recorded(t, "pod-crash-loop")
		begin := time.Now()
		r, err := c.run(t.Context())
		if err != nil || r.Trace.Verdict != trace.VerdictFailed || r.Trace.Failing.Rung != trace.RungPod {
			t.Fatalf("verdict %v, failing %+v, %v", r.Trace.Verdict, r.Trace.Failing, err)
		}
		if took := time.Since(begin); took < steady || took > steady+time.Second {
			t.Errorf("it took %s, want about %s", took, steady)
		}
	})
}

// TestTheDyingAreGivenTime checks that an object that is being deleted is not final before its finalizers had their time.
func TestTheDyingAreGivenTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := recorded(t, "component-terminating")
		begin := time.Now()
		r, err := c.run(t.Context())
		if err != nil || r.Trace.Verdict != trace.VerdictFailed || r.Trace.Failing.Code != trace.CodeTerminating {
			t.Fatalf("verdict %v, failing %+v, %v", r.Trace.Verdict, r.Trace.Failing, err)
		}
		if age := time.Since(r.Trace.Failing.Since); age < terminationTime || age > terminationTime+time.Second {
			t.Errorf("given up after %s, with the deletion %s old; want %s", time.Since(begin), age, terminationTime)
		}
	})
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := recorded(t, "deployment-progressing")
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		r, err := c.run(ctx)
		if !errors.Is(err, context.DeadlineExceeded) || r.Trace == nil || r.Trace.Verdict != trace.VerdictProgressing {
			t.Errorf("result %+v, %v; want how it stood, and that the time ran out", r, err)
		}
	})
}

// TestAWatchThatIsBehindEndsNothing covers a stale watch: the cache is healthy, but a fresh read is not.
func TestAWatchThatIsBehindEndsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		watched, fresh := recorded(t, "healthy"), recorded(t, "healthy")
		heal := fresh.stale()
		time.AfterFunc(2*time.Second, heal)
		begin := time.Now()
		r, err := Run(t.Context(), watched, Options{
			Subject: watched.subject, Fresh: fresh, Now: time.Now, Wake: watched.wake,
			Wanted: func(context.Context, *facts.Snapshot) facts.Revision { return facts.Revision{} },
		})
		if took := time.Since(begin); err != nil || r.Trace.Verdict != trace.VerdictHealthy || took < 2*time.Second {
			t.Errorf("verdict %v after %s, %v; want Healthy, and not before the fresh look says so", r.Trace.Verdict, took, err)
		}
	})
}
