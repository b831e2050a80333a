package settle

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

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
		if len(c.retriggered) != 1 || c.retriggered[0].Kind != "ReleaseBinding" {
			t.Errorf("re-triggered: %v", c.retriggered)
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
		if took, want := time.Since(begin), (1+2+4)*effectTime; took < want || took > want+time.Second {
			t.Errorf("given up after %s, want %s: each time twice as long", took, want)
		}
		if len(c.retriggered) != maxRetriggers {
			t.Errorf("re-triggered %d times, want %d", len(c.retriggered), maxRetriggers)
		}
	})
}

func TestWhoMayNotWakeIsNotAskedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := recorded(t, "healthy")
		c.stale()
		c.onWake = func(facts.Ref) error { return errors.New("forbidden") }
		if r, err := c.run(t.Context()); err != nil || r.Trace.Verdict != trace.VerdictFailed || len(c.retriggered) != 1 {
			t.Errorf("verdict %v, re-triggered %v, %v", r.Trace.Verdict, c.retriggered, err)
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
			Subject: watched.subject, Fresh: fresh, Now: time.Now, Retrigger: watched.retrigger,
			Wanted: func(context.Context, *facts.Snapshot) facts.Revision { return facts.Revision{} },
		})
		if took := time.Since(begin); err != nil || r.Trace.Verdict != trace.VerdictHealthy || took < 2*time.Second {
			t.Errorf("verdict %v after %s, %v; want Healthy, and not before the fresh look says so", r.Trace.Verdict, took, err)
		}
	})
}
