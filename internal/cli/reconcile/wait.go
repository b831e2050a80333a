package reconcile

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev/sources"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile/plan"
	"github.com/kubectl-choreo/kubectl-choreo/internal/settle"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
	"github.com/kubectl-choreo/kubectl-choreo/internal/watch"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// waitingAtOnce bounds the components that are waited for at the same time: each has watches of its own.
const waitingAtOnce = 16

// reconcileAndWait requests, waits, and prints the results.
func (p *run) reconcileAndWait(ctx context.Context) error {
	timed, cancel := context.WithTimeout(ctx, p.timeout)
	defer cancel()
	progress := p.progress()
	delivered, settled, err := p.deliver(timed, progress)
	if err == nil && p.wait && len(settled) == 0 && (delivered.Good() || len(p.graph.Nodes()) == 0) {
		settled, err = p.settle(timed, progress)
	}
	progress.End()
	if ctx.Err() != nil {
		p.goesOn(delivered)
		return ctx.Err()
	}
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return p.answer(ctx, delivered, settled, err)
}

// deliver pushes the graph through. A Kustomization that waits for health would wait for what cannot become healthy until its
// own time-out; the component's trace knows sooner, and is then returned.
func (p *run) deliver(ctx context.Context, progress *tui.Progress) (reconcile.Result, []*settle.Result, error) {
	running, stop := context.WithCancel(ctx)
	defer stop()
	sooner := make(chan *settle.Result, 1)
	var looking sync.WaitGroup
	defer looking.Wait()
	look := sync.OnceFunc(func() {
		looking.Go(func() {
			if r := p.lookAhead(running); r != nil {
				sooner <- r
				stop()
			}
		})
	})
	delivered, err := reconcile.Run(running, p.graph, p.cluster, p.runOptions(ctx, func(e reconcile.Event) {
		progress.Delivery(e)
		if p.wait && len(p.subjects) == 1 && !e.State.Settled() && kinds.ChecksHealth(e.Message) {
			look()
		}
	}))
	stop()
	looking.Wait()
	select {
	case r := <-sooner:
		return delivered, []*settle.Result{r}, ctx.Err()
	default:
		return delivered, nil, err
	}
}

// lookAhead waits for what the component comes to while it is still being delivered. It re-triggers nothing, and only a failure
// below the delivery counts.
func (p *run) lookAhead(ctx context.Context) *settle.Result {
	cluster := watch.New(ctx, p.cluster.kube, watch.Options{})
	defer cluster.Close()
	r, err := settle.Run(ctx, cluster, settle.Options{
		Subject: p.subjects[0], Fresh: p.cluster.kube, Now: time.Now, Wanted: p.reader.Wanted,
		Retrigger: func(context.Context, facts.Ref) error { return errors.New("still being delivered") },
	})
	if err != nil || r.Trace.Verdict != trace.VerdictFailed || r.Trace.Failing.Environment == "" {
		return nil
	}
	return r
}

func (p *run) runOptions(ctx context.Context, report func(reconcile.Event)) reconcile.Options {
	return reconcile.Options{
		Full: p.full, KeepGoing: p.keepGoing,
		Revision: p.includes(ctx), Now: p.cluster.kube.Now, Report: report,
	}
}

// includes answers whether a commit contains the wanted revision. Commits that come up on the way were not known at the
// start, so the clone is read for each.
func (p *run) includes(ctx context.Context) func(string) (bool, bool) {
	if wanted := p.reader.Wanted(ctx, p.snapshot); wanted.Commit == "" {
		return nil
	}
	known := map[string][2]bool{}
	alone := len(sources.URLs(p.snapshot)) == 1
	return func(commit string) (included, sure bool) {
		answer, asked := known[commit]
		if !asked {
			included, sure = p.reader.Relation(ctx, p.snapshot, commit).Includes(commit)
			sure = sure || alone // a commit that the clone does not know may be newer, but nothing shows it
			answer = [2]bool{included, sure}
			known[commit] = answer
		}
		return answer[0], answer[1]
	}
}

// settle waits for all components, each with watches of its own. One that fails leaves the others to end by themselves.
func (p *run) settle(ctx context.Context, progress *tui.Progress) ([]*settle.Result, error) {
	results := make([]*settle.Result, len(p.subjects))
	errs := make([]error, len(p.subjects))
	var group errgroup.Group
	group.SetLimit(waitingAtOnce)
	for i, subject := range p.subjects {
		group.Go(func() error {
			cluster := p.cluster
			if len(p.subjects) > 1 {
				cluster.Source = watch.New(ctx, p.cluster.kube, watch.Options{})
				defer cluster.Close()
			}
			results[i], errs[i] = settle.Run(ctx, cluster, settle.Options{
				Subject: subject, Fresh: p.cluster.kube, Now: time.Now, Wanted: p.reader.Wanted,
				Retrigger: func(ctx context.Context, ref facts.Ref) error { return p.retrigger(ctx, cluster, ref) },
				Report:    func(e settle.Event) { progress.Settling(subject, e) },
			})
			return nil
		})
	}
	_ = group.Wait()
	return results, errors.Join(errs...)
}

// retrigger makes a controller look again: one of OpenChoreo at any change of metadata, one of Flux by a run of its own.
func (p *run) retrigger(ctx context.Context, cluster live, ref facts.Ref) error {
	if ref.Group == kinds.OpenChoreo {
		_, err := cluster.Annotate(ctx, ref, requestedAtAnnotation, token())
		return err
	}
	r, err := reconcile.Run(ctx, plan.Only(ref), cluster, reconcile.Options{Full: true, Now: p.cluster.kube.Now})
	if err == nil && !r.Good() {
		return fmt.Errorf("reconcile %s: %s", ref, r.Outcomes[0].Message)
	}
	return err
}

// goesOn reports, after an interruption, what the cluster does without us.
func (p *run) goesOn(r reconcile.Result) {
	var names []string
	for _, o := range append(r.In(reconcile.Asked), r.In(reconcile.Running)...) {
		names = append(names, printers.Escape(o.Ref.String()))
	}
	if len(names) > 0 {
		_, _ = fmt.Fprintf(p.streams.Err, "already triggered, and still running in the cluster: %s\n", strings.Join(names, ", "))
	}
}
