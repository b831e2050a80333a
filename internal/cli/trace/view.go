package trace

import (
	"context"
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui/viewer"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/change"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/data"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// view is where a watched trace is seen: on a terminal, drawn in place; in a pipe, a line for each change; in JSON, an event.
type view struct {
	report func(change.Change) error
	show   func(viewer.Update)
	end    func() error // it restores the terminal; a second call does nothing
	close  func(*trace.Trace, []change.Change) error
}

func (w *watching) newView(ctx context.Context, quit func()) view {
	out := w.streams.Out
	look := tui.Terminal(w.streams, w.color)
	s := view{
		show: func(viewer.Update) {}, end: func() error { return nil },
		close: func(*trace.Trace, []change.Change) error { return nil },
	}
	switch {
	case w.output.Format == "json":
		s.report = func(c change.Change) error { return change.WriteJSON(out, c) }
		s.close = func(t *trace.Trace, _ []change.Change) error { return data.WriteTraceLine(out, t) }
	case look.Marks && tui.CanDraw(w.streams):
		s.report = func(change.Change) error { return nil }
		w.onScreen(ctx, &s, look, quit)
	default:
		s.report = func(c change.Change) error {
			if _, err := fmt.Fprintln(out, change.Format(look, c)); err != nil {
				return fmt.Errorf("write: %w", err)
			}
			return nil
		}
	}
	return s
}

// onScreen draws on a page of its own, and leaves the ladder and the changes behind when that is closed.
func (w *watching) onScreen(ctx context.Context, s *view, look printers.Options, quit func()) {
	m := viewer.Model{Options: look, Begun: w.begun, Until: w.until, Keyboard: tui.HasKeyboard(w.streams)}
	screen := viewer.Start(ctx, w.streams, w.streams.Out, m, viewer.Actions{
		Quit: quit, Interrupt: w.streams.Interrupt, Time: w.byCluster,
		Open:      func(url string) error { return tui.OpenBrowser(w.streams.Getenv, url) },
		Reconcile: func(report func(string)) string { return w.reconciling.run(ctx, w.reconcileArgs(), report) },
	})
	s.show, s.end = screen.Show, screen.End
	s.close = func(t *trace.Trace, changes []change.Change) error {
		now := tui.Terminal(w.streams, w.color) // the window may have another size by now
		now.Now = t.TakenAt
		if err := (report{t}).Print(w.streams.Out, "tree", now); err != nil {
			return err
		}
		return change.Write(now, w.streams.Out, changes)
	}
}
