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

// Run asks the objects of g in order and waits until each is done, or has failed. It returns where all of them stand. A
// failure of an object is part of the Result and no error; the error, which wraps that of ctx, says that ctx ended before, and
// who holds up the rest. What goes on in the cluster then goes on without us.
func Run(ctx context.Context, g *plan.Graph, c Cluster, o Options) (Result, error) {
	if o.Now == nil {
		return Result{}, errors.New("reconcile: no clock was given")
	}
	within, stop := context.WithCancel(ctx)
	r := &runner{ctx: within, cluster: c, options: o, book: newBook(g, o), answers: make(chan answer)}
	defer r.group.Wait()
	defer stop()
	r.readFirst()
	for {
		changed := c.Changed()
		r.read()
		orders := r.book.step(o.Now())
		r.report()
		if r.book.finished() {
			return r.book.result(o.Now()), nil
		}
		r.launch(orders)
		if err := r.wait(ctx, changed); err != nil {
			result := r.book.result(o.Now())
			return result, fmt.Errorf("reconcile: %w; %s", err, result.unsettled())
		}
	}
}

// runner is the loop around step: it does what can wait, fail or be seen.
type runner struct {
	ctx     context.Context // ends with Run
	cluster Cluster
	options Options
	book    *book
	answers chan answer
	group   sync.WaitGroup
}

// answer is what became of an order.
type answer struct {
	order  order
	object facts.Object // as the annotation left it
	err    error
	signs  signs
}

// readFirst asks for all objects at once, before anything is written: from then on they are kept current.
func (r *runner) readFirst() {
	var group sync.WaitGroup
	for _, ref := range r.book.watched() {
		group.Go(func() { r.cluster.Get(r.ctx, ref) })
	}
	group.Wait()
}

func (r *runner) read() {
	for _, ref := range r.book.watched() {
		r.book.see(r.cluster.Get(r.ctx, ref), r.options.Now())
	}
}

func (r *runner) report() {
	for _, e := range r.book.changes(r.options.Now()) {
		if r.options.Report != nil {
			r.options.Report(e)
		}
	}
}

// launch carries out orders side by side.
func (r *runner) launch(orders []order) {
	for _, o := range orders {
		r.group.Go(func() {
			a := r.carryOut(o)
			select {
			case r.answers <- a:
			case <-r.ctx.Done():
			}
		})
	}
}

func (r *runner) carryOut(o order) answer {
	a := answer{order: o}
	if o.request.Value != "" {
		a.object, a.err = r.cluster.Annotate(r.ctx, o.ref, o.request.Key, o.request.Value)
	}
	if o.look && a.err == nil {
		a.signs = look(r.ctx, r.cluster, o.ref)
	}
	return a
}

// wait returns when there may be something to decide, with the error of ctx when that has ended.
func (r *runner) wait(ctx context.Context, changed <-chan struct{}) error {
	var deadline <-chan time.Time
	if !r.book.next.IsZero() {
		timer := time.NewTimer(r.book.next.Sub(r.options.Now()))
		defer timer.Stop()
		deadline = timer.C
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case a := <-r.answers:
		if ctx.Err() != nil {
			return ctx.Err() // what the end of ctx made of an order is no answer
		}
		r.book.take(a, r.options.Now())
	case <-changed:
	case <-deadline:
	}
	return nil
}
