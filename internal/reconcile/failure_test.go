package reconcile

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile/plan"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func TestTheFirstFailureEndsTheRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := chain(t).pushed(newRevision)
		w.hosts[ks("b")].fails = func(int) (string, string) { return "BuildFailed", "kustomize build failed: x.yaml" }
		begin := clock()
		r := w.run(t, Options{}, ks("d"))
		check(t, r, "git Done\na Done\nb Failed: kustomize build failed: x.yaml\nc NotAttempted (b)\nd NotAttempted (b)")
		if took := clock().Sub(begin); took > 3*time.Second || r.Good() {
			t.Errorf("it took %s; good: %v", took, r.Good())
		}
	})
}

func TestKeepGoingGoesOnWithOtherBranches(t *testing.T) {
	t.Parallel()
	for keepGoing, want := range map[bool]string{
		true:  "git Done\na Failed: x\nslow Done\nb NotAttempted (a)\nslower Done",
		false: "git Done\na Failed: x\nslow Running: Building manifests for revision " + newRevision + " with a timeout of 1m" + "\nb NotAttempted (a)\nslower NotAttempted (a)",
	} {
		t.Run(fmt.Sprint(keepGoing), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(
					gitRepository(t, "git", oldRevision), kustomization(t, "a", oldRevision), kustomization(t, "b", oldRevision, "a"),
					kustomization(t, "slow", oldRevision), kustomization(t, "slower", oldRevision, "slow"),
				).pushed(newRevision)
				w.hosts[ks("a")].fails = func(int) (string, string) { return "HealthCheckFailed", "x" }
				w.hosts[ks("slow")].takes = 4 * time.Second
				check(t, w.run(t, Options{KeepGoing: keepGoing}, ks("b"), ks("slower")), want)
			})
		})
	}
}

func TestAFailedFetchIsNotTakenForSuccess(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := chain(t)
		w.hosts[git("git")].fails = func(int) (string, string) { return "GitOperationFailed", "unable to list remote" }
		check(t, w.run(t, Options{}, ks("a")), "git Failed: unable to list remote\na NotAttempted (git)")
	})
}

// TestSuspendedMeanwhileIsNotDone: a suspended object acknowledges, and its Ready=True is of before.
func TestSuspendedMeanwhileIsNotDone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := chain(t)
		w.after = func(ref facts.Ref, _ string) {
			if ref == ks("b") {
				w.edit(ref, func(u *unstructured.Unstructured) { put(u, true, "spec", "suspend") })
			}
		}
		check(t, w.run(t, Options{Full: true}, ks("c")),
			"git Done\na Done\nb Failed: it is suspended (spec.suspend: true): it acknowledges requests and does nothing\nc NotAttempted (b)")
	})
}

func TestAStaleCacheIsAskedAgain(t *testing.T) {
	t.Parallel()
	for stale, want := range map[int]string{
		2: "git Done\na Done",
		9: "git Done\na Failed: it has applied " + oldRevision + ", but its source has " + newRevision,
	} {
		t.Run(fmt.Sprint(stale), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(gitRepository(t, "git", oldRevision), kustomization(t, "a", oldRevision)).pushed(newRevision)
				w.hosts[ks("a")].stale, w.hosts[ks("a")].seen = stale, oldRevision
				check(t, w.run(t, Options{}, ks("a")), want)
			})
		})
	}
}

// TestADependencyThatSleepsIsWoken: kustomize-controller looks again after 30 s only.
func TestADependencyThatFlapsIsAskedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := chain(t).pushed(newRevision)
		flapped := false
		w.after = func(ref facts.Ref, _ string) {
			if ref == ks("b") && !flapped {
				flapped = true
				w.client(ks("a"), "someone else") // a runs again just now
				w.edit(ks("a"), func(u *unstructured.Unstructured) {
					put(u, []any{map[string]any{"type": "Ready", "status": "Unknown", "reason": "Progressing"}}, "status", "conditions")
				})
			}
		}
		begin := clock()
		check(t, w.run(t, Options{}, ks("b")), "git Done\na Done\nb Done")
		if got := w.asked(); got != "git b b" || clock().Sub(begin) > 10*time.Second {
			t.Errorf("asked %s, after %s", got, clock().Sub(begin))
		}
	})
}

func TestAPassingFailureIsRepeatedOnce(t *testing.T) {
	t.Parallel()
	for failures, want := range map[int]string{
		1: "git Done\na Done",
		2: "git Done\na Failed: Component/a/b dry-run failed (ServiceUnavailable): webhook",
	} {
		t.Run(fmt.Sprint(failures), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(gitRepository(t, "git", oldRevision), kustomization(t, "a", oldRevision)).pushed(newRevision)
				w.hosts[ks("a")].fails = func(run int) (string, string) {
					if run > failures {
						return "", ""
					}
					return "ReconciliationFailed", "Component/a/b dry-run failed (ServiceUnavailable): webhook"
				}
				check(t, w.run(t, Options{}, ks("a")), want)
			})
		})
	}
}

func TestTheDeadlineSaysWhoHoldsItUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := chain(t).pushed(newRevision)
		w.hosts[ks("a")].takes = time.Hour
		g, err := plan.New(snapshot(gitRepository(t, "git", oldRevision), kustomization(t, "a", oldRevision), kustomization(t, "b", oldRevision, "a")), []facts.Ref{ks("b")}, false)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		r, err := Run(ctx, g, w, Options{Now: clock})
		want := "reconcile: context deadline exceeded; Kustomization flux-system/a is Running: Building manifests for revision " + newRevision + " with a timeout of 1m"
		if !errors.Is(err, context.DeadlineExceeded) || err.Error() != want {
			t.Errorf("%v\nwant %s", err, want)
		}
		check(t, r, "git Done\na Running: Building manifests for revision "+newRevision+" with a timeout of 1m\nb Waiting (a)")
		w.close()
	})
}

// TestTheEndOfTheContextIsNoFailureOfAnObject: a patch that was under way then has failed for no fault of the object.
func TestTheEndOfTheContextIsNoFailureOfAnObject(t *testing.T) {
	t.Parallel()
	for range 20 { // which of the two is seen first is chance
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(gitRepository(t, "git", oldRevision))
			ctx, cancel := context.WithCancel(t.Context())
			r, err := Run(ctx, plan.Only(git("git")), unanswering{w, cancel}, Options{Now: clock})
			if !errors.Is(err, context.Canceled) || r.Outcomes[0].State != Asked {
				t.Errorf("%v\n%s", err, states(r))
			}
			w.close()
		})
	}
}

// unanswering ends the context in the middle of a patch.
type unanswering struct {
	*world
	cancel func()
}

func (u unanswering) Annotate(ctx context.Context, ref facts.Ref, _, _ string) (facts.Object, error) {
	u.cancel()
	return facts.Object{Ref: ref}, ctx.Err()
}

// TestNothingIsWrittenAfterAFailure: not even what was decided in the same moment.
func TestNothingIsWrittenAfterAFailure(t *testing.T) {
	t.Parallel()
	for _, gone := range []string{"a", "z"} {
		t.Run(gone, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(gitRepository(t, "git", oldRevision), kustomization(t, "m", oldRevision))
				s := snapshot(gitRepository(t, "git", oldRevision), kustomization(t, "m", oldRevision), kustomization(t, gone, oldRevision))
				g, err := plan.New(s, []facts.Ref{ks("m"), ks(gone)}, false)
				if err != nil {
					t.Fatal(err)
				}
				r, err := Run(t.Context(), g, w, Options{Now: clock, Full: true})
				if err != nil {
					t.Fatal(err)
				}
				w.close()
				if got := r.In(NotAttempted); w.asked() != "git" || len(got) != 1 || got[0].Ref != ks("m") || !got[0].Times.Asked.IsZero() {
					t.Errorf("asked %s\n%s", w.asked(), states(r))
				}
			})
		})
	}
}

func TestARefusedPatchFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := chain(t)
		w.refused = errors.New("annotate GitRepository flux-system/git: forbidden")
		check(t, w.run(t, Options{}, ks("a")), "git Failed: annotate GitRepository flux-system/git: forbidden\na NotAttempted (git)")
	})
}
