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

// maxReleases bounds the ComponentReleases that are read as one list. Nobody deletes old ones, so that an installation may
// have a hundred for each that is pinned; beyond it each is read by its name.
const maxReleases = 20_000

// index is a complete list, with what components ask it for.
type index struct {
	byRef   map[facts.Ref]item
	sorted  []facts.Ref
	owners  map[string][]facts.Ref // by spec.owner.componentName
	labeled map[label][]facts.Ref
	parts   cache[facts.Query, answer] // what several components ask of it
}

// label is one that selects the objects of one component.
type label struct{ key, value string }

// indexed are the labels by which components ask for what is theirs.
func indexed() []string { return []string{kinds.LabelComponent, kinds.LabelRenderedReleaseUID} }

// index is the list that q asks for, nil where it is not to be had: not allowed, cut short, or larger than what is asked of it.
func (s *Source) index(ctx context.Context, m *memory, q facts.Query) *index {
	return m.indexes.get(ctx, q, func() *index {
		if s.options.Everywhere && q.Plane == facts.Control && q.Namespace != "" {
			everywhere := q
			everywhere.Namespace = ""
			if w := s.index(ctx, m, everywhere); w != nil {
				return w.within(q.Namespace)
			}
		}
		if q.Kind == "ComponentRelease" && s.tooMany(ctx, m, q) {
			return nil
		}
		if all := s.items(ctx, q); all != nil {
			return newIndex(all)
		}
		return nil
	})
}

// tooMany reads at most one of the releases, where the cluster counts; else, in a watch, their names.
func (s *Source) tooMany(ctx context.Context, m *memory, q facts.Query) bool {
	if c, can := s.cluster.(Counter); can {
		n, outcome := c.Count(ctx, q)
		return outcome != facts.Found || n > maxReleases
	}
	q.Names = true
	l := s.asked(ctx, m, q).list
	return l.Outcome != facts.Found || l.Truncated || len(l.Items) > maxReleases
}

func newIndex(all map[facts.Ref]item) *index {
	w := &index{byRef: all, owners: map[string][]facts.Ref{}, labeled: map[label][]facts.Ref{}}
	w.sorted = slices.SortedFunc(maps.Keys(all), facts.Ref.Compare)
	for _, ref := range w.sorted {
		if owner := all[ref].text("spec", "owner", "componentName"); owner != "" {
			w.owners[owner] = append(w.owners[owner], ref)
		}
		for _, key := range indexed() {
			if value := all[ref].text("metadata", "labels", key); value != "" {
				w.labeled[label{key, value}] = append(w.labeled[label{key, value}], ref)
			}
		}
	}
	return w
}

// within is the part of one namespace.
func (w *index) within(namespace string) *index {
	all := map[facts.Ref]item{}
	for ref, one := range w.byRef {
		if ref.Namespace == namespace {
			all[ref] = one
		}
	}
	return newIndex(all)
}

// object answers for one object; what a complete list does not have is absent, in the words of a GET.
func (w *index) object(ref facts.Ref) facts.Object {
	if one, ok := w.byRef[ref]; ok {
		return one.object()
	}
	kind, _ := kinds.Lookup(ref.Group, ref.Kind)
	return facts.Object{Ref: ref, Outcome: facts.Absent, Reason: apierrors.NewNotFound(kind.Resource().GroupResource(), ref.Name).Error()}
}

// list answers q from the whole, as the cluster would. What is not of one component, such as the cells, all of a project ask
// for: that is kept.
func (w *index) list(ctx context.Context, q facts.Query) (facts.List, []facts.Object) {
	selector, err := labels.Parse(q.Labels)
	if err != nil {
		return facts.List{Query: q, Outcome: facts.Unreachable, Reason: err.Error()}, nil
	}
	if refs, ofOne := w.candidates(q.Owner, selector); ofOne {
		return w.part(q, refs, selector)
	}
	if selector.Empty() {
		return w.part(q, w.sorted, selector)
	}
	a := w.parts.get(ctx, q, func() answer {
		l, objects := w.part(q, w.sorted, selector)
		return answer{l, objects}
	})
	return copied(a.list), a.objects
}

// part has references alone for an owner.
func (w *index) part(q facts.Query, refs []facts.Ref, selector labels.Selector) (facts.List, []facts.Object) {
	l := facts.List{Query: q, Outcome: facts.Found}
	var objects []facts.Object
	for _, ref := range refs {
		one := w.byRef[ref]
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

// candidates are the objects that may be selected, found by an index; false where there is none for it.
func (w *index) candidates(owner string, selector labels.Selector) ([]facts.Ref, bool) {
	if owner != "" {
		return w.owners[owner], true
	}
	if by, ok := oneOf(selector); ok {
		return w.labeled[by], true
	}
	return nil, false
}
