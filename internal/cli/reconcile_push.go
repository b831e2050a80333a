package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile"
	"github.com/kubectl-choreo/kubectl-choreo/internal/settle"
	"github.com/kubectl-choreo/kubectl-choreo/internal/watch"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// waitingAtOnce bounds the components that are waited for at the same time: each has watches of its own.
const waitingAtOnce = 16

// push asks, waits, and prints what came of it.
func (p *pushing) push(ctx context.Context) error {
	timed, cancel := context.WithTimeout(ctx, p.timeout)
	defer cancel()
	progress := p.progress()
	delivered, settled, err := p.deliver(timed, progress)
	if err == nil && p.wait && len(settled) == 0 && (delivered.Good() || len(p.graph.Nodes()) == 0) {
		settled, err = p.settle(timed, progress)
	}
	progress.end()
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
func (p *pushing) deliver(ctx context.Context, progress *progress) (reconcile.Result, []*settle.Result, error) {
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
	delivered, err := reconcile.Run(running, p.graph, p.cluster, p.options(ctx, func(e reconcile.Event) {
		progress.delivery(e)
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

// lookAhead waits for what the component comes to while it is still being delivered. It wakes nothing, and only a failure
// below the delivery counts.
func (p *pushing) lookAhead(ctx context.Context) *settle.Result {
	cluster := watch.New(ctx, p.cluster.kube, watch.Options{})
	defer cluster.Close()
	r, err := settle.Run(ctx, cluster, settle.Options{
		Subject: p.subjects[0], Fresh: p.cluster.kube, Now: time.Now, Wanted: p.reader.wanted,
		Wake: func(context.Context, facts.Ref) error { return errors.New("it is still being delivered") },
	})
	if err != nil || r.Trace.Verdict != trace.Broken || r.Trace.Failing.Environment == "" {
		return nil
	}
	return r
}

func (p *pushing) options(ctx context.Context, report func(reconcile.Event)) reconcile.Options {
	return reconcile.Options{
		Downstream: p.downstream, Full: p.full, KeepGoing: p.keepGoing,
		Revision: p.includes(ctx), Now: time.Now, Report: report,
	}
}

// includes answers whether a commit contains the wanted revision. Commits that come up on the way were not known at the
// start, so the clone is asked for each.
func (p *pushing) includes(ctx context.Context) func(string) (bool, bool) {
	if wanted := p.reader.wanted(ctx, p.snapshot); wanted.Commit == "" {
		return nil
	}
	known := map[string][2]bool{}
	alone := len(repositories(p.snapshot)) == 1
	return func(commit string) (included, sure bool) {
		answer, asked := known[commit]
		if !asked {
			included, sure = p.reader.relation(ctx, p.snapshot, commit).Includes(commit)
			sure = sure || alone // a commit that the clone does not know may be newer, but nothing says so
			answer = [2]bool{included, sure}
			known[commit] = answer
		}
		return answer[0], answer[1]
	}
}

// settle waits for all components, each with watches of its own. One that fails leaves the others to end by themselves.
func (p *pushing) settle(ctx context.Context, progress *progress) ([]*settle.Result, error) {
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
				Subject: subject, Fresh: p.cluster.kube, Now: time.Now, Wanted: p.reader.wanted,
				Wake:   func(ctx context.Context, ref facts.Ref) error { return p.wakeUp(ctx, cluster, ref) },
				Report: func(e settle.Event) { progress.settling(subject, e) },
			})
			return nil
		})
	}
	_ = group.Wait()
	return results, errors.Join(errs...)
}

// wakeUp makes a controller look again: one of OpenChoreo at any change of metadata, one of Flux by a run of its own.
func (p *pushing) wakeUp(ctx context.Context, cluster live, ref facts.Ref) error {
	if ref.Group == kinds.OpenChoreo {
		_, err := cluster.Annotate(ctx, ref, requested, token())
		return err
	}
	r, err := reconcile.Run(ctx, reconcile.Only(ref), cluster, reconcile.Options{Full: true, Now: time.Now})
	if err == nil && !r.Good() {
		return fmt.Errorf("reconcile %s: %s", ref, r.Outcomes[0].Message)
	}
	return err
}

// goesOn says, after an interruption, what the cluster does without us.
func (p *pushing) goesOn(r reconcile.Result) {
	var names []string
	for _, o := range append(r.In(reconcile.Asked), r.In(reconcile.Running)...) {
		names = append(names, printers.Escape(o.Ref.String()))
	}
	if len(names) > 0 {
		_, _ = fmt.Fprintf(p.world.Err, "asked already, and goes on without us: %s\n", strings.Join(names, ", "))
	}
}

// answer prints what came of it, and returns its exit code.
func (p *pushing) answer(ctx context.Context, delivered reconcile.Result, settled []*settle.Result, late error) error {
	code := stateCode(delivered)
	if code != exitOK && len(settled) == 0 {
		settled = p.lookOnce(ctx)
	} else {
		for _, r := range settled {
			code = worst(code, settledCode(r))
		}
	}
	if late != nil {
		code = worst(code, exitUnsettled)
	}
	report := p.report(delivered, settled, late)
	var err error
	if p.output == "json" {
		err = printers.ReportJSON(p.world.Out, report)
	} else {
		err = p.look().Report(p.world.Out, report)
	}
	if err == nil && code != exitOK {
		return &verdictError{code}
	}
	return err
}

// lookOnce traces a component whose delivery did not come through: the trace names the object, the file and its author.
func (p *pushing) lookOnce(ctx context.Context) []*settle.Result {
	if p.reader.subject.Component == "" {
		return nil
	}
	s, err := p.reader.fromCluster(ctx)
	if err != nil {
		return nil
	}
	return []*settle.Result{{Trace: trace.Assess(s, s.TakenAt), Snapshot: s}}
}

func settledCode(r *settle.Result) int {
	if r == nil || r.Trace == nil {
		return exitUndecided
	}
	return exitCode(r.Trace)
}

// worst of two exit codes: a failure outweighs what could not be decided, which outweighs what is not settled.
func worst(a, b int) int {
	for _, code := range []int{exitFailed, exitUndecided, exitUnsettled} {
		if a == code || b == code {
			return code
		}
	}
	return exitOK
}

// report gathers what there is to tell at the end.
func (p *pushing) report(delivered reconcile.Result, settled []*settle.Result, late error) printers.Report {
	r := printers.Report{Begun: p.began, Ended: time.Now(), Waited: p.wait, Late: late != nil, Steps: []printers.Step{}}
	for _, o := range delivered.Outcomes {
		r.Steps = append(r.Steps, printers.Step{
			Time: o.Time, Object: o.Ref, State: o.State.String(), Look: lookOf(o.State), Message: o.Message, Revision: o.Revision, After: o.After,
		})
		if !o.Times.Asked.IsZero() || o.State == reconcile.Done {
			r.Times = append(r.Times, printers.Timed{Object: o.Ref, Asked: o.Times.Asked, Handled: o.Times.Handled, Applied: o.Times.Applied, Ready: o.Times.Ready})
		}
	}
	for _, one := range settled {
		if one == nil || one.Trace == nil {
			continue
		}
		r.Traces, r.Woken = append(r.Traces, one.Trace), append(r.Woken, one.Woken...)
		if len(settled) == 1 {
			r.Times = append(r.Times, rungTimes(one.Reached)...)
		}
	}
	return r
}

// rungTimes are the rungs of the environments in the order in which they were reached, those of one moment together.
func rungTimes(reached []settle.Reached) []printers.Timed {
	var times []printers.Timed
	for _, at := range reached {
		last := len(times) - 1
		switch {
		case at.Environment == "":
		case last >= 0 && times[last].Environment == at.Environment && times[last].Ready.Equal(at.Time):
			times[last].Rungs = append(times[last].Rungs, at.Rung)
		default:
			times = append(times, printers.Timed{Environment: at.Environment, Rungs: []trace.RungID{at.Rung}, Ready: at.Time})
		}
	}
	return times
}
