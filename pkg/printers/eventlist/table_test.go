package eventlist

import (
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// TestSeen: the age of the last event, with the number and the first of several.
func TestSeen(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
	last, first := now.Add(-5*time.Minute), now.Add(-20*time.Minute)
	for name, c := range map[string]struct {
		event Event
		now   time.Time
		want  string
	}{
		"Once":     {Event{LastSeen: last, FirstSeen: last, Count: 1}, now, "5m"},
		"Several":  {Event{LastSeen: last, FirstSeen: first, Count: 7}, now, "5m (x7 over 20m)"},
		"NoFirst":  {Event{LastSeen: last, Count: 7}, now, "5m"},
		"Never":    {Event{FirstSeen: first, Count: 7}, now, "unknown"},
		"NoClock":  {Event{LastSeen: last, Count: 1}, time.Time{}, "unknown"},
		"InFuture": {Event{LastSeen: now.Add(time.Second), Count: 1}, now, "0s"},
	} {
		if got := (Table{options: style.Options{Now: c.now}}).seen(c.event); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestNarrow: a message needs 40 cells beside the other columns, or gets a line of its own.
func TestNarrow(t *testing.T) {
	t.Parallel()
	events := []Event{{Type: "Normal", Reason: "Created", Object: facts.Ref{Kind: "Pod", Name: "a"}}}
	wide := NewTable(style.Options{}, events, false)
	used := 0
	for _, width := range wide.widths {
		used += width + len(gap)
	}
	for width, narrow := range map[int]bool{0: false, used + 40: false, used + 39: true} {
		if got := NewTable(style.Options{Width: width}, events, false); got.narrow != narrow || len(got.widths) != len(wide.widths)-map[bool]int{true: 1}[narrow] {
			t.Errorf("%d cells: narrow is %v with %d columns", width, got.narrow, len(got.widths))
		}
	}
}
