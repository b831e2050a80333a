package reconcile

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile/plan"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func TestAnAnnotationThatVanishesIsSetAgain(t *testing.T) {
	t.Parallel()
	for times, want := range map[int]string{
		1: "git Done\na Done",
		9: "git Done\na Failed: another client removes or changes the annotation reconcile.fluxcd.io/requestedAt each time it is set",
	} {
		t.Run(fmt.Sprint(times), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(gitRepository(t, "git", oldRevision), kustomization(t, "a", oldRevision))
				taken := 0
				w.after = func(ref facts.Ref, _ string) {
					if taken++; ref == ks("a") && taken <= times+1 { // before the controller sees it
						w.client(ref, "")
					}
				}
				r := w.run(t, Options{Full: true}, ks("a"))
				check(t, r, want)
				if n := strings.Count(w.asked(), "a"); n != min(times+1, 1+maxRestores) {
					t.Errorf("asked %s", w.asked())
				}
				tokens := map[string]bool{}
				for _, write := range w.writes {
					if write.ref == ks("a") {
						tokens[write.value] = true
					}
				}
				if len(tokens) != 1 {
					t.Errorf("the annotation was set to %v: the request must stay the same", tokens)
				}
			})
		})
	}
}

// TestASecondClientThatWritesAllTheTime neither hangs us nor satisfies us early: a run that began before we asked is under
// way, and acknowledges that client's value.
func TestASecondClientThatWritesAllTheTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(gitRepository(t, "git", oldRevision), kustomization(t, "a", oldRevision))
		w.hosts[ks("a")].takes = 2 * time.Second
		ticks := 0
		var tick func()
		tick = func() {
			ticks++
			w.mu.Lock()
			defer w.mu.Unlock()
			if w.stopped {
				return
			}
			w.annotate(ks("a"), meta.ReconcileRequestAnnotation, fmt.Sprintf("theirs-%d", ticks))
			time.AfterFunc(100*time.Millisecond, tick)
		}
		tick()
		begin := clock()
		r := w.run(t, Options{Full: true}, ks("a"))
		check(t, r, "git Done\na Done")
		// The run under way ends after 2 s, the next, which counts, after 4.
		asked, ready := r.Outcomes[1].Times.Asked, r.Outcomes[1].Times.Ready
		if first := begin.Add(5*time.Millisecond + 2*time.Second); asked.After(first) || ready.Before(first.Add(2*time.Second)) || ready.After(first.Add(3*time.Second)) {
			t.Errorf("asked after %s, ready after %s", asked.Sub(begin), ready.Sub(begin))
		}
		if got := w.asked(); got != "git a" {
			t.Errorf("asked %s", got)
		}
	})
}

// TestASecondClientIsNoSignOfLife: with no controller at work, what other clients write proves nothing.
func TestASecondClientIsNoSignOfLife(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(gitRepository(t, "git", oldRevision))
		w.close()
		begin := clock()
		ticker := time.NewTicker(100 * time.Millisecond)
		done := make(chan struct{})
		go func() {
			for i := 0; ; i++ {
				select {
				case <-ticker.C:
					w.client(git("git"), fmt.Sprint("theirs-", i))
				case <-done:
					return
				}
			}
		}()
		r := w.run(t, Options{}, git("git"))
		close(done)
		if took := clock().Sub(begin); r.Outcomes[0].State != NotResponding || took > watchRestartTime+time.Second {
			t.Errorf("after %s:\n%s", took, states(r))
		}
	})
}

// TestTheAnswerToAPatchMayComeLate: by then the watch has brought the acknowledgement.
func TestTheAnswerToAPatchMayComeLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(gitRepository(t, "git", oldRevision))
		w.after = func(facts.Ref, string) { <-time.NewTimer(2 * time.Second).C }
		begin := clock()
		check(t, w.run(t, Options{}, git("git")), "git Done")
		if took := clock().Sub(begin); took > 3*time.Second {
			t.Errorf("it took %s", took)
		}
	})
}

func TestTwoReconcilesAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := chain(t).pushed(newRevision)
		results := make(chan Result, 2)
		s := facts.New(facts.Subject{}, clock())
		for _, ref := range w.refs() {
			s.Put(w.Get(t.Context(), ref))
		}
		g, err := plan.New(s, []facts.Ref{ks("d")}, false)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			go func() {
				r, err := Run(t.Context(), g, poller{w}, Options{Now: clock, Full: true})
				if err != nil {
					t.Error(err)
				}
				results <- r
			}()
		}
		for range 2 {
			check(t, <-results, "git Done\na Done\nb Done\nc Done\nd Done")
		}
		w.close()
	})
}

// poller is a view of a world whose changes are not taken away by another reader.
type poller struct{ *world }

func (p poller) Changed() <-chan struct{} {
	changed := make(chan struct{})
	time.AfterFunc(time.Millisecond, func() { close(changed) })
	return changed
}
