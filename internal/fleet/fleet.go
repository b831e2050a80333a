// Package fleet reads many components with few requests. It makes each distinct request once. Objects that each component has of
// its own, such as bindings, are served from one list of the whole kind. So the number of requests grows with the kinds,
// namespaces, cells and failures, but not with the number of components.
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

// Options of a Source. The zero value only caches.
type Options struct {
	// Whole lists whole kinds, if the user may list them. It saves requests from a handful of components on.
	Whole bool
	// Everywhere makes these lists cover all namespaces, if that is allowed.
	Everywhere bool
	// MaxAge is the maximum age of a cached object; 0: no limit. It needs Now, the clock.
	MaxAge time.Duration
	Now    func() time.Time
}

// Source is a facts.Source that caches everything until Forget is called. The bodies that it returns are shared: a caller must
// copy a body before it changes it. For returns copies of Kustomizations, because collect trims their inventories.
type Source struct {
	cluster facts.Source
	options Options

	mu      sync.Mutex
	current *caches
}

// caches is the cache since it was last cleared.
type caches struct {
	createdAt   time.Time
	objects     cache[facts.Ref, facts.Object]
	lists       cache[facts.Query, listResult]
	logs        cache[facts.LogQuery, facts.Log]
	indexes     cache[facts.Query, *index]
	inventories cache[facts.Ref, inventory]
}

// listResult is the result of a list.
type listResult struct {
	list    facts.List
	objects []facts.Object
}

// New returns a Source that reads from cluster.
func New(cluster facts.Source, o Options) *Source {
	s := &Source{cluster: cluster, options: o}
	s.Forget()
	return s
}

// Forget clears the cache. Requests in progress still serve the callers that wait for them.
func (s *Source) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget()
}

func (s *Source) forget() {
	s.current = &caches{}
	if s.options.MaxAge > 0 {
		s.current.createdAt = s.options.Now()
	}
}

func (s *Source) caches() *caches {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.options.MaxAge > 0 && s.options.Now().Sub(s.current.createdAt) > s.options.MaxAge {
		s.forget()
	}
	return s.current
}

// For returns the Source for the component of one subject.
func (s *Source) For(subject facts.Subject) facts.Source { return &view{s, subject, nil} }

// Warm starts to read the lists that every component needs, so that the largest of them are read concurrently.
func (s *Source) Warm(ctx context.Context, namespaces ...string) {
	m := s.caches()
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
	batch   *batch // nil: the component is assessed alone
}

// Get reads one object.
func (v *view) Get(ctx context.Context, ref facts.Ref) facts.Object {
	if reference.Object(ref) != nil {
		return v.cluster.Get(ctx, ref) // which refuses without a request; a complete list would return Absent
	}
	m := v.caches()
	if v.options.Whole && isPerComponent(ref.Group, ref.Kind) && ref.Namespace != "" && (v.batch == nil || ref.Kind != "RenderedRelease") {
		if x := v.index(ctx, m, facts.Query{Plane: ref.Plane, Group: ref.Group, Kind: ref.Kind, Namespace: ref.Namespace}); x != nil {
			return x.object(ref)
		}
	}
	o := m.objects.get(ctx, ref, func() facts.Object { return v.cluster.Get(ctx, ref) })
	return ownCopy(o)
}

// isPerComponent reports whether each component has its own objects of this kind.
func isPerComponent(group, kind string) bool {
	if group != kinds.OpenChoreo {
		return false
	}
	switch kind {
	case "Component", "Workload", "ReleaseBinding", "ComponentRelease", "RenderedRelease":
		return true
	}
	return false
}

// ownCopy returns a copy of an object that collect changes.
func ownCopy(o facts.Object) facts.Object {
	if o.Ref.Kind == "Kustomization" && o.Body != nil {
		o.Body = o.Body.DeepCopy()
	}
	return o
}

func (v *view) List(ctx context.Context, q facts.Query) (facts.List, []facts.Object) {
	if reference.List(q) != nil {
		return v.cluster.List(ctx, q) // which refuses without a request
	}
	if v.options.Whole && q.Limit > 0 { // many components need the list, so it is read in full
		all := q
		all.Limit = 0
		l, objects := v.List(ctx, all)
		l.Query = q
		return l, objects
	}
	m := v.caches()
	if v.options.Whole && selectsPart(q) {
		if x := v.indexFor(ctx, m, q); x != nil {
			return x.list(ctx, q)
		}
	}
	a := v.readList(ctx, m, q)
	if q.Kind == "Kustomization" {
		return copyOf(a.list), v.trimmed(ctx, m, a)
	}
	return copyOf(a.list), a.objects
}

func copyOf(l facts.List) facts.List {
	l.Items = append([]facts.Ref(nil), l.Items...)
	return l
}

// indexFor returns the list that contains the result of q. It returns nil if q needs its own request.
func (v *view) indexFor(ctx context.Context, m *caches, q facts.Query) *index {
	if v.batch != nil && q.Labels != "" {
		return v.batchIndexFor(ctx, q)
	}
	return v.index(ctx, m, wholeList(q))
}

// selectsPart reports whether q selects one component's part of a list, and whether the selection is possible without the cluster.
// Some kinds, such as ReplicaSets, are needed only for unhealthy components. Such requests are few, but the whole list may be
// long.
func selectsPart(q facts.Query) bool {
	if q.Fields != "" || q.Names {
		return false
	}
	part := q.Namespace != "" && (q.Owner != "" || q.Labels != "")
	return isPerComponent(q.Group, q.Kind) && (part || q.Kind == "Component") || part && selectsWorkloads(q)
}

// selectsWorkloads reports whether q selects workloads or pods on a plane.
func selectsWorkloads(q facts.Query) bool {
	kind := schema.GroupKind{Group: q.Group, Kind: q.Kind}
	return q.Plane != facts.Control && q.Kind != "ReplicaSet" && (kinds.RunsPods(kind) || kind == schema.GroupKind{Kind: "Pod"})
}

// wholeList returns the query for the whole list that contains the result of q.
func wholeList(q facts.Query) facts.Query {
	return facts.Query{Plane: q.Plane, Group: q.Group, Kind: q.Kind, Namespace: q.Namespace}
}

// readList returns the result of the cluster's own list.
func (s *Source) readList(ctx context.Context, m *caches, q facts.Query) listResult {
	return m.lists.get(ctx, q, func() listResult {
		l, objects := s.cluster.List(ctx, q)
		return listResult{l, objects}
	})
}

// Skew returns the clock skew of the cluster.
func (s *Source) Skew(plane facts.Plane) (ahead time.Duration, known bool) {
	if clock, ok := s.cluster.(facts.Clock); ok {
		return clock.Skew(plane)
	}
	return 0, false
}

// Log reads the last lines of a container's log.
func (v *view) Log(ctx context.Context, q facts.LogQuery) facts.Log {
	return v.caches().logs.get(ctx, q, func() facts.Log { return v.cluster.Log(ctx, q) })
}
