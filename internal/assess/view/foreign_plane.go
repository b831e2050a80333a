package view

import (
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// DropForeignPlanes is the Snapshot without the objects of clusters that are not the planes as which they were read: a plane without a
// context of its own is read from the control plane's cluster, and a context may be the wrong one. Names do not distinguish them: two
// installations may have the same components and environments, and with them the same namespaces. That the cluster has an agent stays
// known.
func DropForeignPlanes(s *facts.Snapshot) *facts.Snapshot {
	elsewhere := map[facts.Plane]bool{}
	for plane := range identifiablePlanes(s) {
		if !HasReleasedObjects(s, plane) {
			elsewhere[plane] = true
		}
	}
	if len(elsewhere) == 0 {
		return s
	}
	return s.Without(func(o facts.Object) bool {
		return elsewhere[o.Ref.Plane] && o.Ref != AgentOn(o.Ref.Plane) && (o.Outcome == facts.Found || o.Outcome == facts.Absent)
	})
}

// identifiablePlanes are the planes whose cluster has answered a question that shows whether it is the plane. Where all of
// these were refused, nothing is known against it.
func identifiablePlanes(s *facts.Snapshot) map[facts.Plane]bool {
	planes := map[facts.Plane]bool{}
	for l := range s.EachList() {
		if l.Outcome == facts.Found && (strings.HasPrefix(l.Query.Labels, kinds.LabelRenderedReleaseUID+"=") || SelectsEnvironment(l.Query)) {
			planes[l.Query.Plane] = true
		}
	}
	for o := range s.Each() {
		if o.Ref.Plane != facts.Control && o.Ref.Kind == "Namespace" && (o.Outcome == facts.Found || o.Outcome == facts.Absent) {
			planes[o.Ref.Plane] = true
		}
	}
	return planes
}
