package html

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestHeadOfThePage: what was asked, what came of it, and by which command and when.
func TestHeadOfThePage(t *testing.T) {
	t.Parallel()
	type head struct {
		Component, Call, Where, Wanted, Word, Class, Answer, TakenAt string
		Behind                                                       bool
		Masked                                                       []string
	}
	healthy := []trace.Environment{{Name: "dev", Verdict: trace.VerdictHealthy, Current: trace.Current, Rungs: make([]trace.Rung, 2)}}
	for name, c := range map[string]struct {
		trace trace.Trace
		seen  *facts.Snapshot
		want  head
	}{
		"Nothing": {trace.Trace{Verdict: trace.VerdictFailed}, nil, head{Call: "flux choreo trace -o html", Where: "namespace ", Wanted: "unknown", Word: "failed", Class: "failed", Answer: "Failed"}},
		"Healthy": {
			trace.Trace{
				Subject: facts.Subject{Namespace: "shop", Project: "demo", Component: "front"}, Verdict: trace.VerdictHealthy, Current: trace.Current, TakenAt: printerstest.Now.Add(-time.Minute), Environments: healthy,
				Wanted: trace.Wanted{Revision: "main@sha1:7040926aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", From: facts.FromSource, Subject: "Fix\nit"},
			},
			nil,
			head{Component: "front", Call: "flux choreo trace front -o html", Where: "project demo, namespace shop", Wanted: "main@7040926 (last fetched) Fix it", Word: "healthy", Class: "ok", Answer: "Result|Healthy in dev at main@7040926.", TakenAt: "2026-11-21T03:59:00Z 2026-11-21 03:59:00 UTC 60s"},
		},
		"BehindAndMasked": {
			trace.Trace{Subject: facts.Subject{Namespace: "shop", Component: "a\nb"}, Verdict: trace.VerdictProgressing, Current: trace.Behind},
			&facts.Snapshot{Masked: []string{"spec.env[0].value\n"}},
			head{Component: "a b", Call: "flux choreo trace -o html", Where: "namespace shop", Wanted: "unknown", Word: "progressing", Class: "progressing", Answer: "Progressing, not failed", Behind: true, Masked: []string{"spec.env[0].value"}},
		},
	} {
		page := html{style.Options{Now: printerstest.Now, Program: "flux choreo", Snapshot: c.seen}}.page(&c.trace)
		got := head{page.Component, page.Call, page.Where, page.Wanted, page.Verdict.Word, page.Verdict.Class, strings.Join(append([]string{page.Answer.Title}, page.Answer.Sentences...), "|"), strings.TrimSpace(page.TakenAt.Machine + " " + page.TakenAt.Human + " " + page.TakenAt.Age), page.Behind, page.Masked}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestBranches: an environment has a number for an anchor. One without anything to look at is folded to a line.
func TestBranches(t *testing.T) {
	t.Parallel()
	tr := printerstest.FailedPull()
	const url = "https://shop.example/a"
	healthy := trace.Environment{Name: "staging", Verdict: trace.VerdictHealthy, Current: trace.Current, Release: "greeter-1", Rungs: []trace.Rung{
		{ID: trace.RungPod, State: trace.OK, Summary: "40 running greeter:1"}, {ID: trace.RungEndpoint, State: trace.OK, Summary: url},
	}}
	warned := healthy
	warned.Name, warned.Rungs = "qa", []trace.Rung{{ID: trace.RungPod, State: trace.OK, Findings: []trace.Finding{{Code: "TwoOwners", Severity: trace.Warning}}}}
	tr.Environments = append(tr.Environments, healthy, warned)
	page := html{style.Options{Now: printerstest.Now}}.page(tr)
	var got []string
	for _, b := range append([]htmlBranch{page.Trunk}, page.Branches...) {
		line := b.ID + " " + b.Name
		if b.Look != nil {
			line += " " + b.Look.Mark + " " + b.Look.Class + " " + b.Word
		}
		if !b.Open {
			line += ", folded: " + b.Line
		}
		for _, r := range b.Rungs {
			line += ", " + r.ID
		}
		got = append(got, strings.Join(append([]string{line}, b.Addresses...), " "))
	}
	want := []string{
		"all All environments, source, delivery", "e0-name development ✗ failed failed, e0-pod", "e1-name production ‖ suspended not deployed, folded: , e1-binding",
		"e2-name staging ✓ ok healthy, folded: greeter-1, 40 running greeter:1, e2-pod, e2-endpoint " + url, "e3-name qa ✓ ok healthy, e3-pod",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestQuiet: a rung that is not OK, was only reported, is behind, or has a warning keeps its branch open. One that is behind because another
// rung failed does not.
func TestQuiet(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rung trace.Rung
		want bool
	}{
		"OK":        {trace.Rung{State: trace.OK}, true},
		"Suspended": {trace.Rung{State: trace.Suspended}, true},
		"Info":      {trace.Rung{State: trace.OK, Findings: []trace.Finding{{Severity: trace.Info}}}, true},
		"Zero":      {trace.Rung{}, false},
		"Failed":    {trace.Rung{State: trace.Failed}, false},
		"Blocked":   {trace.Rung{State: trace.Blocked}, false},
		"Waits":     {trace.Rung{State: trace.Progressing}, false},
		"Reported":  {trace.Rung{State: trace.OK, Reported: true}, false},
		"Behind":    {trace.Rung{State: trace.OK, Current: trace.Behind}, false},
		"Warning":   {trace.Rung{State: trace.OK, Findings: []trace.Finding{{Severity: trace.Warning}}}, false},
		"Severity?": {trace.Rung{State: trace.OK, Findings: []trace.Finding{{}}}, false},
	} {
		rungs := []trace.Rung{{State: trace.OK}, c.rung}
		if got := isQuiet(rungs, false); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
		if got, want := isQuiet(rungs, true), c.want || c.rung.Current == trace.Behind; got != want {
			t.Errorf("%s, and another rung failed: %t", name, got)
		}
	}
}

// TestReportedRungs do not look like those that were seen.
func TestReportedRungs(t *testing.T) {
	t.Parallel()
	want := htmlLook{Class: "ok", Mark: "≈", Word: "reported"}
	if got := lookOfRung(trace.Rung{State: trace.OK, Reported: true}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestLogsOfAnObject(t *testing.T) {
	t.Parallel()
	got := logs([]facts.Log{
		{Query: facts.LogQuery{Container: "main"}, Outcome: facts.Found, Lines: []string{"a", "\tb"}},
		{Query: facts.LogQuery{Container: "main", Previous: true}, Outcome: facts.Forbidden, Reason: "denied\n"},
		{Query: facts.LogQuery{Container: "side"}, Outcome: facts.Absent, Lines: []string{"not shown"}},
	})
	want := []htmlLog{{"Log of main", "a\n    b"}, {"Log of main, of the run before", "forbidden: denied"}, {"Log of side", "not found"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestPosition: now is at the right, the oldest at the left, also where all are of this moment.
func TestPosition(t *testing.T) {
	t.Parallel()
	now := printerstest.Now
	for name, c := range map[string]struct {
		at, oldest time.Time
		want       string
	}{
		"Now":         {now, now.Add(-time.Hour), "96.0%"},
		"Oldest":      {now.Add(-time.Hour), now.Add(-time.Hour), "4.0%"},
		"Between":     {now.Add(-59 * time.Second), now.Add(-3599 * time.Second), "50.0%"}, // log 60 is half of log 3600
		"AllNow":      {now, now, "96.0%"},
		"ClockBehind": {now.Add(time.Hour), now, "96.0%"},
	} {
		if got := (html{style.Options{Now: now}}).position(c.at, c.oldest); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestWriteFails(t *testing.T) {
	t.Parallel()
	if err := Write(brokenPipe{}, printerstest.FailedPull(), style.Options{}); !errors.Is(err, io.ErrClosedPipe) || !strings.HasPrefix(err.Error(), "write html: ") {
		t.Errorf("%v", err)
	}
}
