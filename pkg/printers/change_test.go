package printers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

func TestChangeLine(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC)
	ok, behind := &Standing{State: "OK", Current: trace.Current, Revision: "main@sha1:7040926aaaaaaaaa"}, &Standing{State: "OK", Current: trace.Behind}
	for name, c := range map[string]struct {
		change Change
		want   string
	}{
		"First":    {Change{Rung: trace.RungPod, Environment: "staging", To: Standing{State: "Failed"}, Message: "it is \x1b[31mred\nor not"}, `04:00:00  staging: pod  failed: it is \x1b[31mred or not`},
		"State":    {Change{Rung: trace.RungSource, From: ok, To: Standing{State: "Progressing", Revision: ok.Revision}}, "04:00:00  source  ok → progressing"},
		"Revision": {Change{Rung: trace.RungSource, From: ok, To: Standing{State: "OK", Revision: "main@sha1:21cf1bcaaaaaaaaa"}}, "04:00:00  source  ok at 21cf1bc"},
		"Behind":   {Change{Rung: trace.RungCell, Environment: "a", From: behind, To: Standing{State: "OK"}}, "04:00:00  a: cell  ok, behind → ok"},
		"Summary":  {Change{Rung: trace.RungPod, From: ok, To: *ok, Message: "2 running"}, "04:00:00  pod  ok: 2 running"},
		"Verdict":  {Change{Component: "greeter", From: ok, To: Standing{State: "Failed"}, Code: "OOMKilled", Message: "exit 137"}, "04:00:00  greeter  ok → failed: OOMKilled: exit 137"},
		"Wanted":   {Change{Component: "greeter", From: ok, To: Standing{State: "OK", Current: trace.Behind, Revision: "main@sha1:21cf1bcaaaaaaaaa"}}, "04:00:00  greeter  ok → ok, behind, wanted 21cf1bc"},
		"Wordless": {Change{Component: "greeter", To: Standing{State: "Failed"}, Code: "OOMKilled"}, "04:00:00  greeter  failed: OOMKilled"},
	} {
		c.change.Time = at
		if diff := cmp.Diff(c.want, (Options{}).ChangeLine(c.change)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		if got := (Options{ASCII: true}).ChangeLine(c.change); strings.Contains(got, "→") {
			t.Errorf("%s is not ASCII: %s", name, got)
		}
	}
}

func TestChangeIsALineOfJSON(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	c := Change{Time: now, Component: "greeter", Rung: trace.RungPod, Environment: "a", From: &Standing{State: "OK"}, To: Standing{State: "Failed", Current: trace.Behind}, Message: "a\nb \x1b[ <&>"}
	if err := ChangeJSON(&out, c); err != nil {
		t.Fatal(err)
	}
	if err := TraceJSON(&out, failedPull()); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 || strings.Contains(out.String(), "\x1b") {
		t.Fatalf("%d lines, want 2:\n%s", len(lines), out.String())
	}
	var got struct {
		Kind, Environment, Rung, Message string
		From, To                         struct {
			State   string
			Current *bool
		}
	}
	if err := json.Unmarshal([]byte(lines[0]), &got); err != nil {
		t.Fatal(err)
	}
	if got.Kind != "TraceEvent" || got.From.State != "OK" || got.To.State != "Failed" || got.To.Current == nil || *got.To.Current || got.Message != c.Message {
		t.Errorf("%+v from %s", got, lines[0])
	}
	if !strings.Contains(lines[1], `"kind":"Trace"`) {
		t.Errorf("no trace at the end: %s", lines[1])
	}
}

// TestLiveFits: whatever the window, no more lines than it has, and always how long it has been watched.
func TestLiveFits(t *testing.T) {
	t.Parallel()
	l := Live{Trace: failedPull(), Begun: now, Ends: "q ends it"}
	for i := range 30 {
		l.Changes = append(l.Changes, Change{Time: now, Rung: trace.RungPod, Environment: "development", To: Standing{State: "Failed"}, Look: trace.Failed, Message: fmt.Sprintf("change %d", i)})
	}
	for height := 1; height < 80; height++ {
		for _, width := range []int{20, 80, 200} {
			o := Options{Marks: true, Width: width, Now: now}
			drawn := o.Live(l, height)
			if lines := strings.Count(drawn, "\n") + 1; lines > height {
				t.Errorf("%dx%d: %d lines", width, height, lines)
			}
			if height >= 4 && !strings.Contains(drawn, "30 changes") {
				t.Errorf("%dx%d: no status:\n%s", width, height, drawn)
			}
			if height >= 4 && width >= 80 && (!strings.Contains(drawn, "change 29") || !strings.Contains(drawn, "Failing rung")) {
				t.Errorf("%dx%d does not show what fails and the last change:\n%s", width, height, drawn)
			}
		}
	}
	closing := newTree(Options{Marks: true, Width: 80, Now: now})
	closing.closing(l.Trace)
	if drawn := closing.options.Live(l, len(closing.lines)+2+leastChanges+2); !strings.HasPrefix(drawn, "greeter   project demo") {
		t.Errorf("where there is room for it, it does not begin with what it is about:\n%s", drawn)
	}
	whole := Options{}.Live(l, 0)
	for _, words := range []string{"change 0", "change 29", "delivery", "Failing rung: pod"} {
		if !strings.Contains(whole, words) {
			t.Errorf("without a limit it does not show %q:\n%s", words, whole)
		}
	}
}

func TestLiveSaysHowManyChanges(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "no change since", 1: "1 change since", 2: "2 changes since"} {
		drawn := Options{Width: 80}.Live(Live{Trace: failedPull(), Changes: make([]Change, n), Begun: now, Ends: "q ends it"}, 24)
		if !strings.Contains(drawn, want) {
			t.Errorf("it does not say %q:\n%s", want, drawn)
		}
	}
}
