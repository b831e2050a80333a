package trace

import (
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/change"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// gone is the state of a rung whose environment is not there any more.
const gone = "Gone"

// rungKey is a place on the ladder.
type rungKey struct {
	environment string
	rung        trace.RungID
}

// differences are the rungs whose state differs between before and now, down the ladder, and the verdict last. before is nil at the
// first look; then everything is reported.
func differences(before, now *trace.Trace) []change.Change {
	old, all := map[rungKey]change.Change{}, statesOf(now)
	if before != nil {
		for _, c := range statesOf(before) {
			old[rungKey{c.Environment, c.Rung}] = c
		}
	}
	var changes []change.Change
	for _, c := range all {
		was, known := old[rungKey{c.Environment, c.Rung}]
		delete(old, rungKey{c.Environment, c.Rung})
		if known && was.To == c.To && was.Message == c.Message && was.Code == c.Code {
			continue
		}
		if known {
			c.From, c.Same = &was.To, was.Object == c.Object
		}
		changes = append(changes, c)
	}
	return append(goneRungs(before, old, now), changes...)
}

// goneRungs are the rungs of environments that are not there any more: left is what is left of before.
func goneRungs(before *trace.Trace, left map[rungKey]change.Change, now *trace.Trace) []change.Change {
	if before == nil {
		return nil
	}
	var changes []change.Change
	for _, c := range statesOf(before) {
		if was, ok := left[rungKey{c.Environment, c.Rung}]; ok {
			c.Time, c.From, c.To, c.Message, c.Look = now.TakenAt, &was.To, change.Standing{State: gone}, "", trace.Unknown
			changes = append(changes, c)
		}
	}
	return changes
}

// statesOf are all rungs as they stand, and the verdict.
func statesOf(t *trace.Trace) []change.Change {
	var all []change.Change
	add := func(rungs []trace.Rung, environment string) {
		for _, r := range rungs {
			all = append(all, change.Change{
				Time: t.TakenAt, Component: t.Subject.Component, Environment: environment, Rung: r.ID, Object: r.Object,
				To: change.Standing{State: r.State.String(), Current: r.Current, Revision: r.Revision}, Message: r.Summary, Look: r.State,
			})
		}
	}
	add(t.Rungs, "")
	for _, e := range t.Environments {
		add(e.Rungs, e.Name)
	}
	return append(all, verdictOf(t))
}

func verdictOf(t *trace.Trace) change.Change {
	c := change.Change{
		Time: t.TakenAt, Component: t.Subject.Component, Look: t.Verdict.State(),
		To: change.Standing{State: t.Verdict.String(), Current: t.Current, Revision: t.Wanted.Revision},
	}
	if f := t.Failing; f != nil {
		c.Object, c.Code, c.Message = f.Object, f.Code, f.Message
	}
	return c
}

// notable leaves out what people read from another line: at the first look, what is well or waits for something else; later,
// the phases of a run, and that what is below is behind, or no longer is, as the topmost of these is.
func notable(changes []change.Change) []change.Change {
	var filtered []change.Change
	followed := map[trace.Currency]bool{}
	for _, c := range changes {
		verdict := c.Rung == ""
		switch {
		case verdict:
		case c.From == nil && (c.Look == trace.OK || c.Look == trace.Blocked || c.Look == trace.Suspended):
			continue
		case phase(c):
			continue
		case onlyCurrency(c):
			if followed[c.To.Current] {
				continue
			}
			followed[c.To.Current] = true
		}
		filtered = append(filtered, c)
	}
	return filtered
}

// phase reports whether an object of Flux is under way as it was: its run reports several steps a second.
func phase(c change.Change) bool {
	delivers := c.Rung == trace.RungSource || c.Rung == trace.RungDelivery
	return delivers && c.From != nil && *c.From == c.To && c.Look == trace.Progressing && c.Same
}

// onlyCurrency reports whether a rung is as it was, but for the revision that is wanted. What it carries itself is not that.
func onlyCurrency(c change.Change) bool {
	return c.From != nil && c.From.State == c.To.State && c.From.Revision == c.To.Revision && c.From.Current != c.To.Current
}
