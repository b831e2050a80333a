package cmdutil

import (
	"context"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev"
	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev/component"
	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev/remote"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Changes asks the clone for the files that are to blame.
func (r *Reader) Changes(ctx context.Context, s *facts.Snapshot) []facts.Change {
	return gitrev.Changes(ctx, r.Repo, FailedObjects(s))
}

// Wanted asks the clone for the wanted revision and how the commits in the cluster relate to it.
func (r *Reader) Wanted(ctx context.Context, s *facts.Snapshot) facts.Revision {
	return resolve(ctx, r, s, commits(s))
}

func resolve(ctx context.Context, r *Reader, s *facts.Snapshot, commits []string) facts.Revision {
	o := gitrev.Options{Dir: r.Repo, Revision: r.Revision, URLs: Repositories(s), Commits: commits}
	if r.Revision == remote.Keyword {
		return r.remotes.Resolve(ctx, o, component.Source(s))
	}
	return gitrev.Resolve(ctx, o)
}

// commits are those that objects in the cluster carry, each as often as one does.
func commits(s *facts.Snapshot) []string {
	var commits []string
	for _, o := range s.Objects() {
		for _, path := range [][]string{{"status", "artifact", "revision"}, {"status", "lastAppliedRevision"}} {
			if commit := kinds.Commit(kinds.Text(o.Body, path...)); commit != "" {
				commits = append(commits, commit)
			}
		}
	}
	return commits
}

// Relation asks the clone how one more commit relates to the wanted revision.
func (r *Reader) Relation(ctx context.Context, s *facts.Snapshot, commit string) facts.Revision {
	return resolve(ctx, r, s, []string{commit})
}

// Repositories are the URLs of the Git sources.
func Repositories(s *facts.Snapshot) []string {
	var urls []string
	for _, o := range s.Of(facts.Control, kinds.FluxSource, "GitRepository") {
		urls = append(urls, kinds.Text(o.Body, "spec", "url"))
	}
	return urls
}

// DistinctCommits are the commits that objects in the cluster carry, each once.
func DistinctCommits(s *facts.Snapshot) []string {
	return slices.Compact(slices.Sorted(slices.Values(commits(s))))
}
