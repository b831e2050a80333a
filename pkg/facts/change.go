package facts

import (
	"cmp"
	"strings"
	"time"
)

// Change is the last commit, up to the revision that a source has, which touched a file that an applier's message blames.
type Change struct {
	Applier Ref    `json:"applier"`         // whose message it is
	Object  Ref    `json:"object,omitzero"` // that the message names; the zero Ref where it names the file itself
	File    string `json:"file"`            // from the root of the repository
	// Commit, a full object name, and what it says of itself are empty where the clone's history begins after it.
	Commit  string    `json:"commit,omitempty"`
	Subject string    `json:"subject,omitempty"`
	Author  string    `json:"author,omitempty"`
	When    time.Time `json:"when,omitzero"`
}

// Compare orders changes for the file form.
func (c Change) Compare(other Change) int {
	return cmp.Or(
		c.Applier.Compare(other.Applier),
		c.Object.Compare(other.Object),
		strings.Compare(c.File, other.File),
		strings.Compare(c.Commit, other.Commit),
	)
}
