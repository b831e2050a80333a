package cmdutil

import (
	"context"
	"sync"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// CacheByKey reads the clone once for each key: it takes git some milliseconds, and many components have the same key.
func CacheByKey[V any](key func(*facts.Snapshot) string, ask func(context.Context, *facts.Snapshot) V) func(context.Context, *facts.Snapshot) V {
	var mu sync.Mutex
	known := map[string]V{}
	return func(ctx context.Context, s *facts.Snapshot) V {
		at := key(s)
		mu.Lock()
		defer mu.Unlock()
		v, ok := known[at]
		if !ok {
			if v = ask(ctx, s); ctx.Err() == nil {
				known[at] = v
			}
		}
		return v
	}
}

// CacheFor reads again when the key has changed or the result is older than age. It is for one goroutine.
func CacheFor[V any](age time.Duration, key func(*facts.Snapshot) string, ask func(context.Context, *facts.Snapshot) V) func(context.Context, *facts.Snapshot) V {
	var known V
	var of string
	var asked time.Time
	return func(ctx context.Context, s *facts.Snapshot) V {
		if at := key(s); at != of || time.Since(asked) > age {
			known, of, asked = ask(ctx, s), at, time.Now()
		}
		return known
	}
}
