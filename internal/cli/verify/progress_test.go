package verify

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/components"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/settle"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// TestProgressOfMany prints a line when the numbers have changed, and not more often than every two seconds.
func TestProgressOfMany(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	v := &verifying{options: &options{reader: &components.Reader{}, streams: iostreams.IOStreams{Err: &out, Getenv: func(string) string { return "" }}}}
	w := v.progress(shownEach + 1)
	start := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	all := []*candidate{{}, {}, {}, {}}
	for _, e := range []struct {
		after    time.Duration
		of       int
		decision verify.Decision
	}{
		{0, 0, verify.Pending},
		{time.Second, 1, verify.Failed}, // too soon after the first line
		{2 * time.Second, 2, verify.Passed},
		{5 * time.Second, 2, verify.Passed}, // the same numbers
		{6 * time.Second, 3, verify.Undecided},
		{9 * time.Second, 0, verify.Passed},
	} {
		all[e.of].judgement.Decision = e.decision
		w.take(all[e.of], settle.Event{Time: start.Add(e.after)})
	}
	w.end()
	want := []string{
		"12:00:00  6 components: 0 healthy, 0 failing, 0 unknown, 6 progressing",
		"12:00:02  6 components: 1 healthy, 1 failing, 0 unknown, 4 progressing",
		"12:00:06  6 components: 1 healthy, 1 failing, 1 unknown, 3 progressing",
		"12:00:09  6 components: 2 healthy, 1 failing, 1 unknown, 2 progressing",
		"",
	}
	if diff := cmp.Diff(want, strings.Split(out.String(), "\n")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestOpenLine(t *testing.T) {
	t.Parallel()
	v := &verifying{all: make([]*candidate, 400)}
	line := v.openLine(250, 5400*time.Millisecond)
	if _, got, _ := strings.Cut(line, "  "); got != "250 of 400 components are not ready; next check in 5s" {
		t.Errorf("%q", line)
	}
}

// TestFewAreWatchedAtOnce: more than 200 open components are read again, after a pause; fewer are not.
func TestFewAreWatchedAtOnce(t *testing.T) {
	t.Parallel()
	for open, pause := range map[int]time.Duration{watchable: 0, watchable + 1: time.Second} {
		synctest.Test(t, func(t *testing.T) {
			var out strings.Builder
			v := &verifying{options: &options{reader: &components.Reader{}, streams: iostreams.IOStreams{Err: &out, Getenv: func(string) string { return "" }}}}
			for range open {
				v.all = append(v.all, &candidate{})
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Second) // ends in the pause
			defer cancel()
			start := time.Now()
			if err := v.readUntilWatchable(ctx); err != nil || time.Since(start) != pause || (out.Len() > 0) != (pause > 0) {
				t.Errorf("%d open: %v after %s, %q", open, err, time.Since(start), out.String())
			}
		})
	}
}
