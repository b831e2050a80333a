package compare

import (
	"path"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// candidateSet are the objects that a repository declares for the cluster of the component, in its order.
type candidateSet struct {
	refs   []facts.Ref
	bodies map[facts.Ref][]*manifest.Object
}

// candidates takes the objects of the folders that the appliers in the cluster apply. A repository for several clusters may declare an
// object more than once.
func candidates(v *view.Component, r *manifest.Repository) candidateSet {
	folders := map[string]string{} // by applier and cluster
	for _, k := range r.Kustomizations {
		folders[k.Cluster+"\x00"+k.Ref.String()] = k.Folder
	}
	set := candidateSet{bodies: map[facts.Ref][]*manifest.Object{}}
	var forms []manifest.Object
	for _, o := range r.Objects {
		forms = append(forms, o.Forms()...)
	}
	for i := range forms {
		o := &forms[i]
		if len(o.AppliedBy) > 0 && !slices.ContainsFunc(o.AppliedBy, func(by facts.Ref) bool {
			live := v.Object(by)
			folder, known := folders[o.Cluster+"\x00"+by.String()]
			return live.Outcome == facts.Found && (!known || live.Body == nil || folder == cleanPath(kinds.Text(live.Body, "spec", "path")))
		}) {
			continue
		}
		if set.bodies[o.Ref] == nil {
			set.refs = append(set.refs, o.Ref)
		}
		set.bodies[o.Ref] = append(set.bodies[o.Ref], o)
	}
	for ref, all := range set.bodies {
		set.bodies[ref] = ofLast(all, v.Engines.AppliedBy(v.Object(ref)))
	}
	return set
}

// ofLast leaves only what the last of several appliers applies, which the object in the cluster names.
func ofLast(all []*manifest.Object, last []facts.Ref) []*manifest.Object {
	of := slices.DeleteFunc(slices.Clone(all), func(o *manifest.Object) bool {
		return !slices.ContainsFunc(o.AppliedBy, func(by facts.Ref) bool { return slices.Contains(last, by) })
	})
	if len(of) == 0 {
		return all
	}
	return of
}

// cleanPath is spec.path from the root of the source, "." for the root itself.
func cleanPath(p string) string { return path.Clean(strings.TrimPrefix(path.Clean("/"+p), "/")) }
