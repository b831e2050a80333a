package tui

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
)

// activityDelay is how long a command runs before it reports what it is doing.
const activityDelay = time.Second

// ShowActivity shows what a command is doing and for how long, on a terminal, until end is called or the context ends. A command that
// takes less than a second shows nothing.
func ShowActivity(ctx context.Context, w iostreams.IOStreams, activity string) (end func()) {
	look := Terminal(iostreams.IOStreams{Args: w.Args, Out: w.Err, Getenv: w.Getenv}, "never")
	if !look.Marks || !CanDraw(w) {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	var drawing sync.WaitGroup
	drawing.Go(func() {
		begun := time.Now()
		tick := time.NewTicker(activityDelay)
		defer tick.Stop()
		shown := false
		for {
			select {
			case <-ctx.Done():
				if shown {
					_, _ = fmt.Fprint(w.Err, "\r\x1b[K")
				}
				return
			case now := <-tick.C:
				line := look.Truncate(fmt.Sprintf("%s %s", look.ToASCII(activity+"…"), now.Sub(begun).Round(time.Second)), 0)
				_, _ = fmt.Fprint(w.Err, "\r\x1b[K"+line)
				shown = true
			}
		}
	})
	return func() {
		cancel()
		drawing.Wait()
	}
}
