// Package compare finds out what differs: between what was rendered and the data plane, between two environments, releases or
// revisions, and between Git and the control plane. It works on facts and on loaded repositories alone, and shows no value of a Secret.
package compare

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/drift"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/mask"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// State is the result for one object.
type State int

// The zero value means that nothing is known.
const (
	NotCompared State = iota // its Reason reports why
	Same
	Changed
	OnlyFrom // it would be deleted, or exists on the first side only
	OnlyTo   // it would be created, or exists on the second side only
)

// Object is an object of both sides, or of one.
type Object struct {
	Ref         facts.Ref
	Environment string // "" for an object of no environment
	State       State
	// Reason reports why it was not compared, or what explains the difference.
	Reason string
	// Outcome is that of reading it; Found if it was read or needed no reading.
	Outcome facts.Outcome
	// From and To are what was compared of both sides; nil where a side has no such object.
	From, To map[string]any
	// Fields are those that differ. Declared is the value of To, and Live that of From.
	Fields []drift.Field
	// Place is where a repository declares the object.
	Place manifest.Place
}

// Differs reports whether the two sides of an object are known to differ.
func (o Object) Differs() bool { return o.State == Changed || o.State == OnlyFrom || o.State == OnlyTo }

// Masker hides the values that no output may have.
type Masker = *mask.Masker

// unread is an object that was not compared, because of the outcome of reading it.
func (o Object) unread(live facts.Object) Object {
	o.State, o.Outcome = NotCompared, live.Outcome
	switch live.Outcome {
	case facts.NotAsked:
		o.Reason = "not read"
	case facts.Forbidden:
		o.Reason = "forbidden"
	case facts.NoKind:
		o.Reason = "its kind is not installed"
	case facts.Unreachable:
		o.Reason = "unreachable"
	case facts.Invalid:
		o.Reason = "invalid reference"
	case facts.Found, facts.Absent:
	}
	if live.Reason != "" && live.Outcome != facts.NotAsked {
		o.Reason += ": " + live.Reason
	}
	return o
}

// isSecret reports whether an object is a Secret, which is never read.
func isSecret(ref facts.Ref) bool { return ref.Group == kinds.Core && ref.Kind == "Secret" }

// masked returns a masked copy of an object.
func masked(m Masker, u *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	if u == nil {
		return &unstructured.Unstructured{Object: map[string]any{}}, nil
	}
	body, err := m.Body(u.Object)
	return &unstructured.Unstructured{Object: body}, err
}

// against compares a live object with a declared one, in the fields of the latter.
func (o Object) against(m Masker, declared, live *unstructured.Unstructured) Object {
	want, err := masked(m, declared)
	if err != nil {
		return o.unread(facts.Object{Outcome: facts.Invalid, Reason: err.Error()})
	}
	if o.To = drift.Declared(want); live == nil {
		o.State = OnlyTo
		return o
	}
	have, err := masked(m, live)
	if err != nil {
		return o.unread(facts.Object{Outcome: facts.Invalid, Reason: err.Error()})
	}
	o.From, o.Fields = drift.Object(want, have)
	if o.State = Same; len(o.Fields) > 0 {
		o.State = Changed
	}
	return o
}

// between compares two declared objects; nil represents one that a side does not have.
func (o Object) between(from, to map[string]any) Object {
	o.From, o.To, o.Outcome = from, to, facts.Found
	switch {
	case from == nil:
		o.State = OnlyTo
	case to == nil:
		o.State = OnlyFrom
	default:
		o.Fields = drift.Between("", from, to)
		if o.State = Same; len(o.Fields) > 0 {
			o.State = Changed
		}
	}
	return o
}
