package facts

import (
	"fmt"
	"time"
)

// Revision is the wanted Git revision, with its history in the local clone. The zero value means that none is wanted yet: the
// revision that the source last fetched then counts.
type Revision struct {
	Text   string         `json:"text,omitempty"`   // as requested, such as "main" or "7040926"
	Commit string         `json:"commit,omitempty"` // full hexadecimal object name; empty if it could not be resolved
	From   RevisionOrigin `json:"from,omitempty"`
	Reason string         `json:"reason,omitempty"` // why Commit is empty or its ancestry is unknown
	// URLs are those of the Flux sources that follow the repository of the wanted revision; empty if unknown.
	URLs []string `json:"urls,omitempty"`
	// Subject, Author and Time are those of the commit; empty without a clone.
	Subject string    `json:"subject,omitempty"`
	Author  string    `json:"author,omitempty"`
	Time    time.Time `json:"time,omitzero"`
	// Unpushed counts the commits of HEAD that no remote-tracking branch of the clone has; 0 if another revision is wanted.
	Unpushed int `json:"unpushed,omitempty"`
	// Contains maps each commit of an object to whether it is the wanted one or a descendant. A commit that is not in the map is
	// only compared for equality.
	Contains map[string]bool `json:"contains,omitempty"`
}

// RevisionOrigin is the origin of the wanted revision.
type RevisionOrigin string

const (
	// FromFlag is --revision.
	FromFlag RevisionOrigin = "flag"
	// FromClone is HEAD of the clone in the working directory, whose remote is the source's URL.
	FromClone RevisionOrigin = "clone"
	// FromRemote is what the source's branch has at its remote, which --revision remote requests.
	FromRemote RevisionOrigin = "remote"
	// FromSource is the revision that the Flux source last fetched.
	FromSource RevisionOrigin = "source"
)

// Includes reports whether commit contains the wanted revision, and whether that is known.
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

// Short returns the first seven characters of a hexadecimal object name.
func Short(commit string) string { return fmt.Sprintf("%.7s", commit) }
