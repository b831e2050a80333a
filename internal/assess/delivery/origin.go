package delivery

import (
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// origins are those of the component's own appliers first, then those of what these need.
func origins(v *view.Component) []view.Origin {
	var found []view.Origin
	ours := slices.Clone(v.Delivery.OfComponent)
	slices.SortStableFunc(ours, func(a, b view.Applier) int { return rankOf(v, a) - rankOf(v, b) })
	for _, d := range ours {
		if content, fetches := v.Engines.Fetched(d.Object); fetches {
			found = append(found, view.Origin{Object: d.Object, Revision: content.Revision})
		}
		for _, ref := range v.Engines.Sources(d.Object) {
			found = append(found, view.Origin{Object: v.Object(ref), Revision: v.Engines.Revision(v.Object(ref))})
		}
	}
	return slices.DeleteFunc(found, func(o view.Origin) bool { return o.Revision == "" })
}

// rankOf is the place among the appliers of the component's own objects, and behind them for all others.
func rankOf(v *view.Component, d view.Applier) int {
	if i := slices.Index(v.Delivery.Direct, d.Object.Ref); i >= 0 {
		return i
	}
	return len(v.Delivery.Direct)
}

// findLeadingOrigin is the first that is a Git revision, else the first of any kind.
func findLeadingOrigin(v *view.Component) view.Origin {
	origins := origins(v)
	for _, o := range origins {
		if kinds.Commit(o.Revision) != "" {
			return o
		}
	}
	if len(origins) > 0 {
		return origins[0]
	}
	return view.Origin{}
}
