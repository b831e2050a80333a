// Package settle waits until a component has settled: it judges the component anew whenever something has changed, and
// wakes what only needs to look again.
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
	// steady is how long a failure must stand, unchanged, until it counts as final: a new release passes through failures of
	// the one before.
	steady = 5 * time.Second
	// dying is how long an object may be on its way out until its finalizers count as stuck. It comes back when it is gone:
	// Flux lists it as applied, and is asked for one more run.
	dying = 2 * time.Minute
	// defaultTick is short enough that nobody notices.
	defaultTick = 500 * time.Millisecond
	// apart is the least time between two looks: a busy cluster changes something all the time, mostly of others.
	apart = 150 * time.Millisecond
)

// Cluster is what is read, kept current by watches.
type Cluster interface {
	facts.Source
	// Changed receives after anything that was read has changed.
	Changed() <-chan struct{}
}

// Options of Run. Subject, Fresh, Wanted and Now must be set.
type Options struct {
	Subject facts.Subject
	// Fresh answers from the clusters themselves. Watches of different kinds come in no order: that of a Deployment may be
	// behind that of the RenderedRelease which changed it, so what ends the wait is read anew.
	Fresh facts.Source
	// Wanted finds the revision that is wanted, given what the clusters carry.
	Wanted func(context.Context, *facts.Snapshot) facts.Revision
	// Final takes in each judgement, and reports whether waiting for longer is of no use. nil: when the component is healthy
	// and current, or a failure stands that nothing heals.
	Final func(t *trace.Trace, now time.Time) bool
	// Wake makes the controller of an object look again; for an object of Flux, one more run. nil: nothing is woken.
	Wake func(context.Context, facts.Ref) error
	// Now is this machine's clock.
	Now func() time.Time
	// Tick is how often time itself may change a judgement, for which no request is made. 0 means half a second.
	Tick time.Duration
	// Report is told of each change, from the goroutine of Run. It may be nil.
	Report func(Event)
}

// Event is one change on the way: a rung stands differently, or an object was woken.
type Event struct {
	Time  time.Time
	Trace *trace.Trace // how all stands now; nil where an object was woken
	Woken facts.Ref
	Code  trace.Code // the finding for which it was woken
	Err   error      // why it could not be woken
}

// Result is what became of the component.
type Result struct {
	Trace    *trace.Trace
	Snapshot *facts.Snapshot
	Woken    []facts.Ref // in order; one that was woken twice is there twice
	Reached  []Reached   // after the first look
}

// Reached says when a rung was first seen healthy and current, in the order in which they were.
type Reached struct {
	Environment string
	Rung        trace.RungID
	Time        time.Time
}

// Run returns when waiting for longer is of no use, or when ctx ends; then its error wraps that of ctx, and the Result is how
// things stood.
func Run(ctx context.Context, c Cluster, o Options) (*Result, error) {
	w := &wait{Options: o, wakes: map[facts.Ref]int{}, result: &Result{}}
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

// pause waits for a change or a tick, and for a moment in any case.
func pause(ctx context.Context, changed <-chan struct{}, ticks <-chan time.Time) error {
	moment := time.NewTimer(apart)
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

// ended looks, and reports whether that ends the wait.
func (w *wait) ended(ctx context.Context, c Cluster) (bool, error) {
	if err := w.assess(ctx, c); err != nil || !w.final(w.now()) {
		return false, err
	}
	err := w.assess(ctx, w.Fresh)
	return err == nil && w.final(w.now()), err
}

// wait is a Run under way.
type wait struct {
	Options
	result   *Result
	reported []reported
	ready    []Reached // at the first look

	stands state // what the last looks have said
	since  time.Time
	ahead  time.Duration // of this machine's clock, by the last look

	wakes map[facts.Ref]int
	until time.Time // when what was woken should have done its work
}

// state is what must not change for a failure to be final.
type state struct {
	verdict trace.Verdict
	current trace.Currency
	failing place
}

// place of a failure.
type place struct {
	rung        trace.RungID
	environment string
	code        trace.Code
	object      facts.Ref
}

// assess reads and judges. What is watched is answered from memory.
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
	if now := stateOf(t); now != w.stands {
		w.stands, w.since = now, s.TakenAt
	}
	w.reportChanges(t)
	return nil
}

// now is the time by the control plane's clock, as all times of the trace are.
func (w *wait) now() time.Time { return w.Now().Add(-w.ahead) }

func stateOf(t *trace.Trace) state {
	s := state{verdict: t.Verdict, current: t.Current}
	if f := t.Failing; f != nil {
		s.failing = place{f.Rung, f.Environment, f.Code, f.Object}
	}
	return s
}

// final reports whether waiting for longer is of no use.
func (w *wait) final(now time.Time) bool {
	if w.Final != nil {
		return w.Final(w.result.Trace, now)
	}
	if now.Before(w.until) && w.stands.verdict == trace.VerdictFailed {
		return false
	}
	stood := now.Sub(w.since) >= steady
	switch w.stands.verdict {
	case trace.VerdictHealthy, trace.VerdictSuspended:
		return w.stands.current != trace.Behind || stood
	case trace.VerdictFailed:
		return stood && len(w.retriggerable()) == 0 && !w.terminating(now)
	case trace.VerdictUnknown:
		return stood
	case trace.VerdictProgressing:
		return false
	}
	return false
}

// terminating reports whether the failure is an object that is being deleted, and may still be gone in time.
func (w *wait) terminating(now time.Time) bool {
	f := w.result.Trace.Failing
	return f != nil && f.Code == trace.CodeTerminating && now.Sub(f.Since) < dying
}
