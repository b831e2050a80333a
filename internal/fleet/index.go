package fleet

import (
	"context"
	"maps"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// maxReleases bounds the ComponentReleases that are read as one list. Old releases are never deleted, so an installation may have
// a hundred for each pinned one. Above this bound each release is read by name.
const maxReleases = 20_000

// index is a complete list with the lookups that components need.
type index struct {
	byRef   map[facts.Ref]item
	sorted  []facts.Ref
	owners  map[string][]facts.Ref // by spec.owner.componentName
	labeled map[label][]facts.Ref
	results cache[facts.Query, listResult] // results that several components share
}

// label is a label that selects the objects of one component.
type label struct{ key, value string }

// indexed returns the labels with which components select their objects.
func indexed() []string { return []string{kinds.LabelComponent, kinds.LabelRenderedReleaseUID} }

// index returns the complete list for q. It returns nil if the list is forbidden or truncated, or if it has too many releases.
func (s *Source) index(ctx context.Context, m *caches, q facts.Query) *index {
	return m.indexes.get(ctx, q, func() *index {
		if s.options.Everywhere && q.Plane == facts.Control && q.Namespace != "" {
			everywhere := q
			everywhere.Namespace = ""
			if x := s.index(ctx, m, everywhere); x != nil {
				return x.inNamespace(q.Namespace)
			}
		}
		if q.Kind == "ComponentRelease" && s.tooManyReleases(ctx, m, q) {
			return nil
		}
		if all := s.items(ctx, q); all != nil {
			return newIndex(all)
		}
		return nil
	})
}

// tooManyReleases reads at most one of the releases if the cluster can count. Otherwise, in a watch, it reads their names.
func (s *Source) tooManyReleases(ctx context.Context, m *caches, q facts.Query) bool {
	if c, can := s.cluster.(Counter); can {
		n, outcome := c.Count(ctx, q)
		return outcome != facts.Found || n > maxReleases
	}
	q.Names = true
	l := s.readList(ctx, m, q).list
	return l.Outcome != facts.Found || l.Truncated || len(l.Items) > maxReleases
}

func newIndex(all map[facts.Ref]item) *index {
	x := &index{byRef: all, owners: map[string][]facts.Ref{}, labeled: map[label][]facts.Ref{}}
	x.sorted = slices.SortedFunc(maps.Keys(all), facts.Ref.Compare)
	for _, ref := range x.sorted {
		if owner := all[ref].text("spec", "owner", "componentName"); owner != "" {
			x.owners[owner] = append(x.owners[owner], ref)
		}
		for _, key := range indexed() {
			if value := all[ref].text("metadata", "labels", key); value != "" {
				x.labeled[label{key, value}] = append(x.labeled[label{key, value}], ref)
			}
		}
	}
	return x
}

// inNamespace returns the objects of one namespace.
func (x *index) inNamespace(namespace string) *index {
	all := map[facts.Ref]item{}
	for ref, one := range x.byRef {
		if ref.Namespace == namespace {
			all[ref] = one
		}
	}
	return newIndex(all)
}

// object returns one object. An object that is not in the complete list is Absent, with the reason text of a GET.
func (x *index) object(ref facts.Ref) facts.Object {
	if one, ok := x.byRef[ref]; ok {
		return one.object()
	}
	kind, _ := kinds.Lookup(ref.Group, ref.Kind)
	return facts.Object{Ref: ref, Outcome: facts.Absent, Reason: apierrors.NewNotFound(kind.Resource().GroupResource(), ref.Name).Error()}
}

// list answers q from the complete list, as the cluster would. It caches results that are not specific to one component, such as
// the cells, because all components of a project need them.
func (x *index) list(ctx context.Context, q facts.Query) (facts.List, []facts.Object) {
	selector, err := labels.Parse(q.Labels)
	if err != nil {
		return facts.List{Query: q, Outcome: facts.Unreachable, Reason: err.Error()}, nil
	}
	if refs, ofOne := x.candidates(q.Owner, selector); ofOne {
		return x.filter(q, refs, selector)
	}
	if selector.Empty() {
		return x.filter(q, x.sorted, selector)
	}
	a := x.results.get(ctx, q, func() listResult {
		l, objects := x.filter(q, x.sorted, selector)
		return listResult{l, objects}
	})
	return copyOf(a.list), a.objects
}

// filter returns references without bodies if q selects an owner.
func (x *index) filter(q facts.Query, refs []facts.Ref, selector labels.Selector) (facts.List, []facts.Object) {
	l := facts.List{Query: q, Outcome: facts.Found}
	var objects []facts.Object
	for _, ref := range refs {
		one := x.byRef[ref]
		if !selector.Empty() && !selector.Matches(one.labels()) {
			continue
		}
		l.Items = append(l.Items, ref)
		if q.Owner == "" {
			objects = append(objects, one.object())
		}
	}
	return l, objects
}

// candidates returns the objects that q may select, from a lookup. It returns false if there is no lookup for q.
func (x *index) candidates(owner string, selector labels.Selector) ([]facts.Ref, bool) {
	if owner != "" {
		return x.owners[owner], true
	}
	if by, ok := componentRequirement(selector); ok {
		return x.labeled[by], true
	}
	return nil, false
}
