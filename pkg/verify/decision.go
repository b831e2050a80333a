package verify

import (
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Decision is what a gate comes to.
type Decision uint8

const (
	// Undecided is the zero value: something that the gate requires could not be read.
	Undecided Decision = iota
	// Passed means that everything that the gate requires is fulfilled.
	Passed
	// Failed means that something failed. Stability decides whether it may still recover by itself.
	Failed
	// Pending means that nothing failed, but that not everything is delivered and ready yet.
	Pending
)

var decisionNames = [...]string{"Undecided", "Passed", "Failed", "Pending"}

// String is the word that every output uses.
func (d Decision) String() string {
	if int(d) < len(decisionNames) {
		return decisionNames[d]
	}
	return fmt.Sprintf("Decision(%d)", uint8(d))
}

// MarshalText writes the word.
func (d Decision) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// Worse is the one of two that decides for both: a failure outweighs what could not be read, which outweighs waiting.
// What is no Decision counts as Undecided.
func (d Decision) Worse(other Decision) Decision {
	if other.weight() > d.weight() {
		return other
	}
	return d
}

func (d Decision) weight() int {
	switch d {
	case Passed:
		return 0
	case Pending:
		return 1
	case Undecided:
		return 2
	case Failed:
		return 3
	}
	return 2
}

// Reason is one thing that keeps a trace from passing.
type Reason struct {
	// Decision is what it makes of the gate; never Passed.
	Decision Decision `json:"decision"`
	// Requirement is which of the gate's it is about.
	Requirement Requirement `json:"requirement"`
	// Failure is the finding with its place. What only waits has the Code Progressing or Behind where no finding explains
	// it, and the summary of its rung as Message.
	trace.Failure
}

// Judgement is what a gate makes of one trace. The zero value is Undecided.
type Judgement struct {
	Decision Decision `json:"decision"`
	Reasons  []Reason `json:"reasons"` // the worst first, those of one Decision down the ladder; empty when it has passed
}

// Add is the judgement with one more reason.
func (j Judgement) Add(r Reason) Judgement {
	return Judgement{Decision: j.Decision.Worse(r.Decision), Reasons: append([]Reason{r}, j.Reasons...)}
}

// State is how a rung would stand that has come to this.
func (d Decision) State() trace.State {
	switch d {
	case Passed:
		return trace.OK
	case Failed:
		return trace.Failed
	case Pending:
		return trace.Progressing
	case Undecided:
		return trace.Unknown
	}
	return trace.Unknown
}

// ReasonIn is the first reason in an environment, or, for "", above all of them; false where there is none.
func (j Judgement) ReasonIn(environment string) (Reason, bool) {
	for _, r := range j.Reasons {
		if r.Environment == environment {
			return r, true
		}
	}
	return Reason{}, false
}

// Cause is the first reason of the judgement's own Decision; false where there is none.
func (j Judgement) Cause() (Reason, bool) {
	for _, r := range j.Reasons {
		if r.Decision == j.Decision {
			return r, true
		}
	}
	return Reason{}, false
}
