package compare

import (
	"maps"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// Revisions compares what a repository declares for a component at two revisions.
func Revisions(m Masker, v *view.Component, from, to *manifest.Repository) []Object {
	a := declaration{m: m, view: v, all: candidates(v, from), environments: v.Subject.Environments}
	b := a
	b.all = candidates(v, to)
	var all []Object
	for _, ref := range slices.Concat(b.all.refs, a.all.refs) {
		if slices.ContainsFunc(all, func(o Object) bool { return o.Ref == ref }) || !a.wants(ref) && !b.wants(ref) {
			continue
		}
		all = append(all, revisions(ref, a, b))
	}
	return all
}

// Unbuilt is a problem for which what applies the component could not be built. Its objects are then unknown, and not removed.
func Unbuilt(v *view.Component, r *manifest.Repository) (manifest.Problem, bool) {
	for _, p := range r.Problems {
		if !slices.Contains(v.Delivery.Direct, p.Object) {
			continue
		}
		switch p.Kind {
		case manifest.NotBuilt, manifest.NotSubstituted, manifest.PathAbsent, manifest.PathAbsentUnapplied:
			return p, true
		case manifest.ProblemUnknown, manifest.NotParsed, manifest.RemoteNotFetched, manifest.TargetAbsent, manifest.NotParsedUnapplied, manifest.Incomplete:
		}
	}
	return manifest.Problem{}, false
}

func (d declaration) wants(ref facts.Ref) bool {
	return d.all.bodies[ref] != nil && d.isWanted(ref, d.view.Object(ref))
}

func revisions(ref facts.Ref, a, b declaration) Object {
	c := Object{Ref: ref, Outcome: facts.Found}
	var sides [2]map[string]any
	for i, d := range []declaration{a, b} {
		declared := d.all.bodies[ref]
		if len(declared) == 0 {
			continue
		}
		body, err := masked(d.m, declared[0].Body)
		if err != nil {
			return c.unread(facts.Object{Outcome: facts.Invalid, Reason: err.Error()})
		}
		c.Place = declared[0].At("")
		sides[i] = maps.Clone(body.Object)
		delete(sides[i], "apiVersion")
		delete(sides[i], "kind")
	}
	return c.between(sides[0], sides[1])
}
