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

// A crew names its members in the URL of a request, of which some proxies take no more than 8 KB.
const (
	crewSize  = 100
	crewNames = 4_000 // bytes
)

// Crews parts subjects, in their order, into crews of a size that one request can ask for.
func Crews(subjects []facts.Subject) [][]facts.Subject {
	var crews [][]facts.Subject
	size := crewNames
	for _, s := range subjects {
		if size += len(s.Component) + 1; size > crewNames || len(crews[len(crews)-1]) == crewSize {
			crews, size = append(crews, nil), len(s.Component)
		}
		last := len(crews) - 1
		crews[last] = append(crews[last], s)
	}
	return crews
}

// crew are components that are judged together. What carries a component's label, which is by far the most of what a fleet
// has, is read for one crew at a time and gone with it, so the memory does not grow with it.
type crew struct {
	names   []string
	wholes  book[facts.Query, *whole]
	renders book[string, map[string]string] // by namespace: the uid of a RenderedRelease, and a selector for it and its siblings
}

// Crew is For, for components that are judged together. What it has read is not forgotten by Forget.
func (s *Source) Crew(subjects []facts.Subject) func(facts.Subject) facts.Source {
	c := &crew{}
	for _, subject := range subjects {
		c.names = append(c.names, subject.Component)
	}
	slices.Sort(c.names)
	c.names = slices.Compact(c.names)
	return func(subject facts.Subject) facts.Source { return &view{s, subject, c} }
}

// crewed is what the crew has of what q asks for by a label; nil where that is not the crew's.
func (v *view) crewed(ctx context.Context, q facts.Query) *whole {
	by, ok := componentLabel(q.Labels)
	if !ok {
		return nil
	}
	part := base(q)
	switch {
	case by.key == kinds.LabelRenderedReleaseUID:
		part.Labels = v.siblings(ctx)[by.value]
	case slices.Contains(v.crew.names, by.value):
		part.Labels = in(by.key, v.crew.names)
	}
	if part.Labels == "" {
		return nil
	}
	return v.partly(ctx, part)
}

func (v *view) partly(ctx context.Context, part facts.Query) *whole {
	return v.crew.wholes.once(ctx, part, func() *whole {
		if v.options.Everywhere && part.Plane == facts.Control && part.Namespace != "" {
			everywhere := part
			everywhere.Namespace = ""
			if w := v.partly(ctx, everywhere); w != nil {
				return w.within(part.Namespace)
			}
		}
		if all := v.members(ctx, part); all != nil {
			return index(all)
		}
		return nil
	})
}

// siblings are selectors by the uid of each RenderedRelease of the crew: for all of them in the same project and environment,
// as their objects are in one cell.
func (v *view) siblings(ctx context.Context) map[string]string {
	return v.crew.renders.once(ctx, v.subject.Namespace, func() map[string]string {
		w := v.partly(ctx, facts.Query{
			Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "RenderedRelease", Namespace: v.subject.Namespace,
			Labels: in(kinds.LabelComponent, v.crew.names),
		})
		if w == nil {
			return nil
		}
		places := map[label][]string{}
		for _, one := range w.byRef {
			at := label{one.text("metadata", "labels", kinds.LabelProject), one.text("metadata", "labels", kinds.LabelEnvironment)}
			places[at] = append(places[at], one.text("metadata", "uid"))
		}
		selectors := map[string]string{}
		for _, uids := range places {
			slices.Sort(uids)
			for _, uid := range uids {
				selectors[uid] = in(kinds.LabelRenderedReleaseUID, uids)
			}
		}
		return selectors
	})
}

func in(key string, values []string) string { return key + " in (" + strings.Join(values, ",") + ")" }

// componentLabel is the label by which a selector asks for the objects of one component.
func componentLabel(selector string) (label, bool) {
	parsed, err := labels.Parse(selector)
	if err != nil {
		return label{}, false
	}
	return oneOf(parsed)
}

func oneOf(selector labels.Selector) (label, bool) {
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
