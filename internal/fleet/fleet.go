// Package fleet answers the questions of many components from few requests. Each distinct question is asked once; and what
// each component asks of its own, such as its bindings, is answered from one list of the whole kind. So the requests grow with
// the kinds, namespaces and cells, and with what is broken, but not with the number of components.
package fleet

import (
	"context"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Options of a Source. The zero value only remembers.
type Options struct {
	// Whole answers from lists of whole kinds, where these may be read. It pays from a handful of components on.
	Whole bool
	// Everywhere reads these lists of all namespaces at once, where that is allowed.
	Everywhere bool
	// MaxAge is how old an answer may be; 0: any age. It needs Now, the clock.
	MaxAge time.Duration
	Now    func() time.Time
}

// Source is a facts.Source that remembers every answer until it is told to forget. The bodies that it hands out are shared:
// who changes one must copy it before. Of Kustomizations, whose inventories collect trims, For hands out copies.
type Source struct {
	cluster facts.Source
	options Options

	mu   sync.Mutex
	past *memory
}

// memory is what was asked since the last time that everything was forgotten.
type memory struct {
	begun       time.Time
	objects     cache[facts.Ref, facts.Object]
	lists       cache[facts.Query, answer]
	logs        cache[facts.LogQuery, facts.Log]
	indexes     cache[facts.Query, *index]
	inventories cache[facts.Ref, inventory]
}

// answer is that to a list.
type answer struct {
	list    facts.List
	objects []facts.Object
}

// New makes a Source that asks cluster.
func New(cluster facts.Source, o Options) *Source {
	s := &Source{cluster: cluster, options: o}
	s.Forget()
	return s
}

// Forget makes every question be asked anew. Answers that are under way are still given to those who wait for them.
func (s *Source) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget()
}

func (s *Source) forget() {
	s.past = &memory{}
	if s.options.MaxAge > 0 {
		s.past.begun = s.options.Now()
	}
}

func (s *Source) memory() *memory {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.options.MaxAge > 0 && s.options.Now().Sub(s.past.begun) > s.options.MaxAge {
		s.forget()
	}
	return s.past
}

// For is the Source as the component of one subject asks it.
func (s *Source) For(subject facts.Subject) facts.Source { return &view{s, subject, nil} }

// Warm begins to read what every component asks for, so that the largest of it is not waited for one after the other.
func (s *Source) Warm(ctx context.Context, namespaces ...string) {
	m := s.memory()
	for _, namespace := range namespaces {
		for _, kind := range []string{"Workload", "ReleaseBinding", "ComponentRelease"} {
			go s.index(ctx, m, facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: kind, Namespace: namespace})
		}
	}
}

// view is the Source for one component.
type view struct {
	*Source
	subject facts.Subject
	batch   *batch // nil: it is judged by itself
}

// Get reads one object.
func (v *view) Get(ctx context.Context, ref facts.Ref) facts.Object {
	if reference.Object(ref) != nil {
		return v.cluster.Get(ctx, ref) // which refuses without a request; a complete list would say Absent
	}
	m := v.memory()
	if v.options.Whole && perComponent(ref.Group, ref.Kind) && ref.Namespace != "" && (v.batch == nil || ref.Kind != "RenderedRelease") {
		if w := v.index(ctx, m, facts.Query{Plane: ref.Plane, Group: ref.Group, Kind: ref.Kind, Namespace: ref.Namespace}); w != nil {
			return w.object(ref)
		}
	}
	o := m.objects.get(ctx, ref, func() facts.Object { return v.cluster.Get(ctx, ref) })
	return own(o)
}

// perComponent reports whether each component has objects of this kind of its own.
func perComponent(group, kind string) bool {
	if group != kinds.OpenChoreo {
		return false
	}
	switch kind {
	case "Component", "Workload", "ReleaseBinding", "ComponentRelease", "RenderedRelease":
		return true
	}
	return false
}

// own is the caller's own copy of what collect changes.
func own(o facts.Object) facts.Object {
	if o.Ref.Kind == "Kustomization" && o.Body != nil {
		o.Body = o.Body.DeepCopy()
	}
	return o
}

// List answers q.
func (v *view) List(ctx context.Context, q facts.Query) (facts.List, []facts.Object) {
	if reference.List(q) != nil {
		return v.cluster.List(ctx, q) // which refuses without a request
	}
	if v.options.Whole && q.Limit > 0 { // many components need it, however long it is
		all := q
		all.Limit = 0
		l, objects := v.List(ctx, all)
		l.Query = q
		return l, objects
	}
	m := v.memory()
	if v.options.Whole && divisible(q) {
		if w := v.ofSubject(ctx, m, q); w != nil {
			return w.list(ctx, q)
		}
	}
	a := v.asked(ctx, m, q)
	if q.Kind == "Kustomization" {
		return copied(a.list), v.trimmed(ctx, m, a)
	}
	return copied(a.list), a.objects
}

func copied(l facts.List) facts.List {
	l.Items = append([]facts.Ref(nil), l.Items...)
	return l
}

// ofSubject is the list of which q asks for a part; nil where that is to be asked for by itself.
func (v *view) ofSubject(ctx context.Context, m *memory, q facts.Query) *index {
	if v.batch != nil && q.Labels != "" {
		return v.inBatch(ctx, q)
	}
	return v.index(ctx, m, base(q))
}

// divisible reports whether q asks for one component's part of what all have, which can be told apart without the cluster. What
// is only asked of a component that is not well, such as ReplicaSets, is few, and the whole of it may be much.
func divisible(q facts.Query) bool {
	if q.Fields != "" || q.Names {
		return false
	}
	part := q.Namespace != "" && (q.Owner != "" || q.Labels != "")
	return perComponent(q.Group, q.Kind) && (part || q.Kind == "Component") || part && runs(q)
}

// runs reports whether q asks for what runs on a plane.
func runs(q facts.Query) bool {
	kind := schema.GroupKind{Group: q.Group, Kind: q.Kind}
	return q.Plane != facts.Control && q.Kind != "ReplicaSet" && (kinds.RunsPods(kind) || kind == schema.GroupKind{Kind: "Pod"})
}

// base asks for the whole of which q asks for a part.
func base(q facts.Query) facts.Query {
	return facts.Query{Plane: q.Plane, Group: q.Group, Kind: q.Kind, Namespace: q.Namespace}
}

// asked is the cluster's own answer.
func (s *Source) asked(ctx context.Context, m *memory, q facts.Query) answer {
	return m.lists.get(ctx, q, func() answer {
		l, objects := s.cluster.List(ctx, q)
		return answer{l, objects}
	})
}

// Skew is that of the cluster.
func (s *Source) Skew(plane facts.Plane) (ahead time.Duration, known bool) {
	if clock, ok := s.cluster.(facts.Clock); ok {
		return clock.Skew(plane)
	}
	return 0, false
}

// Log reads the last lines of a container's log.
func (v *view) Log(ctx context.Context, q facts.LogQuery) facts.Log {
	return v.memory().logs.get(ctx, q, func() facts.Log { return v.cluster.Log(ctx, q) })
}
