package reconcile

import (
	"fmt"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Event is a change of one object's state or message.
type Event struct {
	Time     time.Time
	Ref      facts.Ref
	State    State
	Message  string      // the controller's own words where it has any; else what is going on; may be empty
	Revision string      // what a source has or an applier has applied, as a Git revision where one is known; "" before
	After    []facts.Ref // Waiting: what it waits for. NotAttempted: what failed.
}

// Times of one object; a time that did not come is zero.
type Times struct {
	Asked   time.Time // the annotation was first sent
	Handled time.Time // a run that counts was first seen to have ended; zero if the run was not requested
	Applied time.Time // its content was first seen to be applied, or stored; its health may not have been checked yet
	Ready   time.Time // it was Done, or Current
}

// Outcome is the final state of one object.
type Outcome struct {
	Event
	Times Times
}

// Result is where all objects stand, each after all that it needs.
type Result struct{ Outcomes []Outcome }

// Good reports whether all objects are as wanted. A Result without objects is not.
func (r Result) Good() bool {
	for _, o := range r.Outcomes {
		if !o.State.Good() {
			return false
		}
	}
	return len(r.Outcomes) > 0
}

// In are the outcomes in one state.
func (r Result) In(state State) []Outcome {
	var found []Outcome
	for _, o := range r.Outcomes {
		if o.State == state {
			found = append(found, o)
		}
	}
	return found
}

// unsettled names the objects that others wait for: what was requested or runs, and what waits for nothing else.
func (r Result) unsettled() string {
	var all []string
	for _, o := range r.Outcomes {
		if o.State.Settled() || (o.State == Waiting && len(o.After) > 0) {
			continue
		}
		text := fmt.Sprintf("%s is %s", o.Ref, o.State)
		if o.Message != "" {
			text += ": " + o.Message
		}
		all = append(all, text)
	}
	return strings.Join(all, "; ")
}
