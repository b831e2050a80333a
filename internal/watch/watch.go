// Package watch keeps what was read current, from list and watch, and says when something changed.
//
// A Source answers like the cluster that it reads from. The first time a question is asked it costs a list, and then a
// watch; from then on the answer is in memory and follows the cluster. So collect.Run can be run again after every
// change, and costs requests only for what it had no reason to ask before.
package watch

import (
	"context"
	"sync"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Cluster is what a Source reads from. *kube.Source is one, and says what the methods mean.
type Cluster interface {
	facts.Source
	ListAt(ctx context.Context, q facts.Query) (facts.List, []facts.Object, string)
	Watch(ctx context.Context, q facts.Query, from string, see func(kube.Event)) error
}

var _ Cluster = (*kube.Source)(nil)

// Options of a Source. The zero value is what most need.
type Options struct {
	// Poll is the time between two looks at what may be read but not watched. 0 means one second.
	Poll time.Duration
}

// Source is a facts.Source whose answers stay current. What it hands out is the caller's own to change.
type Source struct {
	cluster Cluster
	poll    time.Duration
	ctx     context.Context // of everything that is kept; no question is asked after its end
	end     context.CancelFunc
	running sync.WaitGroup
	changed chan struct{}

	mu        sync.Mutex
	questions map[question]*entry
	limits    map[int]bool // of the lists that were asked for
	logs      map[facts.LogQuery]cachedLog
	changes   int // told so far
}

var _ facts.Source = (*Source)(nil)

// New makes a Source that keeps its answers current until ctx ends or it is closed. No request is made before the first
// question.
func New(ctx context.Context, cluster Cluster, o Options) *Source {
	s := &Source{
		cluster: cluster, poll: o.Poll, changed: make(chan struct{}, 1),
		questions: map[question]*entry{}, limits: map[int]bool{}, logs: map[facts.LogQuery]cachedLog{},
	}
	if s.poll <= 0 {
		s.poll = time.Second
	}
	s.ctx, s.end = context.WithCancel(ctx)
	return s
}

// Changed receives after an answer that was given has become another one: an object that is there, not there or not the
// same, a list with other items, a refusal. Several changes may be one receipt, and a change that is undone may be
// none. It says nothing about logs. It is never closed.
//
// What is not asked again in the course of a hundred receipts is forgotten, and costs a list when it is asked once more.
func (s *Source) Changed() <-chan struct{} { return s.changed }

// Close ends all requests and waits for them. What was known by then is still answered, but nothing else is.
func (s *Source) Close() {
	s.mu.Lock()
	s.end() // under the lock: no question begins between this and the wait
	s.mu.Unlock()
	s.running.Wait()
}

// Get answers for one object. Where ctx or the Source ends before the first answer, that is Unreachable.
func (s *Source) Get(ctx context.Context, ref facts.Ref) facts.Object {
	if _, known := kinds.Lookup(ref.Group, ref.Kind); !known || reference.Object(ref) != nil {
		return s.cluster.Get(ctx, ref) // which refuses without a request
	}
	if k := s.covering(ref); k != nil {
		return k.object(ref)
	}
	k, ok := s.answered(ctx, oneObject(ref))
	if !ok {
		return facts.Object{Ref: ref, Outcome: facts.Unreachable, Reason: interrupted}
	}
	return k.object(ref)
}

// List answers q. A query for an owner or for names is answered with references alone, whatever the cluster can do.
// Where ctx or the Source ends before the first answer, that is Unreachable.
func (s *Source) List(ctx context.Context, q facts.Query) (facts.List, []facts.Object) {
	if _, known := kinds.Lookup(q.Group, q.Kind); !known || reference.List(q) != nil {
		return s.cluster.List(ctx, q) // which refuses without a request
	}
	k, ok := s.answered(ctx, question{query: q})
	if !ok {
		return facts.List{Query: q, Outcome: facts.Unreachable, Reason: interrupted}, nil
	}
	return k.list()
}

// Skew is that of the cluster.
func (s *Source) Skew(plane facts.Plane) (ahead time.Duration, known bool) {
	if clock, ok := s.cluster.(facts.Clock); ok {
		return clock.Skew(plane)
	}
	return 0, false
}

// interrupted is the reason that internal/kube gives as well.
const interrupted = "interrupted"

// answered returns what is kept for q, with an answer; false when there is none and will be none in time.
func (s *Source) answered(ctx context.Context, q question) (*entry, bool) {
	k := s.entryFor(q)
	select {
	case <-k.first:
		return k, true
	case <-ctx.Done():
	case <-s.ctx.Done():
	}
	return k, k.stopWaiting()
}

// entryFor finds what is kept for q, or begins to keep it.
func (s *Source) entryFor(q question) *entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.questions[q]
	if k == nil {
		ctx, cancel := context.WithCancel(s.ctx)
		k = &entry{question: q, cancel: cancel, first: make(chan struct{})}
		if ctx.Err() == nil {
			s.questions[q] = k
			s.limits[q.query.Limit] = true
			s.running.Go(func() { s.follow(ctx, k) })
		}
	}
	k.asked = s.changes
	return k
}

// covering finds a list that has all objects of ref's kind, in its namespace or in all; nil where there is none, and
// where ref is kept by itself.
func (s *Source) covering(ref facts.Ref) *entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.questions[oneObject(ref)] != nil {
		return nil
	}
	q := facts.Query{Plane: ref.Plane, Group: ref.Group, Kind: ref.Kind}
	for _, q.Namespace = range []string{ref.Namespace, ""} {
		for q.Limit = range s.limits {
			if k := s.questions[question{query: q}]; k != nil && k.complete() {
				k.asked = s.changes
				return k
			}
		}
	}
	return nil
}
