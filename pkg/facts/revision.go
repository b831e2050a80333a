package facts

import (
	"fmt"
	"time"
)

// Revision is the Git revision that is wanted, with what the local clone knows of its history.
// The zero value means that nothing is wanted yet: what the source last fetched counts then.
type Revision struct {
	Text   string         `json:"text,omitempty"`   // as asked, such as "main" or "7040926"
	Commit string         `json:"commit,omitempty"` // full hexadecimal object name; empty when it could not be resolved
	From   RevisionOrigin `json:"from,omitempty"`
	Reason string         `json:"reason,omitempty"` // why Commit is empty or ancestry is not known
	// URLs are those of the Flux sources that follow the repository of the wanted revision; empty when that is not known.
	URLs []string `json:"urls,omitempty"`
	// Subject, Author and Time are the commit's own, empty without a clone.
	Subject string    `json:"subject,omitempty"`
	Author  string    `json:"author,omitempty"`
	Time    time.Time `json:"time,omitzero"`
	// Contains says for each commit that some object carries whether it is the wanted one or a descendant.
	// A commit that is not in the map is only ever compared for equality.
	Contains map[string]bool `json:"contains,omitempty"`
}

// RevisionOrigin says where the wanted revision was taken from.
type RevisionOrigin string

const (
	// FromFlag is --revision.
	FromFlag RevisionOrigin = "flag"
	// FromClone is HEAD of the clone that the user stands in, whose remote is the source's URL.
	FromClone RevisionOrigin = "clone"
	// FromSource is what the Flux source last fetched.
	FromSource RevisionOrigin = "source"
)

// Includes reports whether commit carries the wanted revision, and whether that is known at all.
func (r Revision) Includes(commit string) (included, known bool) {
	if r.Commit == "" || commit == "" {
		return false, false
	}
	if commit == r.Commit {
		return true, true
	}
	included, known = r.Contains[commit]
	return included, known
}

// Short is the first seven characters of a hexadecimal object name.
func Short(commit string) string { return fmt.Sprintf("%.7s", commit) }
