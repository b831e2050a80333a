package status

import (
	"context"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/components"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
)

// watching is a status -w under way.
type watching struct {
	*components.Following
	view view
	last *printers.StatusReport // nil before the first
}

// follow assesses all components whenever something has changed, until it is interrupted.
func (o *options) follow(ctx context.Context) error {
	if err := o.open(ctx); err != nil {
		return err
	}
	w := &watching{Following: o.reader.Follow(ctx, nil)}
	defer w.Close()
	running, quit := context.WithCancel(ctx)
	defer quit()
	first, err := w.Read(running)
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
		if err := w.Wait(ctx); err != nil {
			return err
		}
		next, err := w.Read(ctx)
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

func (w *watching) show(report printers.StatusReport) error {
	changes := differences(w.last, report)
	w.last = &report
	return w.view.show(report, changes)
}
