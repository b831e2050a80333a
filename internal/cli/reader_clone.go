package cli

import (
	"context"

	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// changes asks the clone for the files that are to blame.
func (r *reader) changes(ctx context.Context, s *facts.Snapshot) []facts.Change {
	return gitrev.Changes(ctx, r.repo, suspects(s))
}

// wanted asks the clone for the wanted revision and how the commits in the cluster relate to it.
func (r *reader) wanted(ctx context.Context, s *facts.Snapshot) facts.Revision {
	return gitrev.Resolve(ctx, gitrev.Options{Dir: r.repo, Revision: r.revision, URLs: repositories(s), Commits: commits(s)})
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

// relation asks the clone how one more commit relates to the wanted revision.
func (r *reader) relation(ctx context.Context, s *facts.Snapshot, commit string) facts.Revision {
	return gitrev.Resolve(ctx, gitrev.Options{Dir: r.repo, Revision: r.revision, URLs: repositories(s), Commits: []string{commit}})
}

// repositories are the URLs of the Git sources.
func repositories(s *facts.Snapshot) []string {
	var urls []string
	for _, o := range s.Of(facts.Control, kinds.FluxSource, "GitRepository") {
		urls = append(urls, kinds.Text(o.Body, "spec", "url"))
	}
	return urls
}
