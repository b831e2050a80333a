package trace

import (
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// origin is where an applier takes its content from: a source of Flux, or the Application that reads the repository itself.
type origin struct {
	object   facts.Object
	revision string
}

// origins are those of the component's own appliers first, then those of what these need.
func (v *view) origins() []origin {
	var found []origin
	ours := slices.Clone(v.way.ours)
	slices.SortStableFunc(ours, func(a, b delivered) int { return v.rankOf(a) - v.rankOf(b) })
	for _, d := range ours {
		if d.object.Ref.Kind == "Application" {
			found = append(found, origin{d.object, comparedRevision(d.object)})
		}
		for _, ref := range control(kinds.Sources(d.object.Body)) {
			found = append(found, origin{v.Object(ref), gitRevision(v.Object(ref))})
		}
	}
	return slices.DeleteFunc(found, func(o origin) bool { return o.revision == "" })
}

// rankOf is the place among the appliers of the component's own objects, and behind them for all others.
func (v *view) rankOf(d delivered) int {
	if i := slices.Index(v.way.direct, d.object.Ref); i >= 0 {
		return i
	}
	return len(v.way.direct)
}

// findLeading is the first that is a Git revision, else the first of any kind.
func (v *view) findLeading() origin {
	origins := v.origins()
	for _, o := range origins {
		if kinds.Commit(o.revision) != "" {
			return o
		}
	}
	if len(origins) > 0 {
		return origins[0]
	}
	return origin{}
}

// madeOf is the repository that a revision of an artifact is one of, as far as Flux says; else the source itself.
func (v *view) madeOf(source facts.Object, revision string) facts.Object {
	from := source
	for range maxSourceDepth {
		if from.Ref.Kind == "GitRepository" && kinds.Commit(revision) != "" {
			return from
		}
		from = v.Object(sourceOf(from))
	}
	return source
}

// maxSourceDepth bounds the chain of what sources are made from, which may be a circle.
const maxSourceDepth = 5
