package trace

import (
	"context"
	"fmt"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev/component"
	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev/sources"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// pastTimeout bounds the reading of the history of a clone: a trace does without it.
const pastTimeout = 2 * time.Second

// readPast adds what the clone of a source has of the component: it may show the cause of a failure, and what the cluster has kept. A snapshot
// file has it or not.
func (o *options) readPast(ctx context.Context, s *facts.Snapshot) {
	if o.reader.Snapshot != "" {
		return
	}
	s.Past = o.pastOf(ctx, s)
}

// failureOf is what fails, at which commits; without a failure, the wanted commit.
func failureOf(s *facts.Snapshot) string {
	f := assess.Assess(s, s.TakenAt).Failing
	if f == nil {
		return fmt.Sprint(s.Wanted.Commit, s.Wanted.URLs)
	}
	return fmt.Sprint(f.Rung, f.Environment, f.Code, f.Object, s.Wanted.Commit, s.Wanted.URLs, sources.DistinctCommits(s))
}

// pastOf is empty without a clone of a source. If nothing fails, it has what the cluster has kept.
func (o *options) pastOf(ctx context.Context, s *facts.Snapshot) facts.Past {
	f := assess.Assess(s, s.TakenAt).Failing
	if len(s.Wanted.URLs) == 0 || s.Wanted.Commit == "" {
		return facts.Past{}
	}
	ctx, cancel := context.WithTimeout(ctx, buildTimeout)
	defer cancel()
	v := resolved(s)
	build := o.buildOnce(ctx, v)
	var past facts.Past
	if f != nil {
		past = o.past(ctx, s)
		past.LeftOut, past.Set = o.leftOut(ctx, v, f, build), o.set(ctx, v, build)
	}
	past.Unset = o.unset(ctx, v, build)
	return past
}

// past is what the clone has of the component's history. Its Reason matters only to the command history.
func (o *options) past(ctx context.Context, s *facts.Snapshot) facts.Past {
	ctx, cancel := context.WithTimeout(ctx, pastTimeout)
	defer cancel()
	return component.Past(ctx, o.reader.Repo, s)
}
