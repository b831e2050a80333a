// Package changes finds what changed shortly before a failure began: commits, rollouts, edits, events. The times alone connect a change to
// the failure, so each is a possible cause and no more than that. A change without a time, or of another environment, is left out.
package changes

import (
	"slices"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

const (
	// window is how long before a failure a change may be. A source is fetched every few minutes, and a rollout times out after ten:
	// an hour has room for both.
	window = time.Hour
	// maxChanges bounds the changes that are kept.
	maxChanges = 5
)

// Add gives each failure of a trace the changes before it.
func Add(v *view.Component, t *trace.Trace) {
	failures := []*trace.Failure{t.Failing}
	for i := range t.Environments {
		failures = append(failures, t.Environments[i].Failing)
	}
	for _, f := range failures {
		if f != nil && f.Changes == nil {
			f.Changes = before(v, t, f)
		}
	}
}

// finder finds the changes before one failure.
type finder struct {
	*view.Component
	trace       *trace.Trace
	failure     *trace.Failure
	environment *view.Environment // nil for the shared rungs
	began       time.Time
}

// before returns the changes before a failure, the newest first.
func before(v *view.Component, t *trace.Trace, f *trace.Failure) []trace.PriorChange {
	b := finder{Component: v, trace: t, failure: f}
	if f.Environment != "" {
		b.environment = v.EnvironmentOf(f.Environment)
	}
	if b.began = b.beginning(); b.began.IsZero() || b.began.After(v.Now) {
		return nil
	}
	commits := b.commits()
	rollouts := b.rollouts()
	if len(commits) > 0 {
		rollouts = nil // the commit explains it
	}
	all := slices.Concat(commits, rollouts, b.edits(len(commits)+len(rollouts) > 0), b.nodes(), b.events())
	slices.SortStableFunc(all, func(x, y trace.PriorChange) int { return y.At.Compare(x.At) })
	return all[:min(len(all), maxChanges)]
}

// recent reports whether a time is shortly before the failure. Most times have no fraction of a second.
func (b finder) recent(at time.Time) bool {
	return !at.IsZero() && !at.After(b.began) && b.began.Sub(at) <= window
}

// change completes a change with its distance to the failure.
func (b finder) change(c trace.PriorChange) trace.PriorChange {
	c.At = c.At.UTC()
	c.BeforeSeconds = b.began.Sub(c.At).Truncate(time.Second).Seconds()
	return c
}
