package compare

import (
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// UnreadReleases are the component's ComponentReleases in a repository that were not read from the cluster, because no ReleaseBinding names them.
func UnreadReleases(v *view.Component, r *manifest.Repository) []string {
	d := newDeclaration(v, r)
	var names []string
	for _, ref := range d.all.refs {
		if ref.Kind == "ComponentRelease" && d.isOwn(ref, d.all.bodies[ref][0].Body) && v.Object(ref).Outcome == facts.NotAsked {
			names = append(names, ref.Name)
		}
	}
	return names
}
