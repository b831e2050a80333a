package reconcile

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile/plan"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Run requests the objects of g in order and waits until each is done, or has failed. It returns where all of them stand. A
// failure of an object is part of the Result and no error; the error, which wraps that of ctx, means that ctx ended before, and
// who holds up the rest. What goes on in the cluster then goes on without us.
func Run(ctx context.Context, g *plan.Graph, c Cluster, o Options) (Result, error) {
	if o.Now == nil {
		return Result{}, errors.New("reconcile: no clock was given")
	}
	within, stop := context.WithCancel(ctx)
	r := &runner{ctx: within, cluster: c, options: o, scheduler: newScheduler(g, o), results: make(chan actionResult)}
	defer r.group.Wait()
	defer stop()
	r.readFirst()
	for {
		changed := c.Changed()
		r.read()
		actions := r.scheduler.step(o.Now())
		r.report()
		if r.scheduler.finished() {
			return r.scheduler.result(o.Now()), nil
		}
		r.start(actions)
		if err := r.wait(ctx, changed); err != nil {
			result := r.scheduler.result(o.Now())
			return result, fmt.Errorf("reconcile: %w; %s", err, result.unsettled())
		}
	}
}

// runner is the loop around scheduler.step: it makes the requests, waits and reports.
type runner struct {
	ctx       context.Context // ends with Run
	cluster   Cluster
	options   Options
	scheduler scheduler
	results   chan actionResult
	group     sync.WaitGroup
}

// actionResult is the result of an action.
type actionResult struct {
	action     action
	object     facts.Object // as the API server returned it after the patch
	err        error
	controller controllerState
}

// readFirst requests all objects at once, before anything is written: from then on they are kept current.
func (r *runner) readFirst() {
	var group sync.WaitGroup
	for _, ref := range r.scheduler.watched() {
		group.Go(func() { r.cluster.Get(r.ctx, ref) })
	}
	group.Wait()
}

func (r *runner) read() {
	for _, ref := range r.scheduler.watched() {
		r.scheduler.observe(r.cluster.Get(r.ctx, ref), r.options.Now())
	}
}

func (r *runner) report() {
	for _, e := range r.scheduler.changes(r.options.Now()) {
		if r.options.Report != nil {
			r.options.Report(e)
		}
	}
}

// start performs actions concurrently.
func (r *runner) start(actions []action) {
	for _, o := range actions {
		r.group.Go(func() {
			a := r.perform(o)
			select {
			case r.results <- a:
			case <-r.ctx.Done():
			}
		})
	}
}

func (r *runner) perform(o action) actionResult {
	a := actionResult{action: o}
	if o.request.Value != "" {
		a.object, a.err = r.cluster.Annotate(r.ctx, o.ref, o.request.Key, o.request.Value)
	}
	if o.inspect && a.err == nil {
		a.controller = inspect(r.ctx, r.cluster, o.ref)
	}
	return a
}

// wait returns when there may be something to decide, with the error of ctx when that has ended.
func (r *runner) wait(ctx context.Context, changed <-chan struct{}) error {
	var deadline <-chan time.Time
	if !r.scheduler.deadline.IsZero() {
		timer := time.NewTimer(r.scheduler.deadline.Sub(r.options.Now()))
		defer timer.Stop()
		deadline = timer.C
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case a := <-r.results:
		if ctx.Err() != nil {
			return ctx.Err() // an action that ctx has ended has no result
		}
		r.scheduler.record(a, r.options.Now())
	case <-changed:
	case <-deadline:
	}
	return nil
}
