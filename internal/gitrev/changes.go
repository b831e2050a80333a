package gitrev

import (
	"context"
	"path"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Changes from a clone are optional. These bound the number of lookups and their total time.
const (
	maxLookups    = 5
	lookupTimeout = 5 * time.Second
)

// FailedObject is the file or object that a failure message of an applier names.
type FailedObject struct {
	Applier  facts.Ref
	URL      string    // of the applier's source
	Commit   string    // that the message reports, a full object name
	Folder   string    // of the source, from which the applier starts
	Object   facts.Ref // that the message names; the zero Ref if it names File
	File     string
	FromRoot bool // File is relative to the root of the repository; else relative to Folder, or the end of a path
}

// Changes finds the file of each FailedObject and the last commit that changed it. It omits a FailedObject if git is missing, the
// clone has another source, or the commit is not in the clone.
func Changes(ctx context.Context, dir string, failed []FailedObject) []facts.Change {
	if len(failed) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	c := clone{ctx: ctx, dir: dir}
	remotes := c.remotes()
	var found []facts.Change
	lookups := 0
	for _, s := range failed {
		if lookups == maxLookups || !follows(remotes, s.URL) || !isHex(s.Commit) {
			continue
		}
		lookups++
		if change, ok := c.lastChange(s); ok {
			found = append(found, change)
		}
	}
	return found
}

// lastChange searches the history up to the reported commit: later commits cannot be the cause.
func (c clone) lastChange(s FailedObject) (facts.Change, bool) {
	change := facts.Change{Applier: s.Applier, Object: s.Object, File: c.fileOf(s)}
	if change.File == "" {
		return change, false
	}
	out, err := c.git("log", "-1", "--format=%H%x00%P%x00%s%x00%an%x00%cI", s.Commit, "--", ":(top,literal)"+change.File)
	parts := strings.Split(out, "\x00")
	if err != nil || len(parts) != 5 {
		return change, false
	}
	if parents := parts[1]; parents == "" && c.shallow() {
		return change, true // the oldest commit of a shallow clone seems to have written every file
	}
	change.Commit, change.Subject, change.Author = parts[0], parts[2], parts[3]
	change.When, _ = time.Parse(time.RFC3339, parts[4])
	return change, true
}

func (c clone) shallow() bool {
	out, err := c.git("rev-parse", "--is-shallow-repository")
	return err != nil || out != "false"
}

// fileOf returns the file of s, relative to the root of the repository. It returns "" if the file is not known.
func (c clone) fileOf(s FailedObject) string {
	folder := strings.TrimPrefix(path.Clean("/"+s.Folder), "/")
	switch {
	case !s.Object.IsZero():
		return onlyOne(c.filesWith(s.Commit, s.Object), folder)
	case s.FromRoot:
		return path.Clean(s.File) // this commit may not contain the file; the commit that deleted it is useful as well
	}
	beside := path.Join(folder, s.File)
	if _, err := c.git("cat-file", "-e", s.Commit+":"+beside); err == nil {
		return beside
	}
	return onlyOne(c.endingIn(s.Commit, path.Clean("/"+s.File)), folder)
}

// endingIn lists the files of a commit whose path is tail or ends with it. tail begins with a slash.
func (c clone) endingIn(commit, tail string) []string {
	out, err := c.git("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit)
	if err != nil {
		return nil
	}
	var found []string
	for _, file := range strings.Split(out, "\x00") {
		if strings.HasSuffix("/"+file, tail) {
			found = append(found, file)
		}
	}
	return found
}

// onlyOne prefers files below folder. It returns "" if several files match: a wrong author is worse than no author.
func onlyOne(files []string, folder string) string {
	var below []string
	for _, file := range files {
		if folder == "" || strings.HasPrefix(file, folder+"/") {
			below = append(below, file)
		}
	}
	if len(below) == 0 {
		below = files
	}
	if len(below) != 1 {
		return ""
	}
	return below[0]
}
