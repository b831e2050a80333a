package facts

import (
	"context"
	"iter"
	"maps"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Object is the answer to one question about one object. Body is nil unless Outcome is Found.
type Object struct {
	Ref     Ref
	Outcome Outcome
	Reason  string // the cluster's own words when Outcome is neither Found nor NotAsked
	Body    *unstructured.Unstructured
}

// List is the answer to one Query. Items refer to objects of the same Snapshot; they are complete only when
// Outcome is Found and Truncated is false.
type List struct {
	Query     Query
	Outcome   Outcome
	Reason    string
	Items     []Ref
	Truncated bool // the cluster had more than the reader was willing to take
}

// Log is the answer to one LogQuery: at most the last lines, oldest first.
type Log struct {
	Query   LogQuery
	Outcome Outcome
	Reason  string
	Lines   []string
}

// Source reads facts and never judges. It returns no error, because an error is a fact.
// Implementations are safe for concurrent use.
type Source interface {
	// Get reads one object.
	Get(ctx context.Context, ref Ref) Object
	// List answers q, with the bodies of its items unless q asks for references alone.
	List(ctx context.Context, q Query) (List, []Object)
	// Log reads the last lines of a container's log.
	Log(ctx context.Context, q LogQuery) Log
}

// Searcher is a Source that can read objects that are large and of which few are wanted, without holding all of them.
type Searcher interface {
	// Search is List with what keep returns of the objects that it wants. q asks for bodies.
	Search(ctx context.Context, q Query, keep func(Encoded) (o Object, wanted bool)) (List, []Object)
}

// Clock is a Source that knows how far this machine's clock is ahead of that of a plane's cluster.
type Clock interface {
	Skew(plane Plane) (ahead time.Duration, known bool)
}

// Subject is what the user asked about.
type Subject struct {
	Namespace    string   `json:"namespace"`
	Project      string   `json:"project,omitempty"` // empty until known
	Component    string   `json:"component"`
	Environments []string `json:"environments,omitempty"` // empty: all
}

// Snapshot is everything that was seen for one subject. The zero value knows nothing; use New.
// It is not safe for concurrent writes.
type Snapshot struct {
	Subject Subject
	Wanted  Revision
	Changes []Change  // of files that break a Kustomization, where a clone knows them
	TakenAt time.Time // by the control plane's clock where Skew knows it, else by the reading machine's
	Skew    Skew
	Masked  []string // what was masked on writing, in plain words; empty: nothing

	objects map[Ref]Object
	lists   map[Query]List
	logs    map[LogQuery]Log
}

// Skew is how far the clock of the machine that read a Snapshot was ahead of each plane's. nil: it is not known.
type Skew map[Plane]time.Duration

// SetClock notes what c knows of the planes of s, and turns TakenAt, by this machine's clock, into the control plane's time.
func (s *Snapshot) SetClock(c Clock) {
	ahead, known := c.Skew(Control)
	if !known {
		return
	}
	s.TakenAt, s.Skew = s.TakenAt.Add(-ahead), Skew{Control: ahead}
	for ref := range s.objects {
		if _, noted := s.Skew[ref.Plane]; noted {
			continue
		}
		if ahead, known := c.Skew(ref.Plane); known {
			s.Skew[ref.Plane] = ahead
		}
	}
}

// New returns an empty Snapshot of subject.
func New(subject Subject, takenAt time.Time) *Snapshot {
	return &Snapshot{
		Subject: subject, TakenAt: takenAt,
		objects: map[Ref]Object{}, lists: map[Query]List{}, logs: map[LogQuery]Log{},
	}
}

// Object returns what is known of ref; for a ref that nobody asked for, an Object with Outcome NotAsked.
func (s *Snapshot) Object(ref Ref) Object {
	if o, ok := s.objects[ref]; ok {
		return o
	}
	return Object{Ref: ref}
}

// List returns the answer to q; for a query that nobody asked, a List with Outcome NotAsked.
func (s *Snapshot) List(q Query) List {
	if l, ok := s.lists[q]; ok {
		return l
	}
	return List{Query: q}
}

// Log returns the answer to q, or a Log with Outcome NotAsked.
func (s *Snapshot) Log(q LogQuery) Log {
	if l, ok := s.logs[q]; ok {
		return l
	}
	return Log{Query: q}
}

// Each returns all objects, in any order.
func (s *Snapshot) Each() iter.Seq[Object] { return maps.Values(s.objects) }

// EachList returns all lists, in any order.
func (s *Snapshot) EachList() iter.Seq[List] { return maps.Values(s.lists) }

// Objects returns all objects, sorted.
func (s *Snapshot) Objects() []Object {
	return slices.SortedFunc(maps.Values(s.objects), func(a, b Object) int { return a.Ref.Compare(b.Ref) })
}

// Lists returns all lists, sorted by their query.
func (s *Snapshot) Lists() []List {
	return slices.SortedFunc(maps.Values(s.lists), func(a, b List) int { return a.Query.Compare(b.Query) })
}

// Logs returns all logs, sorted by pod and container, the current run before the previous one.
func (s *Snapshot) Logs() []Log {
	return slices.SortedFunc(maps.Values(s.logs), func(a, b Log) int { return a.Query.Compare(b.Query) })
}

// Put records an object. A body that was read is never replaced by an answer without one.
func (s *Snapshot) Put(o Object) {
	if s.objects[o.Ref].Outcome == Found && o.Outcome != Found {
		return
	}
	s.objects[o.Ref] = o
}

// PutList records a list and the objects that came with it.
func (s *Snapshot) PutList(l List, objects []Object) {
	slices.SortFunc(l.Items, Ref.Compare)
	s.lists[l.Query] = l
	for _, o := range objects {
		s.Put(o)
	}
}

// PutLog records a log.
func (s *Snapshot) PutLog(l Log) { s.logs[l.Query] = l }

// Drop forgets an object that a list brought along and that has nothing to do with the subject.
func (s *Snapshot) Drop(ref Ref) { delete(s.objects, ref) }

// Without returns the Snapshot less the objects that drop picks. Lists and logs stay: that they were answered is a fact.
func (s *Snapshot) Without(drop func(Object) bool) *Snapshot {
	less := *s
	less.objects = maps.Clone(s.objects)
	maps.DeleteFunc(less.objects, func(_ Ref, o Object) bool { return drop(o) })
	return &less
}
