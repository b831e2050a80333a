package verify

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/components"
	"github.com/kubectl-choreo/kubectl-choreo/internal/fleet"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/internal/settle"
	"github.com/kubectl-choreo/kubectl-choreo/internal/watch"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// freshFor is how old the answers may be that end the waiting of a fleet: asking anew for each component would cost what a
// trace of each costs.
const freshFor = time.Second

// wait watches until every component is final, or the time runs out.
func (v *verifying) wait(ctx context.Context, source *kube.Source, open []*candidate) error {
	if len(open) == 0 || ctx.Err() != nil {
		for _, c := range open {
			c.judgement = c.stability.TimedOut(c.judgement)
		}
		return nil
	}
	watched := watch.New(ctx, source, watch.Options{})
	defer watched.Close()
	shared := fleet.New(watched, v.reader.FleetOptions(len(open)))
	news := newBroadcaster(len(open))
	relaying, stop := context.WithCancel(ctx)
	defer stop()
	go news.run(relaying, watched.Changed(), shared.Forget)

	recent := v.reader.FleetOptions(len(open))
	recent.MaxAge, recent.Now = freshFor, time.Now
	fresh := fleet.New(source, recent)

	progress := v.progress(len(open))
	defer progress.end()
	errs := make([]error, len(open))
	var group sync.WaitGroup
	for i, c := range open {
		group.Go(func() {
			cluster := following{shared.For(c.subject), news.changed[i]}
			errs[i] = v.settle(ctx, c, cluster, settle.Options{
				Subject: c.subject, Fresh: fresh.For(c.subject), Now: time.Now, Wanted: v.reader.Wanted, Tick: news.tick(),
				Report: func(e settle.Event) { progress.take(c, e) },
			})
		})
	}
	group.Wait()
	return errors.Join(errs...)
}

// following is the fleet as one component reads it, with a channel of its own.
type following struct {
	facts.Source
	changed <-chan struct{}
}

func (f following) Changed() <-chan struct{} { return f.changed }

func (f following) Skew(plane facts.Plane) (time.Duration, bool) {
	if clock, ok := f.Source.(facts.Clock); ok {
		return clock.Skew(plane)
	}
	return 0, false
}

// settle waits for one component. That the time runs out is a result, and no error.
func (v *verifying) settle(ctx context.Context, c *candidate, cluster settle.Cluster, o settle.Options) error {
	o.Final = func(r *settle.Result, now time.Time) bool {
		c.trace, c.judgement = r.Trace, v.gate().Judge(r.Trace)
		c.final = c.stability.Final(c.judgement, r.Trace, now)
		return c.final
	}
	r, err := settle.Run(ctx, cluster, o)
	if r != nil && r.Trace != nil {
		c.trace, c.judgement = r.Trace, v.gate().Judge(r.Trace)
		v.keep(ctx, c, r.Snapshot)
	}
	if err == nil {
		return nil
	}
	c.final = false
	if !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	c.judgement = c.stability.TimedOut(c.judgement)
	return nil
}

// broadcaster tells each component that something changed, as the watch has but one channel.
type broadcaster struct {
	changed []chan struct{}
}

func newBroadcaster(count int) *broadcaster {
	r := &broadcaster{}
	for range count {
		r.changed = append(r.changed, make(chan struct{}, 1))
	}
	return r
}

// pause is how long changes are gathered: after each, all components are assessed again.
func (r *broadcaster) pause() time.Duration { return components.GatherTime(len(r.changed)) }

// tick is how often a component is judged anew without a change.
func (r *broadcaster) tick() time.Duration { return max(500*time.Millisecond, 2*r.pause()) }

// run forgets what was read before a change, and then tells them, until ctx ends.
func (r *broadcaster) run(ctx context.Context, changed <-chan struct{}, forget func()) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-changed:
		}
		timer := time.NewTimer(r.pause())
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		forget()
		for _, changed := range r.changed {
			select {
			case changed <- struct{}{}:
			default: // it will look anyway
			}
		}
	}
}
