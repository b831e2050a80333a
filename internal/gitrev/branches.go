package gitrev

import (
	"context"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// These bound the search in branches.
const (
	maxBranches     = 20
	branchesTimeout = 3 * time.Second
)

// OnBranch is a file of a remote-tracking branch.
type OnBranch struct{ Branch, File string }

// Branches returns the remote-tracking branches, the newest first, that declare an object which commit does not contain, with the file. An
// object without a name is one of the component.
func Branches(ctx context.Context, dir, commit string, object facts.Ref, component string) []OnBranch {
	ctx, cancel := context.WithTimeout(ctx, branchesTimeout)
	defer cancel()
	c := clone{ctx: ctx, dir: dir}
	out, err := c.git("for-each-ref", "--sort=-committerdate", "--count=20", "--no-contains", commit, "--format=%(refname)", "refs/remotes")
	if err != nil || out == "" {
		return nil
	}
	refs := strings.Split(out, "\n")
	return declaring(c, refs[:min(len(refs), maxBranches)], object, component)
}

// Declaring returns the files of a commit that declare an object.
func Declaring(ctx context.Context, dir, commit string, object facts.Ref, component string) []string {
	ctx, cancel := context.WithTimeout(ctx, branchesTimeout)
	defer cancel()
	var files []string
	for _, found := range declaring(clone{ctx: ctx, dir: dir}, []string{commit}, object, component) {
		files = append(files, found.File)
	}
	return files
}

// declaring finds an object in the files of several revisions.
func declaring(c clone, revisions []string, object facts.Ref, component string) []OnBranch {
	second := fieldPattern("name", object.Name)
	if object.Name == "" {
		second = fieldPattern("componentName", component)
	}
	args := []string{
		"grep", "-l", "-z", "-E", "--full-name", "--no-color", "--no-recurse-submodules", "--all-match", "-e", fieldPattern("kind", object.Kind), "-e", second,
	}
	found, err := c.raw(append(append(args, revisions...), "--", ":(top)*.yaml", ":(top)*.yml")...)
	if err != nil {
		return nil // none has it
	}
	var all []OnBranch
	for _, line := range zeroed(found) {
		revision, file, _ := strings.Cut(line, ":")
		if declares(c, revision, file, object, component) {
			all = append(all, OnBranch{strings.TrimPrefix(revision, "refs/remotes/"), file})
		}
	}
	return all
}

// declares reports whether a file of a revision has the object. A line with the kind and one with the name may be of two objects.
func declares(c clone, revision, file string, object facts.Ref, component string) bool {
	text, err := c.raw("cat-file", "blob", revision+":"+file)
	if err != nil {
		return false
	}
	for ref := range objectsIn(text, facts.Subject{Namespace: object.Namespace, Component: component}) {
		if ref.Kind == object.Kind && (object.Name == "" || ref.Name == object.Name) {
			return true
		}
	}
	return false
}
