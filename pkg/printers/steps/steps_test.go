package steps

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestFrameFits: every line is one line of the terminal, so that it can be drawn over.
func TestFrameFits(t *testing.T) {
	t.Parallel()
	steps := []Step{
		{Object: printerstest.Kustomization("oc-demo-platform"), State: "NotAttempted", Look: trace.Blocked, After: []facts.Ref{printerstest.Kustomization("oc-demo-namespaces")}},
		{Environment: "development", Rung: trace.RungPod, State: "Failed", Look: trace.Failed, Begun: printerstest.Now.Add(-90 * time.Second), Message: "日本語 \x1b[2J" + strings.Repeat("long ", 50)},
	}
	for _, o := range []style.Options{{Marks: true, Width: 80}, {Marks: true, Width: 80, ASCII: true, Color: true}, {Width: 200}} {
		frame := DrawSteps(o, steps, printerstest.Now)
		for line := range strings.SplitSeq(frame, "\n") {
			plain := strings.NewReplacer("\x1b[2m", "", "\x1b[1;31m", "", "\x1b[0m", "").Replace(line)
			if style.Cells(plain) >= o.Width || strings.Contains(plain, "\x1b") {
				t.Errorf("width %d: %d cells: %q", o.Width, style.Cells(plain), plain)
			}
		}
		for _, words := range []string{"not attempted: after", "90.0s", "development: pod"} {
			if !strings.Contains(frame, words) {
				t.Errorf("the frame does not say %q:\n%s", words, frame)
			}
		}
	}
}

const newCommit = "main@sha1:7040926aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

// TestFormatStep: of an object that is under way only that, of all else what is said; of what was not attempted, after what.
func TestFormatStep(t *testing.T) {
	t.Parallel()
	for want, step := range map[string]Step{
		"Kustomization flux-system/a  requested":                                        {Object: printerstest.Kustomization("a"), State: "Requested", Look: trace.Progressing, Message: "not said"},
		"Kustomization flux-system/a  done main@7040926":                                {Object: printerstest.Kustomization("a"), State: "Done", Look: trace.OK, Revision: newCommit},
		"Kustomization flux-system/a  done main@7040926: Applied":                       {Object: printerstest.Kustomization("a"), State: "Done", Look: trace.OK, Revision: newCommit, Message: "Applied"},
		"Kustomization flux-system/a  failed: one two":                                  {Object: printerstest.Kustomization("a"), State: "Failed", Look: trace.Failed, Message: "one\ntwo"},
		"Kustomization flux-system/a  not attempted: after Kustomization flux-system/b": {Object: printerstest.Kustomization("a"), State: "NotAttempted", Look: trace.Blocked, After: []facts.Ref{printerstest.Kustomization("b")}},
		"Kustomization flux-system/a  not attempted: suspended":                         {Object: printerstest.Kustomization("a"), State: "NotAttempted", Look: trace.Blocked, Message: "suspended", After: []facts.Ref{printerstest.Kustomization("b")}},
		"dev: pod  progressing: pulls ->":                                               {Environment: "dev", Rung: trace.RungPod, State: "Progressing", Look: trace.Progressing, Message: "pulls →"},
		"front: dev: pod  ok":                                                           {Component: "front", Environment: "dev", Rung: trace.RungPod, State: "Ok", Look: trace.OK},
		"source  ok":                                                                    {Rung: trace.RungSource, State: "Ok", Look: trace.OK},
	} {
		step.Time = printerstest.Now
		if diff := cmp.Diff("04:00:00  "+want, FormatStep(style.Options{ASCII: true}, step)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

// TestSameStep: what is drawn over is the line of the same object, or of the same environment, whichever of its rungs comes next.
func TestSameStep(t *testing.T) {
	t.Parallel()
	object, other := Step{Object: printerstest.Kustomization("a")}, Step{Object: printerstest.Kustomization("b")}
	pod, cell := Step{Component: "front", Environment: "dev", Rung: trace.RungPod, Object: printerstest.Kustomization("a")}, Step{Component: "front", Environment: "dev", Rung: trace.RungCell}
	source := Step{Component: "front", Rung: trace.RungSource}
	for name, c := range map[string]struct {
		a, b Step
		want bool
	}{
		"Object":           {object, object, true},
		"OtherObject":      {object, other, false},
		"Environment":      {pod, cell, true},
		"OtherEnvironment": {pod, Step{Component: "front", Environment: "prod", Rung: trace.RungPod}, false},
		"OtherComponent":   {pod, Step{Component: "back", Environment: "dev", Rung: trace.RungPod}, false},
		"SharedRung":       {pod, source, false},
		"ObjectOfARung":    {pod, object, false},
	} {
		if got, back := c.a.Same(c.b), c.b.Same(c.a); got != c.want || back != c.want {
			t.Errorf("%s: %v, back %v, want %v", name, got, back, c.want)
		}
	}
}

// TestDrawSteps: the columns are as wide as the longest name; the time ends when the step does, and what has not begun has none.
func TestDrawSteps(t *testing.T) {
	t.Parallel()
	got := DrawSteps(style.Options{Marks: true}, []Step{
		{Object: printerstest.Kustomization("a"), State: "Done", Look: trace.OK, Revision: newCommit, Begun: printerstest.Now.Add(-9 * time.Second), Ended: printerstest.Now.Add(-7 * time.Second)},
		{Environment: "dev", Rung: trace.RungPod, State: "Progressing", Look: trace.Progressing, Message: "pulls", Begun: printerstest.Now.Add(-time.Second)},
		{Object: printerstest.Kustomization("b"), State: "NotAttempted", Look: trace.Blocked},
	}, printerstest.Now)
	want := "  ✓ Kustomization flux-system/a  2.0s   done main@7040926\n" +
		"  ◌ dev: pod                     1.0s   progressing: pulls\n" +
		"  – Kustomization flux-system/b         not attempted"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestSpaced(t *testing.T) {
	t.Parallel()
	for state, want := range map[string]string{"": "", "Done": "done", "NotAttempted": "not attempted", "done": "done", "ÄußerstSpät": "äußerst spät"} {
		if got := Spaced(state); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestStepsOfOneCause: what several components and environments wait for stands on one line, and nothing else does.
func TestStepsOfOneCause(t *testing.T) {
	t.Parallel()
	step := func(component, environment, object, message string) Step {
		return Step{Component: component, Environment: environment, Rung: trace.RungDelivery, Object: printerstest.Kustomization(object), State: "Progressing", Look: trace.Progressing, Message: message}
	}
	for want, steps := range map[string][]Step{
		"  progressing client, service: delivery         progressing: builds":                                                       {step("client", "", "apps", "builds"), step("service", "", "apps", "builds")},
		"  progressing service: development, staging: delivery         progressing: builds":                                         {step("service", "development", "apps", "builds"), step("service", "staging", "apps", "builds")},
		"  progressing client: delivery          progressing: builds\n  progressing service: delivery         progressing: applies": {step("client", "", "apps", "builds"), step("service", "", "apps", "applies")},
		"  progressing client: delivery          progressing: builds\n  progressing service: delivery         progressing: builds":  {step("client", "", "apps", "builds"), step("service", "", "other", "builds")},
	} {
		if got := DrawSteps(style.Options{}, steps, printerstest.Now); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
}
