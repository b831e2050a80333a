package fleet

import (
	"context"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// maxReleases bounds the ComponentReleases that are read as one list. Nobody deletes old ones, so that an installation may
// have a hundred for each that is pinned; beyond it each is read by its name.
const maxReleases = 5_000

// whole is a complete list, with what components ask it for.
type whole struct {
	byRef   map[facts.Ref]facts.Object
	sorted  []facts.Object
	owners  map[string][]facts.Object // by spec.owner.componentName
	labeled map[label][]facts.Object
	parts   book[facts.Query, answer] // what was asked of it
}

// label is one that selects the objects of one component.
type label struct{ key, value string }

// indexed are the labels by which components ask for what is theirs.
func indexed() []string { return []string{kinds.LabelComponent, kinds.LabelRenderedReleaseUID} }

// whole is the list that q asks for, nil where it is not to be had: not allowed, cut short, or larger than what is asked of it.
func (s *Source) whole(ctx context.Context, m *memory, q facts.Query) *whole {
	return m.wholes.once(ctx, q, func() *whole {
		if s.options.Everywhere && q.Plane == facts.Control && q.Namespace != "" {
			everywhere := q
			everywhere.Namespace = ""
			if w := s.whole(ctx, m, everywhere); w != nil {
				return w.within(q.Namespace)
			}
		}
		if q.Kind == "ComponentRelease" && s.tooMany(ctx, m, q) {
			return nil
		}
		a := s.asked(ctx, m, q)
		if a.list.Outcome != facts.Found || a.list.Truncated {
			return nil
		}
		return index(a.objects)
	})
}

func (s *Source) tooMany(ctx context.Context, m *memory, q facts.Query) bool {
	q.Names = true
	l := s.asked(ctx, m, q).list
	return l.Outcome != facts.Found || l.Truncated || len(l.Items) > maxReleases
}

func index(objects []facts.Object) *whole {
	w := &whole{byRef: map[facts.Ref]facts.Object{}, owners: map[string][]facts.Object{}, labeled: map[label][]facts.Object{}}
	w.sorted = slices.SortedFunc(slices.Values(objects), func(a, b facts.Object) int { return a.Ref.Compare(b.Ref) })
	for _, o := range w.sorted {
		w.byRef[o.Ref] = o
		if owner := kinds.Text(o.Body, "spec", "owner", "componentName"); owner != "" {
			w.owners[owner] = append(w.owners[owner], o)
		}
		for _, key := range indexed() {
			if value, has := o.Body.GetLabels()[key]; has {
				w.labeled[label{key, value}] = append(w.labeled[label{key, value}], o)
			}
		}
	}
	return w
}

// within is the part of one namespace.
func (w *whole) within(namespace string) *whole {
	return index(slices.DeleteFunc(slices.Clone(w.sorted), func(o facts.Object) bool { return o.Ref.Namespace != namespace }))
}

// object answers for one object; what a complete list does not have is absent, in the words of a GET.
func (w *whole) object(ref facts.Ref) facts.Object {
	if o, ok := w.byRef[ref]; ok {
		return o
	}
	kind, _ := kinds.Lookup(ref.Group, ref.Kind)
	return facts.Object{Ref: ref, Outcome: facts.Absent, Reason: apierrors.NewNotFound(kind.Resource().GroupResource(), ref.Name).Error()}
}

// list answers q from the whole, as the cluster would. All components of a project ask for its cells.
func (w *whole) list(ctx context.Context, q facts.Query) (facts.List, []facts.Object) {
	a := w.parts.once(ctx, q, func() answer {
		l, objects := w.part(q)
		return answer{l, objects}
	})
	return copied(a.list), a.objects
}

// part has references alone for an owner.
func (w *whole) part(q facts.Query) (facts.List, []facts.Object) {
	l := facts.List{Query: q, Outcome: facts.Found}
	selector, err := labels.Parse(q.Labels)
	if err != nil {
		return facts.List{Query: q, Outcome: facts.Unreachable, Reason: err.Error()}, nil
	}
	var objects []facts.Object
	for _, o := range w.candidates(q.Owner, selector) {
		if selector.Matches(labels.Set(o.Body.GetLabels())) {
			l.Items = append(l.Items, o.Ref)
			objects = append(objects, o)
		}
	}
	if q.Owner != "" {
		objects = nil
	}
	return l, objects
}

// candidates are the objects that may be selected, found by an index where there is one.
func (w *whole) candidates(owner string, selector labels.Selector) []facts.Object {
	if owner != "" {
		return w.owners[owner]
	}
	requirements, _ := selector.Requirements()
	for _, r := range requirements {
		one := r.Operator() == selection.Equals || r.Operator() == selection.DoubleEquals
		if one && slices.Contains(indexed(), r.Key()) {
			value, _ := r.Values().PopAny()
			return w.labeled[label{r.Key(), value}]
		}
	}
	return w.sorted
}
