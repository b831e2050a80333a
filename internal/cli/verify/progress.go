package verify

import (
	"fmt"
	"sync"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/settle"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// waiting tells how far the waiting has come: of few components each by itself, of many how many are where.
type waiting struct {
	each *tui.Progress // nil for many

	mu    sync.Mutex
	say   func(string)
	end   func()
	count map[*candidate]verify.Decision
	total int
	said  time.Time
	line  string
}

// shownEach is how many components fit on a screen with all their environments.
const shownEach = 5

// printEvery is how often something is said of many components.
const printEvery = 2 * time.Second

func (v *verifying) progress(open int) *waiting {
	w := &waiting{count: map[*candidate]verify.Decision{}, total: open}
	on := tui.Stage{Time: v.reader.Source.ByCluster, Erase: true}
	if open <= shownEach {
		w.each = tui.NewProgress(v.streams, on, v.Color, open == 1, false)
		w.end = w.each.End
		return w
	}
	w.say, w.end = tui.NewStatus(v.streams, on, v.Color)
	return w
}

// take records the state of a component.
func (w *waiting) take(c *candidate, e settle.Event) {
	if w.each != nil {
		w.each.Settling(c.subject, e)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.count[c] = c.judgement.Decision
	if line := w.tally(); line != w.line && e.Time.Sub(w.said) >= printEvery {
		w.line, w.said = line, e.Time
		w.say(e.Time.Format(time.TimeOnly) + "  " + line)
	}
}

func (w *waiting) tally() string {
	n := map[verify.Decision]int{}
	for _, d := range w.count {
		n[d]++
	}
	return fmt.Sprintf("%d components: %d healthy, %d failing, %d unknown, %d progressing", w.total, n[verify.Passed], n[verify.Failed], n[verify.Undecided],
		w.total-n[verify.Passed]-n[verify.Failed]-n[verify.Undecided])
}
