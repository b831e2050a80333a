package text

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/change"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestLiveFits: whatever the window, no more lines than it has, and always how long it has been watched.
func TestLiveFits(t *testing.T) {
	t.Parallel()
	l := Live{Trace: printerstest.FailedPull(), Begun: printerstest.Now, Notes: []string{"q quit"}}
	for i := range 30 {
		l.Changes = append(l.Changes, change.Change{Time: printerstest.Now, Rung: trace.RungPod, Environment: "development", To: change.Standing{State: "Failed"}, Look: trace.Failed, Message: fmt.Sprintf("change %d", i)})
	}
	for height := 1; height < 80; height++ {
		for _, width := range []int{20, 80, 200} {
			o := style.Options{Marks: true, Width: width, Now: printerstest.Now}
			drawn := DrawLive(o, l, height)
			if lines := strings.Count(drawn, "\n") + 1; lines > height {
				t.Errorf("%dx%d: %d lines", width, height, lines)
			}
			if height >= 4 && !strings.Contains(drawn, "30 changes") {
				t.Errorf("%dx%d: no status:\n%s", width, height, drawn)
			}
			if height >= 4 && width >= 80 && (!strings.Contains(drawn, "change 29") || !strings.Contains(drawn, "Failed at")) {
				t.Errorf("%dx%d does not show what fails and the last change:\n%s", width, height, drawn)
			}
		}
	}
	closing := newTree(style.Options{Marks: true, Width: 80, Now: printerstest.Now})
	closing.conclude(l.Trace)
	if drawn := DrawLive(closing.Options, l, len(closing.Lines)+3+minChanges+2); !strings.HasPrefix(drawn, "greeter   project demo") {
		t.Errorf("where there is room for it, it does not begin with what it is about:\n%s", drawn)
	}
	whole := DrawLive(style.Options{}, l, 0)
	for _, words := range []string{"change 0", "change 29", "delivery", "Failed at: pod"} {
		if !strings.Contains(whole, words) {
			t.Errorf("without a limit it does not show %q:\n%s", words, whole)
		}
	}
}

func TestLiveSaysHowManyChanges(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "no change since", 1: "1 change since", 2: "2 changes since"} {
		drawn := DrawLive(style.Options{Width: 80}, Live{Trace: printerstest.FailedPull(), Changes: make([]change.Change, n), Begun: printerstest.Now, Notes: []string{"q quit"}}, 24)
		if !strings.Contains(drawn, want) {
			t.Errorf("it does not say %q:\n%s", want, drawn)
		}
	}
}

// TestFitCountsWhatItCuts: the lines that are shown and those that are said to be more are all lines of the last block.
func TestFitCountsWhatItCuts(t *testing.T) {
	t.Parallel()
	o := style.Options{Now: printerstest.Now}
	whole := newTree(o)
	whole.conclude(printerstest.FailedPull())
	for room := 2; room < len(whole.Lines); room++ {
		lines := fit(o, printerstest.FailedPull(), room)
		want := fmt.Sprintf("  … %d more lines; scroll, or make the window taller", len(whole.Lines)-room+1)
		if len(lines) != room || lines[room-1] != want || lines[0] != whole.Lines[0] {
			t.Errorf("in %d lines, want %q at the end:\n%s", room, want, strings.Join(lines, "\n"))
		}
	}
	if lines := fit(o, printerstest.FailedPull(), 1); len(lines) != 1 || lines[0] != whole.Lines[0] {
		t.Errorf("in one line:\n%s", strings.Join(lines, "\n"))
	}
}

// TestAbridged: what is well is left out, but not what is behind, nor an environment.
func TestAbridged(t *testing.T) {
	t.Parallel()
	tr := printerstest.FailedPull()
	tr.Environments[1].Rungs = append(tr.Environments[1].Rungs, trace.Rung{ID: trace.RungCell, State: trace.OK, Current: trace.Behind})
	tr.Environments[0].Rungs = append(tr.Environments[0].Rungs, trace.Rung{ID: trace.RungEndpoint, State: trace.OK, Current: trace.Current}, trace.Rung{ID: trace.RungResource, State: trace.OK, Current: trace.Behind})
	p := newTree(style.Options{Now: printerstest.Now})
	p.abridged(tr)
	var words []string
	for _, line := range p.Lines {
		if strings.HasPrefix(line, "Fail") {
			break // the last block
		}
		if fields := strings.Fields(line); len(fields) > 1 {
			words = append(words, strings.Join(fields[:2], " "))
		}
	}
	text := strings.Join(words, "; ") + ";"
	for _, want := range []string{"delivery", "development failed", "pod", "resource", "production undeployed", "cell"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %s", want, text)
		}
	}
	for _, well := range []string{"source", "endpoint"} {
		if strings.Contains(text, " "+well+";") {
			t.Errorf("%q is in %s", well, text)
		}
	}
}

// TestLiveScrolls: a user who scrolls sees the lines of the ladder from the wanted one on, and never beyond its end.
func TestLiveScrolls(t *testing.T) {
	t.Parallel()
	o, tr := style.Options{Now: printerstest.Now}, printerstest.FailedPull()
	all := LadderLines(o, tr)
	const height = 8
	room := Live{}.Room(height)
	last := len(all) - room
	if last < 2 {
		t.Fatalf("the ladder has %d lines, and %d fit", len(all), room)
	}
	for from, first := range map[int]int{-3: 0, 0: 0, 2: 2, last: last, last + 1: last, 1000: last} {
		lines := strings.Split(DrawLive(o, Live{Trace: tr, Whole: true, From: from, Message: "copied"}, height), "\n")
		want := append(slices.Clone(all[first:first+room]), "", "copied")
		if diff := cmp.Diff(want, lines); diff != "" {
			t.Errorf("from %d (-want +got)\n%s", from, diff)
		}
	}
	whole := DrawLive(o, Live{Trace: tr, Whole: true, From: 3, Message: "copied"}, 0)
	if diff := cmp.Diff(strings.Join(append(all, "", "copied"), "\n"), whole); diff != "" {
		t.Errorf("without a limit (-want +got)\n%s", diff)
	}
}

// TestStatusLine: a message replaces the status, and both fit into one line.
func TestStatusLine(t *testing.T) {
	t.Parallel()
	o := style.Options{Color: true, ASCII: true, Width: 16}
	for want, c := range map[string][2]string{
		"\x1b[2mno change\x1b[0m":       {"no change", ""},
		"\x1b[1mcopied\x1b[0m":          {"no change", "copied"},
		"\x1b[1ma -> b\x1b[0m":          {"", "a → b"},
		"\x1b[2m1 change sin...\x1b[0m": {"1 change since 04:00:00", ""},
	} {
		if got := StatusLine(o, c[0], c[1]); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
