package status

import (
	"cmp"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/change"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// gone is the state of a component, or of its environment, that does not exist any more.
const gone = "Gone"

// place is a component in an environment; without an environment, all that it has above them.
type place struct{ namespace, component, environment string }

// differences are the places that differ in now from before, in the order of the report. before is nil at the first assessment; then
// they are all places.
func differences(before *printers.StatusReport, now printers.StatusReport) []change.Change {
	old := map[place]change.Change{}
	if before != nil {
		for _, c := range before.Places() {
			old[placeOf(c)] = c
		}
	}
	var changes []change.Change
	for _, c := range now.Places() {
		was, known := old[placeOf(c)]
		delete(old, placeOf(c))
		switch {
		case !known:
		case was.To == c.To && was.Code == c.Code && was.Message == c.Message:
			continue
		default:
			c.From = &was.To
			if c.Code == "" && was.To.Revision != c.To.Revision {
				c.Message = "release " + shortRelease(c)
			}
		}
		changes = append(changes, c)
	}
	if before == nil {
		return changes
	}
	for _, c := range before.Places() {
		if was, left := old[placeOf(c)]; left {
			c.Time, c.From, c.To, c.Code, c.Message, c.Look = now.Ended, &was.To, change.Standing{State: gone}, "", "", trace.Unknown
			changes = append(changes, c)
		}
	}
	return changes
}

func placeOf(c change.Change) place { return place{c.Namespace, c.Component, c.Environment} }

// shortRelease leaves the component out of the name of its release, so that the same change of several components is one line.
func shortRelease(c change.Change) string {
	return cmp.Or(strings.TrimPrefix(c.To.Revision, c.Component+"-"), "none")
}

// notable leaves out what people need not read: at the first assessment, what is well.
func notable(changes []change.Change) []change.Change {
	var filtered []change.Change
	for _, c := range changes {
		if settled := c.Look == trace.OK || c.Look == trace.Suspended; c.From == nil && settled && c.To.Current != trace.Behind {
			continue
		}
		filtered = append(filtered, c)
	}
	return filtered
}
