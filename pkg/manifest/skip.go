package manifest

import (
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Skip removes what files declare that must not be checked, and what their Kustomizations alone apply. Their objects stay declared: a
// reference to one is not broken.
func (r *Repository) Skip(skips func(file string) bool) {
	skipped, kept := map[facts.Ref]bool{}, map[facts.Ref]bool{}
	for _, o := range append(slices.Clone(r.Objects), kustomizationObjects(r.Kustomizations)...) {
		if skips(o.File) {
			skipped[o.Ref] = true
		} else {
			kept[o.Ref] = true
		}
	}
	isSkipped := func(by facts.Ref) bool { return skipped[by] && !kept[by] }
	r.Objects = slices.DeleteFunc(r.Objects, func(o Object) bool {
		return skips(o.File) || len(o.AppliedBy) > 0 && !slices.ContainsFunc(o.AppliedBy, func(by facts.Ref) bool { return !isSkipped(by) })
	})
	for i, o := range r.Objects {
		r.Objects[i].AppliedBy = slices.DeleteFunc(slices.Clone(o.AppliedBy), isSkipped)
	}
	r.Kustomizations = slices.DeleteFunc(r.Kustomizations, func(k Kustomization) bool { return skips(k.File) })
	r.Unapplied = slices.DeleteFunc(r.Unapplied, func(d Document) bool { return skips(d.Place.File) })
	r.Roots = slices.DeleteFunc(r.Roots, func(d Document) bool { return skips(d.Place.File) })
	r.Former = slices.DeleteFunc(r.Former, func(d Document) bool { return skips(d.Place.File) })
	r.Problems = slices.DeleteFunc(r.Problems, func(p Problem) bool { return skips(p.Place.File) || isSkipped(p.Object) })
	for i, d := range r.Coverage.Deliveries {
		if skips(d.Place.File) {
			r.Coverage.Deliveries[i].State, r.Coverage.Deliveries[i].Reason = Skipped, "in skipPaths"
		}
	}
}

func kustomizationObjects(all []Kustomization) []Object {
	objects := make([]Object, 0, len(all))
	for _, k := range all {
		objects = append(objects, k.Object)
	}
	return objects
}
