package tui

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile"
	"github.com/kubectl-choreo/kubectl-choreo/internal/settle"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/steps"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Progress shows what is under way: in place on a terminal, line by line in a pipe, as events in JSON.
type Progress struct {
	mu        sync.Mutex
	steps     []steps.Step                 // each object and each environment once, in the order in which they came up
	isPrinted func(old, s steps.Step) bool // whether a change is printed; old is the zero Step before the first
	print     func(steps.Step)
	show      func([]steps.Step)
	End       func()
	single    bool // one component: its name is left out
}

// NewProgress writes to the standard error, or, as events, to the standard output.
func NewProgress(w iostreams.IOStreams, on Stage, color string, single, events bool) *Progress {
	g := &Progress{
		single: single, isPrinted: differs,
		print: func(steps.Step) {}, show: func([]steps.Step) {}, End: func() {},
	}
	onErr := Terminal(iostreams.IOStreams{Args: w.Args, Out: w.Err, Getenv: w.Getenv}, color)
	switch {
	case events:
		g.print = func(s steps.Step) { _ = steps.WriteStepJSON(w.Out, s) }
	case onErr.Marks && CanDraw(w):
		on.Look = onErr
		screen := NewScreen(w, w.Err, on)
		g.show, g.End = func(steps []steps.Step) { screen.Show(stepsPicture(steps)) }, screen.End
	default:
		g.isPrinted = isWorthALine
		g.print = func(s steps.Step) { _, _ = fmt.Fprintln(w.Err, steps.FormatStep(onErr, s)) }
	}
	return g
}

// NewStatus shows a line on the standard error: in place of the one before on a terminal, each by itself in a pipe.
func NewStatus(w iostreams.IOStreams, on Stage, color string) (show func(line string), end func()) {
	on.Look = Terminal(iostreams.IOStreams{Args: w.Args, Out: w.Err, Getenv: w.Getenv}, color)
	if !on.Look.Marks || !CanDraw(w) {
		return func(line string) { _, _ = fmt.Fprintln(w.Err, line) }, func() {}
	}
	screen := NewScreen(w, w.Err, on)
	return func(line string) {
		screen.Show(func(look printers.Options, _ int, _ time.Time) string { return look.Truncate(look.ToASCII(line), 0) })
	}, screen.End
}

func stepsPicture(shown []steps.Step) Picture {
	return func(look printers.Options, _ int, now time.Time) string { return steps.DrawSteps(look, shown, now) }
}

// Delivery takes in what an object that delivers has come to.
func (g *Progress) Delivery(e reconcile.Event) {
	s := steps.Step{Time: e.Time, Object: e.Ref, State: e.State.String(), Look: StateOf(e.State), Message: e.Message, After: e.After}
	if e.State.Good() {
		s.Revision, s.Message = e.Revision, "" // until then it is that of the run before
	}
	g.take(s)
}

// Settling records the state of a component: of each environment the topmost rung that is not well.
func (g *Progress) Settling(subject facts.Subject, e settle.Event) {
	if e.Trace == nil {
		s := steps.Step{Time: e.Time, Object: e.Retriggered, State: "Retriggered", Look: trace.OK, Message: string(e.Code)}
		if e.Err != nil {
			s.State, s.Look, s.Message = "Not retriggered", trace.Failed, e.Err.Error()
		}
		g.take(s)
		return
	}
	for _, s := range standing(e.Trace) {
		s.Time = e.Time
		s.Component = subject.Component
		if g.single {
			s.Component = ""
		}
		g.take(s)
	}
}

// standing is a step for each environment that is bound, or for the rungs above where one of these is not well.
func standing(t *trace.Trace) []steps.Step {
	if s, ok := worstRung(t.Rungs, ""); ok {
		return []steps.Step{s}
	}
	var worst []steps.Step
	for _, e := range t.Environments {
		s, ok := worstRung(e.Rungs, e.Name)
		switch {
		case ok:
		case e.Verdict == trace.VerdictHealthy && e.Current != trace.Behind:
			s = steps.Step{Environment: e.Name, State: "Healthy", Look: trace.OK}
		case e.Verdict == trace.VerdictHealthy:
			s = steps.Step{Environment: e.Name, State: "Behind", Look: trace.Progressing}
		default:
			continue
		}
		worst = append(worst, s)
	}
	return worst
}

func worstRung(rungs []trace.Rung, environment string) (steps.Step, bool) {
	for _, state := range []trace.State{trace.Failed, trace.Unknown, trace.Progressing} {
		for _, r := range rungs {
			if r.State == state {
				return steps.Step{
					Environment: environment, Object: r.Object, Rung: r.ID, State: r.State.String(), Look: r.State, Message: r.Summary,
				}, true
			}
		}
	}
	return steps.Step{}, false
}

// take keeps the newest step of each object and environment, and shows it when it differs.
func (g *Progress) take(s steps.Step) {
	g.mu.Lock()
	defer g.mu.Unlock()
	at := slices.IndexFunc(g.steps, func(o steps.Step) bool { return o.Same(s) })
	if at < 0 {
		g.steps = append(g.steps, steps.Step{})
		at = len(g.steps) - 1
	}
	old := g.steps[at]
	s.Begun, s.Ended = old.Begun, time.Time{}
	if s.Begun.IsZero() && s.State != reconcile.Waiting.String() && s.Look != trace.Blocked {
		s.Begun = s.Time
	}
	if s.Look == trace.OK || s.Look == trace.Failed {
		s.Ended = s.Time
	}
	g.steps[at] = s
	if g.isPrinted(old, s) && !g.isRepeated(at) {
		g.print(s)
	}
	g.show(slices.Clone(g.steps))
}

// isRepeated reports whether the same cause was reported for another component or environment.
func (g *Progress) isRepeated(at int) bool {
	for i, other := range g.steps {
		if i != at && other.SameCause(g.steps[at]) {
			return true
		}
	}
	return false
}

func differs(old, s steps.Step) bool {
	return old.State != s.State || old.Message != s.Message || old.Revision != s.Revision || old.Rung != s.Rung
}

// isWorthALine leaves out what changes several times a second: the phases of a run, and who waits for whom.
func isWorthALine(old, s steps.Step) bool {
	switch {
	case s.State == reconcile.Waiting.String(), s.State == reconcile.Asked.String() && old.State == reconcile.Running.String():
		return false
	case s.Look == trace.Progressing && s.Rung == "":
		return old.State != s.State
	}
	return differs(old, s)
}

// StateOf is the mark for a state of the delivery.
func StateOf(s reconcile.State) trace.State {
	switch s {
	case reconcile.Done, reconcile.Current:
		return trace.OK
	case reconcile.Failed, reconcile.NotResponding:
		return trace.Failed
	case reconcile.Asked, reconcile.Running:
		return trace.Progressing
	case reconcile.NotAttempted, reconcile.Waiting:
		return trace.Blocked
	case reconcile.Unknown:
		return trace.Unknown
	}
	return trace.Unknown
}
