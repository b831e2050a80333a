package fleet

import (
	"context"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// A batch puts the names of its items into the URL of a request. Some proxies accept no URL longer than 8 KB.
const (
	batchSize  = 100
	batchNames = 4_000 // bytes
)

// Batches divides subjects, in their order, into batches that fit into one request.
func Batches(subjects []facts.Subject) [][]facts.Subject {
	var batches [][]facts.Subject
	size := batchNames
	for _, s := range subjects {
		if size += len(s.Component) + 1; size > batchNames || len(batches[len(batches)-1]) == batchSize {
			batches, size = append(batches, nil), len(s.Component)
		}
		last := len(batches) - 1
		batches[last] = append(batches[last], s)
	}
	return batches
}

// batch is a set of components that are assessed together. Objects with a component's label are by far the most objects of a
// fleet. They are read for one batch at a time and dropped with it, so memory use does not grow with the fleet.
type batch struct {
	names     []string
	indexes   cache[facts.Query, *index]
	selectors cache[string, map[string]string] // by namespace: from the uid of a RenderedRelease to a selector for it and its siblings
}

// Batch is For for components that are assessed together. Forget does not drop the objects that a batch has read.
func (s *Source) Batch(subjects []facts.Subject) func(facts.Subject) facts.Source {
	c := &batch{}
	for _, subject := range subjects {
		c.names = append(c.names, subject.Component)
	}
	slices.Sort(c.names)
	c.names = slices.Compact(c.names)
	return func(subject facts.Subject) facts.Source { return &view{s, subject, c} }
}

// batchIndexFor returns the batch's objects with the label that q selects, or nil if the label is not of this batch.
func (v *view) batchIndexFor(ctx context.Context, q facts.Query) *index {
	by, ok := componentLabel(q.Labels)
	if !ok {
		return nil
	}
	part := wholeList(q)
	switch {
	case by.key == kinds.LabelRenderedReleaseUID:
		part.Labels = v.siblings(ctx)[by.value]
	case slices.Contains(v.batch.names, by.value):
		part.Labels = inSelector(by.key, v.batch.names)
	}
	if part.Labels == "" {
		return nil
	}
	return v.batchIndex(ctx, part)
}

func (v *view) batchIndex(ctx context.Context, part facts.Query) *index {
	return v.batch.indexes.get(ctx, part, func() *index {
		if v.options.Everywhere && part.Plane == facts.Control && part.Namespace != "" {
			everywhere := part
			everywhere.Namespace = ""
			if x := v.batchIndex(ctx, everywhere); x != nil {
				return x.inNamespace(part.Namespace)
			}
		}
		if all := v.items(ctx, part); all != nil {
			return newIndex(all)
		}
		return nil
	})
}

// siblings returns a selector for the uid of each RenderedRelease of the batch. The selector covers all of them in the same
// project and environment, because their objects are in one cell.
func (v *view) siblings(ctx context.Context) map[string]string {
	return v.batch.selectors.get(ctx, v.subject.Namespace, func() map[string]string {
		x := v.batchIndex(ctx, facts.Query{
			Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "RenderedRelease", Namespace: v.subject.Namespace,
			Labels: inSelector(kinds.LabelComponent, v.batch.names),
		})
		if x == nil {
			return nil
		}
		places := map[label][]string{}
		for _, one := range x.byRef {
			at := label{one.text("metadata", "labels", kinds.LabelProject), one.text("metadata", "labels", kinds.LabelEnvironment)}
			places[at] = append(places[at], one.text("metadata", "uid"))
		}
		selectors := map[string]string{}
		for _, uids := range places {
			slices.Sort(uids)
			for _, uid := range uids {
				selectors[uid] = inSelector(kinds.LabelRenderedReleaseUID, uids)
			}
		}
		return selectors
	})
}

func inSelector(key string, values []string) string {
	return key + " in (" + strings.Join(values, ",") + ")"
}

// componentLabel returns the label with which a selector selects the objects of one component.
func componentLabel(selector string) (label, bool) {
	parsed, err := labels.Parse(selector)
	if err != nil {
		return label{}, false
	}
	return componentRequirement(parsed)
}

func componentRequirement(selector labels.Selector) (label, bool) {
	requirements, _ := selector.Requirements()
	for _, r := range requirements {
		one := r.Operator() == selection.Equals || r.Operator() == selection.DoubleEquals
		if one && slices.Contains(indexed(), r.Key()) {
			value, _ := r.Values().PopAny()
			return label{r.Key(), value}, true
		}
	}
	return label{}, false
}
