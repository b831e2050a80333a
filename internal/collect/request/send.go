package request

import (
	"context"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// maxRoundTrips bounds the depth: no chain of references that is worth following is longer.
const maxRoundTrips = 12

// maxConcurrent bounds the requests under way at once, so that many appliers do not open hundreds of streams.
const maxConcurrent = 32

// SendAll sends the requests that next returns, until it returns none. The filter decides what is kept of a search.
func SendAll(ctx context.Context, src facts.Source, s *facts.Snapshot, next func() ([]Request, Filter)) error {
	for range maxRoundTrips {
		pending, filter := next()
		if len(pending) == 0 {
			return nil
		}
		if err := Send(ctx, src, s, pending, filter); err != nil {
			return err
		}
	}
	return nil
}

// Send sends all requests at once and records the responses. They come in any order; the Snapshot does not depend on it.
func Send(ctx context.Context, src facts.Source, s *facts.Snapshot, pending []Request, filter Filter) error {
	var recording sync.Mutex
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(maxConcurrent)
	for _, r := range pending {
		group.Go(func() error {
			record := do(gctx, src, r, filter)
			recording.Lock()
			defer recording.Unlock()
			record(s)
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("collect: %w", err)
	}
	return nil
}

func do(ctx context.Context, src facts.Source, r Request, filter Filter) func(*facts.Snapshot) {
	switch {
	case !r.get.IsZero():
		o := src.Get(ctx, r.get)
		return func(s *facts.Snapshot) { s.Put(o) }
	case r.log != facts.LogQuery{}:
		l := src.Log(ctx, r.log)
		return func(s *facts.Snapshot) { s.PutLog(l) }
	case r.search != facts.Query{}:
		l, objects := searchOrList(ctx, src, r.search, filter)
		return func(s *facts.Snapshot) { s.PutList(l, objects) }
	}
	l, objects := src.List(ctx, r.list)
	return func(s *facts.Snapshot) { s.PutList(l, objects) }
}

// searchOrList reads all objects of q, and holds those that filter keeps. A Source that holds them anyway returns the list.
func searchOrList(ctx context.Context, src facts.Source, q facts.Query, filter Filter) (facts.List, []facts.Object) {
	if searcher, ok := src.(facts.Searcher); ok {
		return searcher.Search(ctx, q, filter)
	}
	return src.List(ctx, q)
}

// Filter returns what is kept of an object, and whether anything is.
type Filter = func(facts.Encoded) (facts.Object, bool)
