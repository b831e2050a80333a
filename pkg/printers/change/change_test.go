package change

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/data"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
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
		if diff := cmp.Diff(c.want, Format((style.Options{}), c.change)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		if got := Format((style.Options{ASCII: true}), c.change); strings.Contains(got, "→") {
			t.Errorf("%s is not ASCII: %s", name, got)
		}
	}
}

func TestChangeIsALineOfJSON(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	c := Change{Time: printerstest.Now, Component: "greeter", Rung: trace.RungPod, Environment: "a", From: &Standing{State: "OK"}, To: Standing{State: "Failed", Current: trace.Behind}, Message: "a\nb \x1b[ <&>"}
	if err := WriteJSON(&out, c); err != nil {
		t.Fatal(err)
	}
	if err := data.WriteTraceLine(&out, printerstest.FailedPull()); err != nil {
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

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

// TestEveryWriterFails where its pipe does: a result that was not delivered is no success.
func TestEveryWriterFails(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{
		"Change":  WriteJSON(brokenPipe{}, Change{}),
		"Changes": Write(style.Options{}, brokenPipe{}, make([]Change, 1)),
	} {
		if err == nil || !strings.Contains(err.Error(), "write") || !strings.Contains(err.Error(), "broken pipe") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestScreenLine: a change is one line of the screen, with the mark of its state, cut to the width.
func TestScreenLine(t *testing.T) {
	t.Parallel()
	c := Change{Time: printerstest.Now, Rung: trace.RungPod, Environment: "dev", To: Standing{State: "Failed"}, Look: trace.Failed, Message: "one → two\nthree"}
	for want, o := range map[string]style.Options{
		"  failed      04:00:00  dev: pod  failed: one → two three":        {},
		"  ✗ 04:00:00  dev: pod  failed: one → two three":                  {Marks: true},
		"  \x1b[1;31m✗\x1b[0m 04:00:00  dev: pod  failed: one → two three": {Marks: true, Color: true},
		"  ✗ 04:00:00  dev: pod  failed: one…":                             {Marks: true, Width: 37},
		"  x 04:00:00  dev: pod  failed: one -> two three":                 {Marks: true, ASCII: true},
	} {
		if diff := cmp.Diff(want, c.ScreenLine(o)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}
