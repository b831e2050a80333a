package gitrev

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// These bound the cost of a history: a component has few files, and older commits are of no use to anybody who looks for a cause.
const (
	maxHistory     = 30
	maxHistoryOf   = 300 // commits of the cluster's history that are compared with those
	maxFiles       = 200
	historyTimeout = 10 * time.Second
)

// HistoryOptions of History.
type HistoryOptions struct {
	Dir     string // a folder in the clone
	Head    string // the commit up to which the history is read, a full object name; "" if there is none
	Subject facts.Subject
	Folders []string // of the source, that are applied to the cluster; of two files with one object, the one below them counts
	Commits []string // full ids of the commits of objects in the cluster
}

// History returns the newest commits that changed the objects of a component, with what they changed. It never fails: Reason explains
// what is missing.
func History(ctx context.Context, o HistoryOptions) facts.Past {
	if o.Head == "" {
		return facts.Past{Reason: "no clone of the source's repository was found: run the command inside of one, or use --repo"}
	}
	ctx, cancel := context.WithTimeout(ctx, historyTimeout)
	defer cancel()
	c := clone{ctx: ctx, dir: o.Dir}
	past := facts.Past{Head: o.Head}
	files, err := c.filesOf(o)
	if err != nil {
		past.Reason = err.Error()
		return past
	}
	if len(files) == 0 {
		past.Reason = fmt.Sprintf("no file of commit %s has an object of component %s", facts.Short(o.Head), o.Subject.Component)
		return past
	}
	commits, touched, err := c.log(o.Head, files)
	if err != nil {
		past.Reason = "the history of the clone cannot be read: " + err.Error()
		return past
	}
	past.Reason = c.dropBoundary(&commits, touched)
	c.readMerges(o.Head, commits)
	c.readWithin(o.Commits, files, commits)
	c.readChanges(o.Subject, commits, touched)
	past.Commits = slices.DeleteFunc(commits, func(one facts.Commit) bool { return len(one.Changes) == 0 })
	return past
}

const logFormat = "--format=%x01%H%x00%P%x00%an%x00%cI%x00%s%x00"

// log returns the newest commits that touch one of the files, and the files that each touches.
func (c clone) log(head string, files []string) ([]facts.Commit, map[string][]string, error) {
	args := append([]string{"log", "-z", "--full-history", "--no-merges", fmt.Sprintf("-n%d", maxHistory), logFormat, "--name-only", "--no-renames", head, "--"}, literal(files)...)
	out, err := c.raw(args...)
	if err != nil {
		return nil, nil, err
	}
	var commits []facts.Commit
	touched := map[string][]string{}
	for _, record := range strings.Split(string(out), "\x01")[1:] {
		parts := strings.SplitN(record, "\x00", 6)
		if len(parts) != 6 || !isHex(parts[0]) {
			continue // a subject or the name of a file may have the separator
		}
		one := facts.Commit{ID: parts[0], Author: parts[2], Subject: parts[4]}
		one.Time, _ = time.Parse(time.RFC3339, parts[3])
		commits = append(commits, one)
		for _, file := range strings.Split(parts[5], "\x00") {
			if file = strings.TrimLeft(file, "\n"); file != "" {
				touched[one.ID] = append(touched[one.ID], file)
			}
		}
	}
	return commits, touched, nil
}

// dropBoundary removes the oldest commit of a shallow clone, which seems to have written every file.
func (c clone) dropBoundary(commits *[]facts.Commit, touched map[string][]string) string {
	if len(*commits) == maxHistory {
		return fmt.Sprintf("only the newest %d commits were read", maxHistory)
	}
	if len(*commits) == 0 || !c.shallow() {
		return ""
	}
	oldest := (*commits)[len(*commits)-1]
	if parents, err := c.git("log", "-1", "--format=%P", oldest.ID); err == nil && parents == "" {
		*commits = (*commits)[:len(*commits)-1]
		delete(touched, oldest.ID)
	}
	return "the clone is shallow: older commits are not in it"
}

// readMerges finds the merge commit that brought each commit to the branch of head.
func (c clone) readMerges(head string, commits []facts.Commit) {
	if len(commits) == 0 {
		return
	}
	oldest := commits[len(commits)-1].ID
	out, err := c.git("rev-list", "--first-parent", head, "^"+oldest)
	if err != nil {
		return
	}
	onBranch := map[string]bool{head: true, oldest: true}
	for _, id := range strings.Fields(out) {
		onBranch[id] = true
	}
	for i := range commits {
		one := &commits[i]
		if onBranch[one.ID] && one.ID != oldest {
			continue
		}
		out, err := c.git("log", "--first-parent", "--ancestry-path", "--reverse", "--format=%H%x00%cI", one.ID+".."+head)
		first, _, _ := strings.Cut(out, "\n")
		id, at, found := strings.Cut(first, "\x00")
		if err != nil || !found || c.isFirstParent(one.ID, id) {
			continue
		}
		one.Merge = id
		one.Merged, _ = time.Parse(time.RFC3339, at)
	}
}

// isFirstParent reports whether the child continues the branch of the parent: then it is no merge of it.
func (c clone) isFirstParent(parent, child string) bool {
	first, err := c.git("rev-parse", "--verify", "--quiet", child+"^1")
	return err != nil || first == parent
}

// readWithin notes which commits of the cluster contain each commit.
func (c clone) readWithin(cluster, files []string, commits []facts.Commit) {
	at := map[string]int{}
	for i := range commits {
		at[commits[i].ID] = i
	}
	for _, id := range slices.Compact(slices.Sorted(slices.Values(cluster))) {
		args := append([]string{"log", "--full-history", "--no-merges", fmt.Sprintf("-n%d", maxHistoryOf), "--format=%H", id, "--"}, literal(files)...)
		out, err := c.git(args...)
		if err != nil {
			continue // the clone does not have it
		}
		for _, contained := range strings.Fields(out) {
			if i, known := at[contained]; known {
				commits[i].Within = append(commits[i].Within, id)
			}
		}
	}
}

// literal returns pathspecs of files, from the root of the repository.
func literal(files []string) []string {
	all := make([]string, len(files))
	for i, file := range files {
		all[i] = ":(top,literal)" + file
	}
	return all
}
