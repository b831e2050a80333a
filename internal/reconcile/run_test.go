package reconcile

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
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
			for _, d := range kinds.DependsOn(w.Get(t.Context(), ref).Body) {
				dep := w.Get(t.Context(), control(d))
				if !kinds.ConditionOf(dep.Body, "Ready").True() || kinds.Text(dep.Body, "status", applied) != newRevision {
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
		if w.asked() != "git a" || asked < graceTime || asked > graceTime+time.Second {
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
		r, err := Run(t.Context(), Only(ks("b")), w, Options{Now: clock, Full: true})
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
