package collect

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect/request"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts/snapshotfile"
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
	c.note("LIST " + q.Kind + " " + q.Labels + q.Fields + q.Owner)
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

func TestBudgetOfTheHealthyPath(t *testing.T) {
	t.Parallel()
	for _, environments := range [][]string{{"development"}, {"development", "staging"}} {
		c, subject := recorded(t, "healthy")
		subject.Environments = environments
		collect(t, c, subject)
		// Both environments pin one release, which is requested once; with two releases a further environment costs five.
		if want := 15 + 4*len(environments); len(c.asked) != want {
			slices.Sort(c.asked)
			t.Errorf("%v: %d requests, want %d\n%s", environments, len(c.asked), want, strings.Join(c.asked, "\n"))
		}
		c, _ = recorded(t, "healthy")
		if got := waves(t, c, subject); got != 3 {
			t.Errorf("%v: %d waves, want 3", environments, got)
		}
		if n := c.count("LIST Event") + c.count("LOG"); n > 0 {
			t.Errorf("%v: the healthy path asked %d times for events and logs", environments, n)
		}
	}
}

func TestNothingIsAskedTwice(t *testing.T) {
	t.Parallel()
	for _, scenario := range []string{"healthy", "pod-crash-loop", "component-deleted", "source-cannot-fetch"} {
		c, subject := recorded(t, scenario)
		collect(t, c, subject)
		slices.Sort(c.asked)
		if unique := slices.Compact(slices.Clone(c.asked)); len(unique) != len(c.asked) {
			t.Errorf("%s: %d questions, %d different\n%s", scenario, len(c.asked), len(unique), strings.Join(c.asked, "\n"))
		}
	}
}

func TestTheSameClusterGivesTheSameSnapshot(t *testing.T) {
	t.Parallel()
	var first string
	for range 5 {
		c, subject := recorded(t, "pod-crash-loop")
		var out strings.Builder
		if err := snapshotfile.Write(&out, collect(t, c, subject), snapshotfile.WriteOptions{Logs: true}); err != nil {
			t.Fatal(err)
		}
		if first == "" {
			first = out.String()
		}
		if diff := cmp.Diff(first, out.String()); diff != "" {
			t.Fatalf("(-first +later)\n%s", diff)
		}
	}
}

func TestTroubleAsksForEventsAndLastWords(t *testing.T) {
	t.Parallel()
	c, subject := recorded(t, "pod-crash-loop")
	subject.Environments = []string{"development"}
	collect(t, c, subject)
	if c.count("LIST Event type=Warning") != 1 || c.count("LIST ReplicaSet") != 1 || c.count("LOG") != 1 {
		t.Errorf("asked %v", c.asked)
	}
}

// TestNodeIsAskedForWhereAPodCannotExplainItself expects a request for the Node in that case only, because few users may read
// Nodes.
func TestNodeIsAskedForWhereAPodCannotExplainItself(t *testing.T) {
	t.Parallel()
	condition := func(name, status string) any {
		return map[string]any{"type": name, "status": status, "lastTransitionTime": "2026-11-21T03:00:00Z"}
	}
	set := func(value any, path ...string) func(pod map[string]any) error {
		return func(pod map[string]any) error { return unstructured.SetNestedField(pod, value, path...) }
	}
	conditions := func(all ...any) func(pod map[string]any) error { return set(all, "status", "conditions") }
	ready := []any{condition("Ready", "True"), condition("ContainersReady", "True")}
	for name, c := range map[string]struct {
		change func(pod map[string]any) error
		want   int
	}{
		"Ready":              {conditions(ready...), 0},
		"ContainersNotReady": {conditions(condition("Ready", "False"), condition("ContainersReady", "False")), 0},
		"ReadyWasTaken":      {conditions(condition("Ready", "False"), condition("ContainersReady", "True")), 1},
		"StaysTerminating":   {set("2026-11-21T03:00:00Z", "metadata", "deletionTimestamp"), 1},
		"Terminates":         {set("2026-11-21T05:00:00Z", "metadata", "deletionTimestamp"), 0},
		"TerminatesAndReadyWasTaken": {func(pod map[string]any) error {
			return errors.Join(set("2026-11-21T05:00:00Z", "metadata", "deletionTimestamp")(pod), conditions(condition("Ready", "False"), condition("ContainersReady", "True"))(pod))
		}, 1},
		"NodeLost":          {set("Unknown", "status", "phase"), 1},
		"Evicted":           {set(map[string]any{"phase": "Failed", "reason": "Evicted"}, "status"), 1},
		"Failed":            {set(map[string]any{"phase": "Failed"}, "status"), 0},
		"KubeletNeverBegan": {set(map[string]any{"phase": "Pending", "conditions": []any{condition("PodScheduled", "True")}}, "status"), 1},
		"NotScheduled":      {set(map[string]any{"phase": "Pending", "conditions": []any{condition("PodScheduled", "False")}}, "status"), 0},
		"WaitsForItsOwnGates": {func(pod map[string]any) error {
			return errors.Join(conditions(condition("Ready", "False"), condition("ContainersReady", "True"))(pod),
				set([]any{map[string]any{"conditionType": "example.com/gate"}}, "spec", "readinessGates")(pod))
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cluster, subject := recorded(t, "healthy")
			subject.Environments = []string{"development"}
			for _, o := range cluster.objects {
				if o.Ref.Kind != "Pod" {
					continue
				}
				if err := c.change(o.Body.Object); err != nil {
					t.Fatal(err)
				}
			}
			collect(t, cluster, subject)
			if got := cluster.count("GET Node "); got != c.want {
				t.Errorf("Nodes were asked for %d times, want %d", got, c.want)
			}
		})
	}
}

// TestWhetherThePlaneHasAnythingElse expects two more requests if no object of the component and its cells is left.
func TestWhetherThePlaneHasAnythingElse(t *testing.T) {
	t.Parallel()
	cluster, subject := recorded(t, "healthy")
	subject.Environments = []string{"development"}
	cluster.objects = slices.DeleteFunc(cluster.objects, func(o facts.Object) bool { return o.Ref.Plane != facts.Control })
	collect(t, cluster, subject)
	if got := cluster.count("LIST Deployment " + kinds.LabelEnvironmentUID + "="); got != 1 {
		t.Errorf("asked %d times", got)
	}
	if got := cluster.count("GET Deployment openchoreo-data-plane/cluster-agent-dataplane"); got != 1 {
		t.Errorf("asked for the agent %d times", got)
	}
}

func TestAbsentComponentAsksForNames(t *testing.T) {
	t.Parallel()
	c, subject := recorded(t, "healthy")
	subject.Component = "greter-service"
	s := collect(t, c, subject)
	near := s.List(facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: subject.Namespace, Names: true})
	if near.Outcome != facts.Found || len(near.Items) != 1 || near.Items[0].Name != "greeter-service" {
		t.Errorf("%+v", near)
	}
}

// TestRefusalsAreFacts expects that collect ends whatever is refused, and that the Snapshot records each refusal.
func TestRefusalsAreFacts(t *testing.T) {
	t.Parallel()
	for _, outcome := range []facts.Outcome{facts.Forbidden, facts.Unreachable, facts.NoKind} {
		for _, refused := range []string{"", "Kustomization", "ReleaseBinding", "Pod", "Environment", "RenderedRelease", "GitRepository"} {
			c, subject := recorded(t, "healthy")
			c.refuse = func(kind string) facts.Outcome {
				if refused == "" || kind == refused {
					return outcome
				}
				return facts.NotAsked
			}
			s := collect(t, c, subject)
			if len(c.asked) > 40 {
				t.Errorf("%s %q: %d requests", outcome, refused, len(c.asked))
			}
			for _, l := range s.Lists() {
				if (refused == "" || l.Query.Kind == refused) && l.Outcome != outcome {
					t.Errorf("%s %q: the list of %s is %s", outcome, refused, l.Query.Kind, l.Outcome)
				}
			}
		}
	}
}

func TestKustomizationsAreReadByNameWhereTheyMayNotBeListed(t *testing.T) {
	t.Parallel()
	c, subject := recorded(t, "healthy")
	s := collect(t, &listless{c}, subject)
	if got := len(s.Of(facts.Control, kinds.FluxKustomize, "Kustomization")); got != 4 {
		t.Errorf("%d Kustomizations, want the one that applies and the three it depends on", got)
	}
	if got := len(s.Of(facts.Control, kinds.FluxSource, "GitRepository")); got != 1 {
		t.Errorf("%d sources, want 1", got)
	}
}

// listless refuses to list Kustomizations, but returns each by name, as for a user with rights in one namespace.
type listless struct{ *cluster }

func (c *listless) List(ctx context.Context, q facts.Query) (facts.List, []facts.Object) {
	if q.Kind == "Kustomization" {
		c.note("LIST Kustomization")
		return facts.List{Query: q, Outcome: facts.Forbidden, Reason: "no"}, nil
	}
	return c.cluster.List(ctx, q)
}

func TestDependsOnCycleEnds(t *testing.T) {
	t.Parallel()
	c, subject := recorded(t, "healthy")
	for _, o := range c.objects {
		if o.Ref.Kind == "Kustomization" && strings.HasSuffix(o.Ref.Name, "-namespaces") {
			dependsOn := []any{map[string]any{"name": strings.Replace(o.Ref.Name, "-namespaces", "-projects", 1)}}
			if err := unstructured.SetNestedSlice(o.Body.Object, dependsOn, "spec", "dependsOn"); err != nil {
				t.Fatal(err)
			}
		}
	}
	collect(t, c, subject)
	if got := waves(t, c, subject); got > 4 {
		t.Errorf("%d waves", got)
	}
}

func TestInventoryIsTrimmed(t *testing.T) {
	t.Parallel()
	c, subject := recorded(t, "healthy")
	const strangers = 16_000
	for _, o := range c.objects {
		if !strings.HasSuffix(o.Ref.Name, "-projects") || o.Ref.Kind != "Kustomization" {
			continue
		}
		entries, _, _ := unstructured.NestedSlice(o.Body.Object, "status", "inventory", "entries")
		for i := range strangers {
			entries = append(entries, map[string]any{"id": "other_c" + strings.Repeat("x", i%9) + "_openchoreo.dev_Component", "v": "v1alpha1"})
		}
		if err := unstructured.SetNestedSlice(o.Body.Object, entries, "status", "inventory", "entries"); err != nil {
			t.Fatal(err)
		}
		o.Body.SetAnnotations(nil)
	}
	s := collect(t, c, subject)
	for _, ks := range s.Of(facts.Control, kinds.FluxKustomize, "Kustomization") {
		if n := len(engines.All().Inventory(ks)); n > 20 {
			t.Errorf("%s keeps %d entries", ks.Ref.Name, n)
		}
	}
}

func TestRunRefusesWhatItCannotDo(t *testing.T) {
	t.Parallel()
	c, subject := recorded(t, "healthy")
	if _, err := Run(t.Context(), c, facts.Subject{Component: "x"}, takenAt()); err == nil {
		t.Error("a subject without a namespace was accepted")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Run(ctx, c, subject, takenAt()); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the cancellation", err)
	}
}
