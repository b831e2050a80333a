// Package settle waits until a component has settled. It assesses the component again after every change and re-triggers objects
// that only need another reconciliation.
package settle

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

const (
	// steady is how long a failure must last, unchanged, until it counts as final. During a rollout, failures of the previous
	// release are still visible for a moment.
	steady = 5 * time.Second
	// terminationTime is how long an object may be terminating until its finalizers count as stuck. Once deleted, it is created again: Flux
	// lists it as applied and gets a request for one more run.
	terminationTime = 2 * time.Minute
	// defaultTick is too short for a user to notice the delay.
	defaultTick = 500 * time.Millisecond
	// minInterval is the minimum time between two assessments. On a busy cluster objects change all the time, mostly those of other
	// components.
	minInterval = 150 * time.Millisecond
)

// Cluster is a source whose cache is kept current by watches.
type Cluster interface {
	facts.Source
	// Changed receives after an object that was read has changed.
	Changed() <-chan struct{}
}

// Options of Run. Subject, Fresh, Wanted and Now are required.
type Options struct {
	Subject facts.Subject
	// Fresh reads from the clusters without a cache. Watches of different kinds are not ordered: the Deployment may be older than
	// the RenderedRelease that changed it. So the final assessment uses a fresh read.
	Fresh facts.Source
	// Wanted returns the wanted revision, given the commits of the cluster's objects.
	Wanted func(context.Context, *facts.Snapshot) facts.Revision
	// Final receives each assessment, with its Snapshot, and reports whether the wait ends. With nil, the wait ends when the component is healthy and
	// current. It also ends when a failure lasts that a re-trigger cannot fix.
	Final func(r *Result, now time.Time) bool
	// Retrigger requests reconciliation of an object; for an object of Flux, one more run. nil: no object is re-triggered.
	Retrigger func(context.Context, facts.Ref) error
	// Now is this machine's clock.
	Now func() time.Time
	// Tick is the interval for assessments that change only with time. They make no request. 0 means half a second.
	Tick time.Duration
	// Report receives each change, on the goroutine of Run. It may be nil.
	Report func(Event)
}

// Event is one change during the wait: the state of a rung changed, or an object was re-triggered.
type Event struct {
	Time        time.Time
	Trace       *trace.Trace // the current trace; nil if an object was re-triggered
	Retriggered facts.Ref
	Code        trace.Code // the finding that caused the re-trigger
	Err         error      // the error of the re-trigger
}

// Result is the final state of the component.
type Result struct {
	Trace       *trace.Trace
	Snapshot    *facts.Snapshot
	Retriggered []facts.Ref // in order; an object that was re-triggered twice occurs twice
	Reached     []Reached   // after the first assessment
}

// Reached records when a rung was first healthy and current. The records are in order of time.
type Reached struct {
	Environment string
	Rung        trace.RungID
	Time        time.Time
}

// Run returns when the wait is final or when ctx ends. In the second case its error wraps that of ctx, and the Result is the last
// state.
func Run(ctx context.Context, c Cluster, o Options) (*Result, error) {
	w := &wait{Options: o, retriggers: map[facts.Ref]int{}, result: &Result{}}
	ticks := time.NewTicker(cmp.Or(o.Tick, defaultTick))
	defer ticks.Stop()
	for {
		if final, err := w.ended(ctx, c); final || err != nil {
			return w.result, err
		}
		w.retrigger(ctx)
		if err := pause(ctx, c.Changed(), ticks.C); err != nil {
			return w.result, fmt.Errorf("wait for %s: %w", o.Subject.Component, err)
		}
	}
}

// pause waits for minInterval, and then for a change or a tick.
func pause(ctx context.Context, changed <-chan struct{}, ticks <-chan time.Time) error {
	moment := time.NewTimer(minInterval)
	defer moment.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-moment.C:
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-changed:
	case <-ticks:
	}
	return nil
}

// ended assesses the component and reports whether the wait ends.
func (w *wait) ended(ctx context.Context, c Cluster) (bool, error) {
	if err := w.assess(ctx, c); err != nil || !w.final(w.now()) {
		return false, err
	}
	err := w.assess(ctx, w.Fresh)
	return err == nil && w.final(w.now()), err
}

// wait is the state of a Run.
type wait struct {
	Options
	result   *Result
	reported []reported
	ready    []Reached // at the first assessment

	last  state // of the last assessments
	since time.Time
	ahead time.Duration // of this machine's clock, in the last assessment

	retriggers map[facts.Ref]int
	until      time.Time // when the re-triggered objects should be reconciled
}

// state is the part of a trace that must not change for a failure to be final.
type state struct {
	verdict trace.Verdict
	current trace.Currency
	failing failurePoint
}

// failurePoint identifies a failure.
type failurePoint struct {
	rung        trace.RungID
	environment string
	code        trace.Code
	object      facts.Ref
}

// assess reads and assesses the component. Watched objects come from memory.
func (w *wait) assess(ctx context.Context, from facts.Source) error {
	s, err := collect.Run(ctx, from, w.Subject, w.Now())
	if err != nil {
		if w.result.Trace == nil {
			return err
		}
		return fmt.Errorf("wait for %s: %w", w.Subject.Component, err)
	}
	s.Wanted = w.Wanted(ctx, s)
	t := assess.Assess(s, s.TakenAt)
	w.result.Snapshot, w.result.Trace, w.ahead = s, t, s.Skew[facts.Control]
	if now := stateOf(t); now != w.last {
		w.last, w.since = now, s.TakenAt
	}
	w.reportChanges(t)
	return nil
}

// now is the time of the control plane's clock, which all times of the trace use.
func (w *wait) now() time.Time { return w.Now().Add(-w.ahead) }

func stateOf(t *trace.Trace) state {
	s := state{verdict: t.Verdict, current: t.Current}
	if f := t.Failing; f != nil {
		s.failing = failurePoint{f.Rung, f.Environment, f.Code, f.Object}
	}
	return s
}

// final reports whether the wait ends.
func (w *wait) final(now time.Time) bool {
	if w.Final != nil {
		return w.Final(w.result, now)
	}
	if now.Before(w.until) && w.last.verdict == trace.VerdictFailed {
		return false
	}
	stood := now.Sub(w.since) >= steady
	switch w.last.verdict {
	case trace.VerdictHealthy, trace.VerdictSuspended:
		return w.last.current != trace.Behind || stood
	case trace.VerdictFailed:
		return stood && len(w.retriggerable()) == 0 && !w.terminating(now)
	case trace.VerdictUnknown:
		return stood
	case trace.VerdictProgressing:
		return false
	}
	return false
}

// terminating reports whether the failure is an object that is being deleted and has not reached its time limit.
func (w *wait) terminating(now time.Time) bool {
	f := w.result.Trace.Failing
	return f != nil && f.Code == trace.CodeTerminating && now.Sub(f.Since) < terminationTime
}
