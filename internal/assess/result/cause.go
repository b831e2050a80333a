package result

import "github.com/kubectl-choreo/kubectl-choreo/pkg/trace"

// Cause reports where the reason for the state of a rung lies. The assessment of the ladder as a whole (pkg/assess) reads it: a rung whose
// reason lies elsewhere is no failure of its own. The zero value: in the rung itself.
type Cause struct {
	kind causeKind
	rung trace.RungID
}

type causeKind uint8

const (
	ownCause causeKind = iota
	objectNotFound
	notChecked
	otherRung
)

// NotFound is the Cause of a rung that fails because its object does not exist: a consequence of any failure above it.
func NotFound() Cause { return Cause{kind: objectNotFound} }

// NotChecked is the Cause of a rung that is unknown because nothing was read, as something above does not exist.
func NotChecked() Cause { return Cause{kind: notChecked} }

// CausedBy is the Cause of a rung that repeats the failure of another one, if that has failed too; "" represents the rung itself.
func CausedBy(rung trace.RungID) Cause {
	if rung == "" {
		return Cause{}
	}
	return Cause{kind: otherRung, rung: rung}
}

// IsNotFound reports whether the object of the rung does not exist.
func (c Cause) IsNotFound() bool { return c.kind == objectNotFound }

// IsNotChecked reports whether nothing was read.
func (c Cause) IsNotChecked() bool { return c.kind == notChecked }

// Rung is the rung where the reason lies, "" where it lies in the rung itself or its object is missing.
func (c Cause) Rung() trace.RungID { return c.rung }
