package reconcile

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// What looks done is asked all the same where a run before it may not have counted.

func TestAChildOfAParentThatRanIsNotCurrent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(
			gitRepository(t, "git", newRevision), kustomization(t, "root", oldRevision),
			appliedBy(kustomization(t, "a", newRevision), "root"),
		)
		check(t, w.run(t, Options{}, ks("a")), "git Done\nroot Done\na Done")
		if got := w.asked(); got != "git root a" {
			t.Errorf("asked %s", got)
		}
	})
}

// TestARunBeforeADependencyOfAnotherSourceDoesNotCount: the controller found the dependency Ready at its old revision.
func TestARunBeforeADependencyOfAnotherSourceDoesNotCount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(
			gitRepository(t, "git", oldRevision), kustomization(t, "a", oldRevision, "b"),
			gitRepository(t, "other", oldRevision), set(t, kustomization(t, "b", oldRevision), "other", "spec", "sourceRef", "name"),
		).pushed(newRevision)
		w.hosts[git("other")].takes = 2 * time.Second // by then a has run
		check(t, w.run(t, Options{}, ks("a")), "git Done\nother Done\nb Done\na Done")
		if got := w.asked(); !strings.HasSuffix(got, " a") || w.hosts[ks("a")].runs != 2 {
			t.Errorf("asked %s, %d runs", got, w.hosts[ks("a")].runs)
		}
	})
}

// TestADependencyThatRunsAgainIsWaitedFor looks at each write when it is made.
func TestADependencyThatRunsAgainIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(
			gitRepository(t, "git", oldRevision), kustomization(t, "a", oldRevision, "b", "c"),
			kustomization(t, "b", oldRevision), kustomization(t, "c", oldRevision),
		)
		w.hosts[ks("c")].takes = 2 * time.Second
		time.AfterFunc(2100*time.Millisecond, func() { w.client(ks("b"), "someone else") }) // b still runs when c has ended
		w.after = func(ref facts.Ref, _ string) {
			if b := w.Get(t.Context(), ks("b")); ref == ks("a") && kinds.Running(b.Body) {
				t.Error("a was asked while b ran again")
			}
		}
		check(t, w.run(t, Options{Full: true}, ks("a")), "git Done\nb Done\nc Done\na Done")
		if got := w.asked(); strings.Count(got, "a") != 1 || w.hosts[ks("b")].runs != 2 {
			t.Errorf("asked %s; b ran %d times", got, w.hosts[ks("b")].runs)
		}
	})
}

func TestANewGenerationIsNotCurrent(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(u *unstructured.Unstructured){
		"Condition": func(u *unstructured.Unstructured) { u.SetGeneration(2) },
		"StatusOnly": func(u *unstructured.Unstructured) {
			u.SetGeneration(2)
			put(u, []any{map[string]any{"type": "Ready", "status": "True", "observedGeneration": int64(2)}}, "status", "conditions")
		},
		"Deleted": func(u *unstructured.Unstructured) { unstructured.RemoveNestedField(u.Object, "status") },
		"Reconciling": func(u *unstructured.Unstructured) {
			put(u, []any{
				map[string]any{"type": "Reconciling", "status": "True", "reason": "Progressing"},
				map[string]any{"type": "Ready", "status": "True"},
			}, "status", "conditions")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				o := kustomization(t, "a", oldRevision)
				write(o.Body)
				w := newWorld(gitRepository(t, "git", oldRevision), o)
				check(t, w.run(t, Options{}, ks("a")), "git Done\na Done")
				if w.hosts[ks("a")].runs != 1 {
					t.Errorf("%d runs", w.hosts[ks("a")].runs)
				}
			})
		})
	}
}
