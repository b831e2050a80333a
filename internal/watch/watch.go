// Package watch caches objects and lists, keeps them current with list and watch, and reports changes.
//
// A Source implements the interface of the cluster that it reads from. The first read of an object or list costs a list and then a watch.
// Later reads are served from memory, and the cache follows the cluster. So collect.Run can run again after every change, and it
// makes requests only for new objects and lists.
package watch

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Cluster is the source that a Source reads from. *kube.Source implements it and documents the methods.
type Cluster interface {
	facts.Source
	ListAt(ctx context.Context, q facts.Query) (facts.List, []facts.Encoded, string)
	Watch(ctx context.Context, q facts.Query, from string, see func(kube.Event)) error
}

var _ Cluster = (*kube.Source)(nil)

// Options of a Source. The zero value suits most callers.
type Options struct {
	// Poll is the interval at which objects are read that may be read but not watched. 0 means one second. It is longer for many of them.
	Poll time.Duration
}

// Source is a facts.Source whose cache stays current. The caller may change the objects that it returns.
type Source struct {
	cluster Cluster
	poll    time.Duration
	ctx     context.Context // of all cached entries; no request is made after its end
	end     context.CancelFunc
	running sync.WaitGroup
	changed chan struct{}
	polled  atomic.Int64 // entries that are polled

	mu      sync.Mutex
	entries map[cacheKey]*entry
	limits  map[int]bool // of the requested lists
	logs    map[facts.LogQuery]cachedLog
	changes int // notified so far
}

var _ facts.Source = (*Source)(nil)

// New returns a Source that keeps its cache current until ctx ends or Close is called. It makes no request before the first
// read.
func New(ctx context.Context, cluster Cluster, o Options) *Source {
	s := &Source{
		cluster: cluster, poll: o.Poll, changed: make(chan struct{}, 1),
		entries: map[cacheKey]*entry{}, limits: map[int]bool{}, logs: map[facts.LogQuery]cachedLog{},
	}
	if s.poll <= 0 {
		s.poll = time.Second
	}
	s.ctx, s.end = context.WithCancel(ctx)
	return s
}

// Changed receives after a returned result has changed: an object was created, changed or deleted, a list has other items, or
// access was refused. One receipt may cover several changes. A change that is undone may cause no receipt. It does not report
// logs. It is never closed.
//
// An entry that is not used during a hundred receipts is dropped. Its next use costs a list again.
func (s *Source) Changed() <-chan struct{} { return s.changed }

// Close ends all requests and waits for them. Cached results remain readable; everything else is Unreachable.
func (s *Source) Close() {
	s.mu.Lock()
	s.end() // under the lock: no request begins between this and the wait
	s.mu.Unlock()
	s.running.Wait()
}

// Get returns one object. If ctx or the Source ends before the first result, the outcome is Unreachable.
func (s *Source) Get(ctx context.Context, ref facts.Ref) facts.Object {
	if _, known := kinds.Lookup(ref.Group, ref.Kind); !known || reference.Object(ref) != nil {
		return s.cluster.Get(ctx, ref) // which refuses without a request
	}
	if e := s.coveringList(ref); e != nil {
		return e.object(ref)
	}
	e, ok := s.waitFor(ctx, oneObject(ref))
	if !ok {
		return facts.Object{Ref: ref, Outcome: facts.Unreachable, Reason: interrupted}
	}
	return e.object(ref)
}

// List answers q. A query for an owner or for names returns references without bodies, whatever the cluster supports. If ctx or
// the Source ends before the first result, the outcome is Unreachable.
func (s *Source) List(ctx context.Context, q facts.Query) (facts.List, []facts.Object) {
	if _, known := kinds.Lookup(q.Group, q.Kind); !known || reference.List(q) != nil {
		return s.cluster.List(ctx, q) // which refuses without a request
	}
	e, ok := s.waitFor(ctx, cacheKey{query: q})
	if !ok {
		return facts.List{Query: q, Outcome: facts.Unreachable, Reason: interrupted}, nil
	}
	return e.list()
}

// ListEncoded is List with unparsed objects, for long lists of which few objects are needed at a time.
func (s *Source) ListEncoded(ctx context.Context, q facts.Query) (facts.List, []facts.Encoded) {
	if _, known := kinds.Lookup(q.Group, q.Kind); !known || reference.List(q) != nil {
		l, _ := s.cluster.List(ctx, q) // which refuses without a request
		return l, nil
	}
	e, ok := s.waitFor(ctx, cacheKey{query: q})
	if !ok {
		return facts.List{Query: q, Outcome: facts.Unreachable, Reason: interrupted}, nil
	}
	return e.encoded()
}

// Skew returns the clock skew of the cluster.
func (s *Source) Skew(plane facts.Plane) (ahead time.Duration, known bool) {
	if clock, ok := s.cluster.(facts.Clock); ok {
		return clock.Skew(plane)
	}
	return 0, false
}

// interrupted is the same reason that internal/kube gives.
const interrupted = "interrupted"

// waitFor returns the entry for q once it has a result. It returns false if no result arrives in time.
func (s *Source) waitFor(ctx context.Context, q cacheKey) (*entry, bool) {
	e := s.entryFor(q)
	select {
	case <-e.ready:
		return e, true
	case <-ctx.Done():
	case <-s.ctx.Done():
	}
	return e, e.stopWaiting()
}

// entryFor returns the entry for q and creates it if necessary.
func (s *Source) entryFor(q cacheKey) *entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.entries[q]
	if e == nil {
		ctx, cancel := context.WithCancel(s.ctx)
		e = &entry{cacheKey: q, cancel: cancel, ready: make(chan struct{})}
		if ctx.Err() == nil {
			s.entries[q] = e
			s.limits[q.query.Limit] = true
			s.running.Go(func() { s.follow(ctx, e) })
		}
	}
	e.lastUsed = s.changes
	return e
}

// coveringList returns a list of all objects of ref's kind, in its namespace or in all namespaces. It returns nil if there is none,
// or if ref has an entry of its own.
func (s *Source) coveringList(ref facts.Ref) *entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.entries[oneObject(ref)] != nil {
		return nil
	}
	q := facts.Query{Plane: ref.Plane, Group: ref.Group, Kind: ref.Kind}
	for _, q.Namespace = range []string{ref.Namespace, ""} {
		for q.Limit = range s.limits {
			if e := s.entries[cacheKey{query: q}]; e != nil && e.complete() {
				e.lastUsed = s.changes
				return e
			}
		}
	}
	return nil
}
