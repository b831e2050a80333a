package status

import (
	"fmt"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/change"
)

// view is where a watched overview is seen: on a terminal, drawn in place; in a pipe, a line for each change; in JSON, an event.
type view struct {
	show    func(printers.StatusReport, []change.Change) error
	problem func(error)
	close   func(*printers.StatusReport) error // it restores the terminal; the report is nil before the first
}

func (o *options) newView(quit func()) view {
	look := tui.Terminal(o.streams, o.color)
	switch {
	case o.output.Format == "json":
		return o.events()
	case look.Marks && tui.CanDraw(o.streams):
		return o.onScreen(look, quit)
	}
	return o.lines(look)
}

func (o *options) events() view {
	v := o.lines(printers.Options{})
	v.show = func(_ printers.StatusReport, changes []change.Change) error {
		for _, c := range changes {
			if err := change.WriteStatusJSON(o.streams.Out, c); err != nil {
				return err
			}
		}
		return nil
	}
	return v
}

// lines prints the changes, and the counts of the components if they have changed.
func (o *options) lines(look printers.Options) view {
	headline := ""
	return view{
		show: func(r printers.StatusReport, changes []change.Change) error {
			lines := change.Lines(look, notable(changes), o.reader.AllNamespaces)
			if now := r.Headline(); now != headline {
				headline = now
				lines = append(lines, r.Ended.Format(time.TimeOnly)+"  "+now)
			}
			for _, line := range lines {
				if _, err := fmt.Fprintln(o.streams.Out, line); err != nil {
					return fmt.Errorf("write: %w", err)
				}
			}
			return nil
		},
		problem: o.newProblem(),
		close:   func(*printers.StatusReport) error { return nil },
	}
}

// newProblem reports an error once, until another follows.
func (o *options) newProblem() func(error) {
	last := ""
	return func(err error) {
		if err.Error() != last {
			last = err.Error()
			_, _ = fmt.Fprintf(o.streams.Err, "%s  %s; retrying\n", time.Now().Format(time.TimeOnly), printers.Escape(last))
		}
	}
}

// onScreen draws in place, and leaves the overview behind.
func (o *options) onScreen(look printers.Options, quit func()) view {
	screen := tui.NewScreen(o.streams, o.streams.Out, tui.Stage{Look: look, Erase: true, Time: o.reader.Source.ByCluster, Quit: quit})
	problem, shown := "", printers.StatusReport{}
	draw := func() { screen.Show(picture(shown, problem)) }
	return view{
		show: func(r printers.StatusReport, _ []change.Change) error {
			shown, problem = r, ""
			draw()
			return nil
		},
		problem: func(err error) {
			problem = err.Error() + "; retrying"
			draw()
		},
		close: func(last *printers.StatusReport) error {
			screen.End()
			if last == nil {
				return nil
			}
			now := tui.Terminal(o.streams, o.color) // the window may have another size by now
			now.Now = last.Ended
			return last.Print(o.streams.Out, "table", now)
		},
	}
}

// picture draws a report, as the terminal has room. Only ages change between two reports, so it is drawn once a second.
func picture(r printers.StatusReport, problem string) tui.Picture {
	var drawn string
	var of struct {
		width, height int
		second        int64
	}
	return func(look printers.Options, height int, now time.Time) string {
		key := of
		key.width, key.height, key.second = look.Width, height, now.Unix()
		if drawn == "" || key != of {
			look.Now = now
			of, drawn = key, r.Screen(look, height, problem)
		}
		return drawn
	}
}
