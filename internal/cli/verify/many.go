package verify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// watchable is how many components are waited for with watches: a watch keeps its lists in memory, taken apart.
const watchable = 200

// rereadEvery is the least time between two looks at more than that.
const rereadEvery = 5 * time.Second

// readUntilWatchable looks at what is open, batch by batch, until there is no more of it than can be watched. What holds thousands is nearly
// always one cause, which is final at the second look.
func (v *verifying) readUntilWatchable(ctx context.Context) error {
	if len(v.open()) <= watchable {
		return nil
	}
	took := rereadEvery
	say, end := tui.NewStatus(v.streams, tui.Stage{Erase: true}, v.Color)
	defer end()
	for open := v.open(); len(open) > watchable && ctx.Err() == nil; open = v.open() {
		say(v.openLine(len(open), took))
		timer := time.NewTimer(took)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-timer.C:
		}
		begun := time.Now()
		if err := v.answered(ctx, func() error { return v.lookAgain(ctx, open) }); err != nil {
			return err
		}
		took = max(rereadEvery, time.Since(begun))
	}
	return nil
}

// openLine reports how far it is.
func (v *verifying) openLine(open int, next time.Duration) string {
	return fmt.Sprintf("%s  %d of %d components are not ready; next check in %s",
		time.Now().Format(time.TimeOnly), open, len(v.all), next.Round(time.Second))
}

// lookAgain judges all that is open anew. That the time runs out meanwhile is a result, and no error.
func (v *verifying) lookAgain(ctx context.Context, open []*candidate) error {
	var subjects []facts.Subject
	for _, c := range open {
		subjects = append(subjects, c.subject)
	}
	err := v.reader.ReadAgain(ctx, subjects, func(ctx context.Context, at int, s *facts.Snapshot) { v.take(ctx, open[at], s) })
	if errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}
