package facts

import (
	"cmp"
	"strings"
	"time"
)

// Change is the last commit, up to the source's revision, that changed a file which an applier's message blames.
type Change struct {
	Applier Ref    `json:"applier"`         // the object with the message
	Object  Ref    `json:"object,omitzero"` // that the message names; the zero Ref if it names the file itself
	File    string `json:"file"`            // from the root of the repository
	// Commit is a full object name. It and the commit's own fields are empty if the history of the clone starts after that
	// commit.
	Commit  string    `json:"commit,omitempty"`
	Subject string    `json:"subject,omitempty"`
	Author  string    `json:"author,omitempty"`
	When    time.Time `json:"when,omitzero"`
}

// Compare defines the order of changes in the file form.
func (c Change) Compare(other Change) int {
	return cmp.Or(
		c.Applier.Compare(other.Applier),
		c.Object.Compare(other.Object),
		strings.Compare(c.File, other.File),
		strings.Compare(c.Commit, other.Commit),
	)
}
