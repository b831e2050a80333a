package trace

import (
	"context"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev/component"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// pastTimeout bounds the reading of the history of a clone: a trace does without it.
const pastTimeout = 2 * time.Second

// readPast adds the commits of the component, if something fails and the clone is of a source: they may be the cause. A snapshot file has
// them or not.
func (o *options) readPast(ctx context.Context, s *facts.Snapshot) {
	if o.reader.Snapshot == "" && len(s.Wanted.URLs) > 0 && s.Wanted.Commit != "" && assess.Assess(s, s.TakenAt).Failing != nil {
		s.Past = o.past(ctx, s)
	}
}

// past is what the clone has of the component's history. Its Reason matters only to the command history.
func (o *options) past(ctx context.Context, s *facts.Snapshot) facts.Past {
	ctx, cancel := context.WithTimeout(ctx, pastTimeout)
	defer cancel()
	return component.Past(ctx, o.reader.Repo, s)
}
