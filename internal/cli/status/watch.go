package status

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/components"
	"github.com/kubectl-choreo/kubectl-choreo/internal/watch"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
)

const (
	// settleTime is how long changes are gathered at least: one push changes many objects within a second.
	settleTime = 200 * time.Millisecond
	// tick is how often components are assessed without a change: time limits run out. It makes no request.
	tick = 5 * time.Second
)

// watching is a status -w under way.
type watching struct {
	*options
	cluster *watch.Source
	view    view
	last    *printers.StatusReport // nil before the first
	took    time.Duration          // for the last assessment
}

// follow assesses all components whenever something has changed, until it is interrupted.
func (o *options) follow(ctx context.Context) error {
	if err := o.open(ctx); err != nil {
		return err
	}
	cluster := watch.New(ctx, o.reader.Source, watch.Options{})
	defer cluster.Close()
	running, quit := context.WithCancel(ctx)
	defer quit()
	w := &watching{options: o, cluster: cluster}
	first, err := w.read(running)
	if err != nil {
		return err
	}
	o.reader.ReportSkew(o.reader.Source)
	w.view = o.newView(quit)
	err = w.run(running, first)
	closed := w.view.close(w.last)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case running.Err() != nil:
		return closed // the user has quit
	case err != nil:
		return err
	}
	return closed
}

func (w *watching) run(ctx context.Context, report printers.StatusReport) error {
	for {
		if err := w.show(report); err != nil {
			return err
		}
		if err := w.pause(ctx); err != nil {
			return err
		}
		next, err := w.read(ctx)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			w.view.problem(err)
		default:
			report = next
		}
	}
}

// read assesses all components from what the watches have seen. That there is none is a report as well: one may come.
func (w *watching) read(ctx context.Context) (printers.StatusReport, error) {
	begun := time.Now()
	defer func() { w.took = time.Since(begun) }()
	w.reader.ForgetRevisions()
	report, err := w.reader.ReadOverviewFrom(ctx, w.cluster)
	var nothing *components.NotFoundError
	if errors.As(err, &nothing) {
		err = nil
	}
	return report, err
}

func (w *watching) show(report printers.StatusReport) error {
	changes := differences(w.last, report)
	w.last = &report
	return w.view.show(report, changes)
}

// pause waits for a change or the next tick, and then until what changes with it has changed too. All components are assessed again,
// so a large fleet is given the time that it takes, twice.
func (w *watching) pause(ctx context.Context) error {
	timer := time.NewTimer(max(tick, 10*w.took))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	case <-w.cluster.Changed():
	}
	gathered := time.NewTimer(max(settleTime, components.GatherTime(len(w.last.Results)), 2*w.took))
	defer gathered.Stop()
	select {
	case <-ctx.Done():
		return fmt.Errorf("watch: %w", ctx.Err())
	case <-gathered.C:
	}
	return nil
}
