package settle

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestFinalIsTheCallers checks that the caller can decide when the wait ends, without a re-trigger.
func TestFinalIsTheCallers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := recorded(t, "healthy")
		c.stale()
		begin, looks := time.Now(), 0
		r, err := Run(t.Context(), c, Options{
			Subject: c.subject, Fresh: c, Now: time.Now, Tick: 10 * time.Second,
			Wanted: func(context.Context, *facts.Snapshot) facts.Revision { return facts.Revision{} },
			Final: func(r *Result, now time.Time) bool {
				looks++
				if r.Trace.TakenAt != r.Snapshot.TakenAt.UTC() {
					t.Errorf("the trace of %s comes with the snapshot of %s", r.Trace.TakenAt, r.Snapshot.TakenAt)
				}
				return now.Sub(begin) >= time.Minute
			},
		})
		if took := time.Since(begin); err != nil || r.Trace.Verdict != trace.VerdictFailed || took != time.Minute || looks != 8 {
			t.Errorf("verdict %v after %s and %d looks, %v; want a look each ten seconds for a minute, and a fresh one", r.Trace.Verdict, took, looks, err)
		}
		if len(c.retriggered)+len(r.Retriggered) > 0 {
			t.Errorf("re-triggered: %v", c.retriggered)
		}
	})
}
