package gitrev

import (
	"context"
	"path"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// What a clone adds is a courtesy: it may cost so many look-ups, and so long for all of them.
const (
	maxLookups    = 5
	lookupTimeout = 5 * time.Second
)

// FailedObject is what a message about an applier blames: a file, or an object that some file holds.
type FailedObject struct {
	Applier  facts.Ref
	URL      string    // of the applier's source
	Commit   string    // that the message is about, a full object name
	Folder   string    // of the source that the applier begins at
	Object   facts.Ref // that the message names; the zero Ref where it names File
	File     string
	FromRoot bool // File begins at the root of the repository; else at Folder, or it is the end of a path
}

// Changes finds the file that each FailedObject means, and the last commit that touched it. It leaves out what it cannot find:
// without git, without a clone of its source, without the commit in the clone.
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

// lastChange asks up to the commit that the message is about: what was pushed since cannot be to blame.
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

// fileOf is the file that s means, from the root of the repository; "" where that cannot be told.
func (c clone) fileOf(s FailedObject) string {
	folder := strings.TrimPrefix(path.Clean("/"+s.Folder), "/")
	switch {
	case !s.Object.IsZero():
		return onlyOne(c.holding(s.Commit, s.Object), folder)
	case s.FromRoot:
		return path.Clean(s.File) // it may be gone from this commit; who took it away is worth knowing as well
	}
	beside := path.Join(folder, s.File)
	if _, err := c.git("cat-file", "-e", s.Commit+":"+beside); err == nil {
		return beside
	}
	return onlyOne(c.endingIn(s.Commit, path.Clean("/"+s.File)), folder)
}

// endingIn lists the files of a commit whose path is tail, which begins with a slash, or ends in it.
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

// onlyOne prefers what is below folder. Where several files could be meant it is none of them: to name the wrong
// author is worse than to name nobody.
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
