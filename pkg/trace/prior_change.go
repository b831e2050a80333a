package trace

import (
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// ChangeKind is what kind of change came before a failure. The values are a public contract.
type ChangeKind string

const (
	// ChangeCommit is a commit that changed an object of the component.
	ChangeCommit ChangeKind = "commit"
	// ChangeRollout is a new pod template of a workload.
	ChangeRollout ChangeKind = "rollout"
	// ChangeEdit is a change of the spec of an object by a field manager.
	ChangeEdit ChangeKind = "edit"
	// ChangeEvent is a transition or an event of another object, such as a node.
	ChangeEvent ChangeKind = "event"
)

// PriorChange is something that changed before a failure began. The times alone connect the two: it is possibly the cause.
type PriorChange struct {
	Kind   ChangeKind `json:"kind"`
	Object facts.Ref  `json:"object"` // that changed
	At     time.Time  `json:"at"`
	// Source is the field that At is from.
	Source string `json:"source"`
	// BeforeSeconds is from At to the beginning of the failure.
	BeforeSeconds float64      `json:"beforeSeconds"`
	Message       string       `json:"message"`           // what changed, in one line
	Manager       string       `json:"manager,omitempty"` // the field manager of an edit
	Commit        *PriorCommit `json:"commit,omitempty"`
	// Fields are the first of those that have changed; More counts the others. A value that may be confidential is not shown.
	Fields []facts.FieldChange `json:"fields,omitempty"`
	More   int                 `json:"more,omitempty"`
}

// PriorCommit is the commit of a PriorChange.
type PriorCommit struct {
	ID      string    `json:"id"`
	Author  string    `json:"author,omitempty"`
	Subject string    `json:"subject,omitempty"`
	Time    time.Time `json:"time,omitzero"`
	File    string    `json:"file"` // that it changed, from the root of the repository
}
