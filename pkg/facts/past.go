package facts

import "time"

// Past is what the history of a clone shows about the subject. The zero value means that no clone was read.
type Past struct {
	// Head is the commit up to which the history was read; empty if none was.
	Head string `json:"head,omitempty"`
	// Reason explains what is missing: there is no clone of the source, or older commits are not in it.
	Reason string `json:"reason,omitempty"`
	// Commits are those that changed an object of the subject, the newest first.
	Commits []Commit `json:"commits,omitempty"`
	// LeftOut are objects of the subject that Git has and that nothing applies, if one is missing in the cluster.
	LeftOut []UnappliedFile `json:"leftOut,omitempty"`
	// Unset are fields of objects in the cluster that Git does not set.
	Unset []UnsetField `json:"unset,omitempty"`
	// Set are fields of declared objects that have another value than in their file, if something fails.
	Set []SetField `json:"set,omitempty"`
}

// SetField is a field to which a patch or a variable gives another value than the file of its object.
type SetField struct {
	Object Ref    `json:"object"`
	Path   string `json:"path"`
	By     string `json:"by"` // such as: a patch
	// File and Line are the place of the patch or the variable; empty if only the cluster has it.
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
	// Stored means that the object in the cluster has this value.
	Stored bool `json:"stored,omitempty"`
}

// String is the field in a sentence, without the place.
func (s SetField) String() string { return s.Path + " of " + s.Object.String() + " is set by " + s.By }

// UnsetField is a field that an object has in the cluster, and not in its file.
type UnsetField struct {
	Object Ref    `json:"object"`
	Path   string `json:"path"`
	File   string `json:"file"` // from the root of the repository
	Line   int    `json:"line"` // of the nearest field around it
}

// UnappliedFile is an object in a file that is not applied.
type UnappliedFile struct {
	Object Ref    `json:"object"`
	File   string `json:"file"` // from the root of the repository
	Line   int    `json:"line,omitempty"`
	// Excluded means that the wanted revision has the file, and that the build of what is applied does not have the object.
	Excluded bool `json:"excluded,omitempty"`
	// By is what excludes it, a pattern or a patch, as the end of a sentence; empty if that is not known. ByFile and ByLine are its place, unless
	// only the cluster has it.
	By     string `json:"by,omitempty"`
	ByFile string `json:"byFile,omitempty"`
	ByLine int    `json:"byLine,omitempty"`
	// Branch is another one that has the file, as a remote-tracking branch; empty if the wanted revision has it, and nothing applies it.
	Branch string `json:"branch,omitempty"`
}

// Why is the reason for which the object is not applied, in a few words.
func (u UnappliedFile) Why() string {
	switch {
	case u.Branch != "":
		return "only on branch " + u.Branch
	case u.By != "":
		return u.By
	case u.Excluded:
		return "the build of what is applied does not have it"
	}
	return "nothing applies this file"
}

// Commit is a commit of the clone that changed objects of the subject.
type Commit struct {
	ID      string `json:"id"` // a full object name
	Subject string `json:"subject,omitempty"`
	Author  string `json:"author,omitempty"`
	// Time is the committer's, by the clock of the machine that made the commit.
	Time time.Time `json:"time,omitzero"`
	// Merge is the merge commit that brought the commit to the branch, with its time. Both are empty if the commit is on the branch
	// itself: Git does not record when a commit was pushed.
	Merge  string    `json:"merge,omitempty"`
	Merged time.Time `json:"merged,omitzero"`
	// Within are the commits of objects in the cluster that contain this one.
	Within  []string       `json:"within,omitempty"`
	Changes []ObjectChange `json:"changes,omitempty"`
}

// ObjectChange is the change of an object by a commit.
type ObjectChange struct {
	Object  Ref    `json:"object"`
	File    string `json:"file"` // from the root of the repository
	Added   bool   `json:"added,omitempty"`
	Removed bool   `json:"removed,omitempty"`
	// Environment, Release and Image are fields of the object after the change: of a ReleaseBinding, and of a Workload or a
	// ComponentRelease.
	Environment string `json:"environment,omitempty"`
	Release     string `json:"release,omitempty"`
	Image       string `json:"image,omitempty"`
	// Fields are the first of those that have changed, if the object was neither added nor removed; More counts the others.
	Fields []FieldChange `json:"fields,omitempty"`
	More   int           `json:"more,omitempty"`
}

// FieldChange is the change of one field. Old and New are empty if the value is not shown, because it may be confidential.
type FieldChange struct {
	Path string `json:"path"`
	Old  string `json:"old,omitempty"`
	New  string `json:"new,omitempty"`
}
