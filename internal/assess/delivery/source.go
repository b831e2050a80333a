package delivery

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// findSources returns the sources of the appliers that deliver the component, each before what it takes its content from.
func findSources(v *view.Component) []view.Source {
	var found []view.Source
	var visit func(o facts.Object, depth int)
	visit = func(o facts.Object, depth int) {
		for _, ref := range v.Engines.Sources(o) {
			if !slices.ContainsFunc(found, func(t view.Source) bool { return t.Ref == ref }) {
				found = append(found, view.Source{Ref: ref, Depth: depth})
				visit(v.Object(ref), depth+1)
			}
		}
	}
	for _, d := range v.Delivery.OfComponent {
		visit(d.Object, 0)
	}
	return found
}

// TakesFrom is the first of what delivers the component that takes its content from source, its own applier before others.
func TakesFrom(v *view.Component, source facts.Ref) facts.Ref {
	var all []facts.Object
	for _, ref := range v.Delivery.Direct {
		all = append(all, v.Object(ref))
	}
	for _, d := range v.Delivery.OfComponent {
		all = append(all, d.Object)
	}
	for _, t := range v.Delivery.Sources {
		all = append(all, v.Object(t.Ref))
	}
	for _, o := range all {
		if slices.Contains(v.Engines.Sources(o), source) {
			return o.Ref
		}
	}
	return facts.Ref{}
}

// ArtifactRevision is the revision of the artifact that a source holds; "" where it holds none.
func ArtifactRevision(source facts.Object) string {
	return kinds.Text(source.Body, "status", "artifact", "revision")
}

// AssessSource judges what others lean on first: the repository comes before the chart that is built from it.
func AssessSource(v *view.Component) *result.Result {
	found := slices.Clone(v.Delivery.Sources)
	if len(found) == 0 {
		return noSource(v)
	}
	slices.SortStableFunc(found, func(a, b view.Source) int { return b.Depth - a.Depth })
	var judged []*result.Result
	for _, t := range found {
		judged = append(judged, assess(v, trace.RungSource, v.Object(t.Ref)))
	}
	return result.Combine(trace.RungSource, judged)
}

func noSource(v *view.Component) *result.Result {
	j := result.New(trace.RungSource, facts.Ref{})
	if j.NoAnswer(listedAppliers(v)) {
		return j
	}
	for _, d := range v.Delivery.OfComponent {
		if content, fetches := v.Engines.Fetched(d.Object); fetches {
			j.Object, j.Revision = d.Object.Ref, content.Revision
			j.Current = Carries(v, facts.Object{}, j.Revision)
			return j.OK("%s", strings.TrimPrefix(content.URL+", read by "+content.By, ", "))
		}
	}
	switch {
	case isAppliedByHand(v):
		return j.OK("none: applied by hand")
	case hasNoSource(v):
		return j.OK("none: %s has no source", primaryApplier(v))
	}
	j.Cause, j.Summary = result.NotChecked(), "the object that names the source cannot be read"
	if slices.ContainsFunc(v.Delivery.OfComponent, func(d view.Applier) bool { return d.Object.Outcome == facts.Absent }) {
		j.Summary = primaryApplier(v) + ", which names the source, does not exist"
	}
	return j
}

// LastChange is when an applier last applied something else than before; the time of the Snapshot if nothing shows it.
func LastChange(v *view.Component, applier facts.Ref) time.Time {
	return cmp.Or(v.Engines.LastChange(v.Object(applier)), v.Now)
}

// RunsAgain adds to a finding that one more run of the applier fixes it.
func RunsAgain(f *trace.Finding, applier facts.Ref) {
	f.Wake = applier
}
