package reconcile

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile/plan"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// chain is the lab's: a source, and four Kustomizations after each other.
func chain(t *testing.T) *world {
	t.Helper()
	return newWorld(
		gitRepository(t, "git", oldRevision), kustomization(t, "a", oldRevision), kustomization(t, "b", oldRevision, "a"),
		kustomization(t, "c", oldRevision, "b"), kustomization(t, "d", oldRevision, "c"),
	)
}

func check(t *testing.T, r Result, want string) {
	t.Helper()
	if diff := cmp.Diff(want, states(r)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestNothingToDo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := chain(t)
		check(t, w.run(t, Options{}, ks("d")), "git Done\na Current\nb Current\nc Current\nd Current")
		if got := w.asked(); got != "git" {
			t.Errorf("asked %s", got)
		}
	})
}

func TestFullAsksWhatIsCurrent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := chain(t)
		check(t, w.run(t, Options{Full: true}, ks("d")), "git Done\na Done\nb Done\nc Done\nd Done")
		if got := w.asked(); got != "git a b c d" {
			t.Errorf("asked %s", got)
		}
	})
}

// TestANewRevisionInOrder: the first Kustomization begins by itself with what the source has fetched and is not asked; the
// others sleep, because they have found their dependency unready, and are asked when it is done.
func TestANewRevisionInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := chain(t).pushed(newRevision)
		begin := clock()
		r := w.run(t, Options{}, ks("d"))
		check(t, r, "git Done\na Done\nb Done\nc Done\nd Done")
		if got := w.asked(); got != "git b c d" {
			t.Errorf("asked %s", got)
		}
		for _, o := range r.Outcomes {
			if o.Revision != newRevision {
				t.Errorf("%s is at %s", o.Ref, o.Revision)
			}
		}
		if took := clock().Sub(begin); took > 3*time.Second {
			t.Errorf("it took %s", took)
		}
		if h := w.hosts[ks("a")]; h.runs != 1 {
			t.Errorf("a ran %d times", h.runs)
		}
	})
}

// TestNobodyIsAskedWhileADependencyRuns looks at each write when it is made.
func TestNobodyIsAskedWhileADependencyRuns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := chain(t).pushed(newRevision)
		w.after = func(ref facts.Ref, _ string) {
			for _, d := range engines.All().DependsOn(w.Get(t.Context(), ref)) {
				dep := w.Get(t.Context(), d)
				if !kinds.ConditionOf(dep.Body, "Ready").True() || kinds.Text(dep.Body, "status", "lastAppliedRevision") != newRevision {
					t.Errorf("%s was asked while %s was not done", ref, dep.Ref)
				}
			}
		}
		check(t, w.run(t, Options{}, ks("d")), "git Done\na Done\nb Done\nc Done\nd Done")
	})
}

func TestOneThatDoesNotBeginByItselfIsAsked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		// Its run at Run's beginning is of the old revision, and the event of the new artifact is lost.
		w := newWorld(gitRepository(t, "git", newRevision), kustomization(t, "a", oldRevision))
		begin := clock()
		r := w.run(t, Options{}, ks("a"))
		check(t, r, "git Done\na Done")
		asked := r.Outcomes[1].Times.Asked.Sub(begin)
		if w.asked() != "git a" || asked < triggerTime || asked > triggerTime+time.Second {
			t.Errorf("asked %s, a after %s", w.asked(), asked)
		}
	})
}

func TestAWantedRevisionIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(gitRepository(t, "git", oldRevision), kustomization(t, "a", oldRevision))
		time.AfterFunc(7*time.Second, func() {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.pushed(newRevision) // a mirror has it late
		})
		wanted := func(commit string) (bool, bool) { return commit == kinds.Commit(newRevision), true }
		r := w.run(t, Options{Revision: wanted}, ks("a"))
		check(t, r, "git Done\na Done")
		if n := strings.Count(w.asked(), "git"); n < 4 || n > 6 || r.Outcomes[1].Revision != newRevision {
			t.Errorf("asked %s; at %s", w.asked(), r.Outcomes[1].Revision)
		}
	})
}

func TestOneObjectAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := chain(t)
		r, err := Run(t.Context(), plan.Only(ks("b")), w, Options{Now: clock, Full: true})
		if err != nil {
			t.Fatal(err)
		}
		check(t, r, "b Done")
		if w.asked() != "b" || w.hosts[ks("b")].runs != 1 {
			t.Errorf("asked %s, %d runs", w.asked(), w.hosts[ks("b")].runs)
		}
		w.close()
	})
}

func TestAChildOfAParentThatRanIsAlwaysAsked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(gitRepository(t, "git", oldRevision), kustomization(t, "root", oldRevision), appliedBy(kustomization(t, "a", oldRevision), "root")).pushed(newRevision)
		check(t, w.run(t, Options{}, ks("a")), "git Done\nroot Done\na Done")
		if got := w.asked(); got != "git a" { // its controller began by itself as well, perhaps before the parent had changed it
			t.Errorf("asked %s", got)
		}
	})
}

func TestEventsComeOnceEach(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(gitRepository(t, "git", oldRevision), kustomization(t, "a", oldRevision, "b"), kustomization(t, "b", oldRevision)).pushed(newRevision)
		var events []string
		w.run(t, Options{Report: func(e Event) {
			if e.Time.IsZero() {
				t.Errorf("%v has no time", e)
			}
			events = append(events, fmt.Sprintf("%s %s", e.Ref.Name, e.State))
		}}, ks("a"))
		want := []string{
			"git Asked", "b Waiting", "a Waiting", "git Done", "b Waiting", "a Waiting", "b Running", "b Done", "a Asked", "a Running", "a Done",
		}
		if diff := cmp.Diff(want, slices.Compact(events)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

// TestHealthChecksComeAfterApplied: what is waited for is said, and the two times are told apart.
func TestHealthChecksComeAfterApplied(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(gitRepository(t, "git", oldRevision), set(t, kustomization(t, "a", oldRevision), true, "spec", "wait")).pushed(newRevision)
		w.hosts[ks("a")].checks = 20 * time.Second
		var said []string
		r := w.run(t, Options{Report: func(e Event) { said = append(said, e.Message) }}, ks("a"))
		check(t, r, "git Done\na Done")
		times := r.Outcomes[1].Times
		if d := times.Ready.Sub(times.Applied); d < 19*time.Second || d > 21*time.Second {
			t.Errorf("ready %s after applied", d)
		}
		if text := strings.Join(said, "\n"); !strings.Contains(text, "Running health checks for revision "+newRevision+" with a timeout of 1m; it waits for all 0 objects that it applies") {
			t.Error(text)
		}
	})
}

// TestOneWhoseDependenciesAreCurrentBeginsByItself: its controller has no reason to sleep.
func TestOneWhoseDependenciesAreCurrentBeginsByItself(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(
			gitRepository(t, "git", oldRevision), gitRepository(t, "other", newRevision), kustomization(t, "a", oldRevision, "b"),
			set(t, kustomization(t, "b", newRevision), "other", "spec", "sourceRef", "name"),
		).pushed(newRevision)
		check(t, w.run(t, Options{}, ks("a")), "git Done\nother Done\nb Current\na Done")
		if got := w.asked(); strings.Contains(got, "a") {
			t.Errorf("asked %s", got)
		}
	})
}

// TestAnApplicationIsRefreshedAndSyncs: Argo CD takes the annotation away, syncs by itself, and compares again.
func TestAnApplicationIsRefreshedAndSyncs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		app := object(t, `{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {namespace: argocd, name: a}, spec: {syncPolicy: {automated: {}}}, status: {reconciledAt: "1999-12-31T23:00:00Z", sync: {status: Synced, revision: old}}}`)
		w := newWorld(app)
		at := func(d time.Duration, write func(u *unstructured.Unstructured)) {
			time.AfterFunc(d, func() { w.edit(app.Ref, write) })
		}
		at(time.Second, func(u *unstructured.Unstructured) {
			u.SetAnnotations(nil)
			put(u, "2000-01-01T00:00:01Z", "status", "reconciledAt")
			put(u, map[string]any{"status": "OutOfSync", "revision": "new"}, "status", "sync")
		})
		at(2*time.Second, func(u *unstructured.Unstructured) {
			put(u, map[string]any{"phase": "Running"}, "status", "operationState")
		})
		at(3*time.Second, func(u *unstructured.Unstructured) {
			put(u, map[string]any{"phase": "Succeeded", "finishedAt": "2000-01-01T00:00:03Z", "syncResult": map[string]any{"revision": "new"}}, "status", "operationState")
			put(u, "Synced", "status", "sync", "status") // of the comparison before the sync ended
		})
		at(5*time.Second, func(u *unstructured.Unstructured) { put(u, "2000-01-01T00:00:05Z", "status", "reconciledAt") })
		begin := clock()
		r := w.run(t, Options{}, app.Ref)
		check(t, r, "a Done")
		if took := clock().Sub(begin); took != 5*time.Second || w.writes[0].value != "normal" || r.Outcomes[0].Revision != "new" {
			t.Errorf("after %s: %+v", took, r)
		}
	})
}
