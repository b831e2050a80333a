package facts

import (
	"context"
	"iter"
	"maps"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Object is the response to a request for one object. Body is nil unless Outcome is Found. It holds only what JSON decodes to in
// Kubernetes: map[string]any, []any, string, int64, float64, bool and nil.
type Object struct {
	Ref     Ref
	Outcome Outcome
	Reason  string // the cluster's own message if Outcome is neither Found nor NotAsked
	Body    *unstructured.Unstructured
}

// List is the response to one Query. Items refer to objects of the same Snapshot; they are complete only if Outcome is Found and
// Truncated is false.
type List struct {
	Query     Query
	Outcome   Outcome
	Reason    string
	Items     []Ref
	Truncated bool // the cluster has more items than the limit
}

// Log is the response to one LogQuery: at most the last lines, oldest first.
type Log struct {
	Query   LogQuery
	Outcome Outcome
	Reason  string
	Lines   []string
}

// Source reads facts and never assesses them. It returns no error, because an error is a fact. Implementations are safe for
// concurrent use.
type Source interface {
	// Get reads one object.
	Get(ctx context.Context, ref Ref) Object
	// List executes q, and returns the bodies of its items unless q requests references only.
	List(ctx context.Context, q Query) (List, []Object)
	// Log reads the last lines of a container's log.
	Log(ctx context.Context, q LogQuery) Log
}

// Searcher is a Source that can search large objects and keep only a few in memory.
type Searcher interface {
	// Search is List with only the results of keep for the wanted objects. q requests bodies.
	Search(ctx context.Context, q Query, keep func(Encoded) (o Object, wanted bool)) (List, []Object)
}

// Clock is a Source that measures by how much this machine's clock is ahead of that of a plane's cluster.
type Clock interface {
	Skew(plane Plane) (ahead time.Duration, known bool)
}

// Subject is the component that the user requested.
type Subject struct {
	Namespace    string   `json:"namespace"`
	Project      string   `json:"project,omitempty"` // empty until known
	Component    string   `json:"component"`
	Environments []string `json:"environments,omitempty"` // empty: all
	// Object is the object that the user named, and that belongs to the component; the zero Ref if the user named the component.
	Object Ref `json:"object,omitzero"`

	// Contexts are those of the kubeconfig that the user named, by plane. Printed commands name them; no file has them.
	Contexts map[Plane]string `json:"-"`
	// Planes are the values of --plane, NAME=CONTEXT, which printed commands of ours repeat.
	Planes []string `json:"-"`
	// API is how OpenChoreo's API is used, which printed commands depend on.
	API *API `json:"-"`
}

// Snapshot is all data that was read for one subject. The zero value is invalid; use New. It is not safe for concurrent writes.
type Snapshot struct {
	Subject Subject
	Wanted  Revision
	Changes []Change  // of files that break a Kustomization, if a clone contains them
	Past    Past      // of the subject's objects in Git, if it was read
	Probes  []Probe   // of endpoints, if they were requested; no file has them
	TakenAt time.Time // in control plane time if Skew has it, else in the reading machine's time
	Skew    Skew
	Masked  []string // descriptions of the masked values; empty if none

	objects map[Ref]Object
	lists   map[Query]List
	logs    map[LogQuery]Log
}

// Skew is by how much the clock of the machine that read a Snapshot was ahead of each plane's. nil means unknown.
type Skew map[Plane]time.Duration

// SetClock records the skew of the planes of s from c, and converts TakenAt from this machine's time to the control plane's
// time.
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

// Object returns the object of ref; for a ref that was not requested, an Object with Outcome NotAsked.
func (s *Snapshot) Object(ref Ref) Object {
	if o, ok := s.objects[ref]; ok {
		return o
	}
	return Object{Ref: ref}
}

// List returns the list of q; for a query that was not requested, a List with Outcome NotAsked.
func (s *Snapshot) List(q Query) List {
	if l, ok := s.lists[q]; ok {
		return l
	}
	return List{Query: q}
}

// Log returns the log of q, or a Log with Outcome NotAsked.
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

// Put records an object. A result without a body never replaces one with a body. An object that is Found without a body cannot be
// judged, so it is recorded as Unreachable; a body of any other outcome is not recorded.
func (s *Snapshot) Put(o Object) {
	switch {
	case o.Outcome != Found:
		o.Body = nil
	case o.Body == nil || o.Body.Object == nil:
		o.Outcome, o.Body, o.Reason = Unreachable, nil, "it was found without a body"
	}
	if s.objects[o.Ref].Outcome == Found && o.Outcome != Found {
		return
	}
	s.objects[o.Ref] = o
}

// PutList records a list and the objects in it.
func (s *Snapshot) PutList(l List, objects []Object) {
	slices.SortFunc(l.Items, Ref.Compare)
	s.lists[l.Query] = l
	for _, o := range objects {
		s.Put(o)
	}
}

// PutLog records a log.
func (s *Snapshot) PutLog(l Log) { s.logs[l.Query] = l }

// Drop removes an object of a list that is unrelated to the subject.
func (s *Snapshot) Drop(ref Ref) { delete(s.objects, ref) }

// Without returns the Snapshot less the objects that drop selects. Lists and logs remain: their outcomes are facts.
func (s *Snapshot) Without(drop func(Object) bool) *Snapshot {
	less := *s
	less.objects = maps.Clone(s.objects)
	maps.DeleteFunc(less.objects, func(_ Ref, o Object) bool { return drop(o) })
	return &less
}
