package reconcile

import "fmt"

// State is the progress of one object.
type State uint8

const (
	// Unknown is the zero value: nothing was read yet.
	Unknown State = iota
	// Waiting means that something before it is not done, or it is about to be requested again.
	Waiting
	// Asked means that the annotation is set; no run that began after it was seen.
	Asked
	// Running means that its controller is in the middle of a run.
	Running
	// Done means that a run that started after the request, or without a request at the wanted revision, has succeeded.
	Done
	// Current means that it was as wanted already, and was not requested.
	Current
	// Failed means that it will not become as wanted until it is corrected.
	Failed
	// NotResponding means that its controller shows no sign of having seen the request.
	NotResponding
	// NotAttempted means that something that it needs failed, or the run was ended by a failure elsewhere.
	NotAttempted
)

// String is the name of the state.
func (s State) String() string {
	names := [...]string{"Unknown", "Waiting", "Asked", "Running", "Done", "Current", "Failed", "NotResponding", "NotAttempted"}
	if int(s) < len(names) {
		return names[s]
	}
	return fmt.Sprintf("State(%d)", uint8(s))
}

// MarshalText writes the name.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Good reports whether the object is as wanted.
func (s State) Good() bool {
	switch s {
	case Done, Current:
		return true
	case Unknown, Waiting, Asked, Running, Failed, NotResponding, NotAttempted:
	}
	return false
}

// Settled reports whether the state will not change any more in this run.
func (s State) Settled() bool {
	switch s {
	case Done, Current, Failed, NotResponding, NotAttempted:
		return true
	case Unknown, Waiting, Asked, Running:
	}
	return false
}

// bad reports whether the state holds back what needs the object.
func (s State) blocks() bool { return s.Settled() && !s.Good() }
