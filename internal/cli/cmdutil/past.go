package cmdutil

import (
	"context"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect"
	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev/component"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// ReadPast adds to a Snapshot the wanted revision, and which commits of the clone changed the subject. Without a source, which the command
// history reads as well, the Snapshot is from a file.
func ReadPast(ctx context.Context, r *Reader, source facts.Source, s *facts.Snapshot) error {
	if source != nil {
		if err := collect.History(ctx, source, s); err != nil {
			return err
		}
	} else if s.Past.Head != "" {
		return nil // the file has it
	}
	s.Wanted = r.Wanted(ctx, s)
	s.Past = component.Past(ctx, r.Repo, s)
	return nil
}
