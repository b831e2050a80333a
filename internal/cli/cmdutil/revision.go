package cmdutil

import (
	"context"

	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev"
	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev/component"
	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev/remote"
	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev/sources"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Changes reads from the clone the files that are to blame.
func (r *Reader) Changes(ctx context.Context, s *facts.Snapshot) []facts.Change {
	return gitrev.Changes(ctx, r.Repo, sources.FailedObjects(s))
}

// Wanted reads from the clone the wanted revision and how the commits in the cluster relate to it.
func (r *Reader) Wanted(ctx context.Context, s *facts.Snapshot) facts.Revision {
	return resolve(ctx, r, s, sources.Commits(s))
}

func resolve(ctx context.Context, r *Reader, s *facts.Snapshot, commits []string) facts.Revision {
	o := gitrev.Options{Dir: r.Repo, Revision: r.Revision, URLs: sources.URLs(s), Commits: commits}
	if r.Revision == remote.Keyword {
		return r.remotes.Resolve(ctx, o, component.Source(s))
	}
	return gitrev.Resolve(ctx, o)
}

// Relation reads from the clone how one more commit relates to the wanted revision.
func (r *Reader) Relation(ctx context.Context, s *facts.Snapshot, commit string) facts.Revision {
	return resolve(ctx, r, s, []string{commit})
}
