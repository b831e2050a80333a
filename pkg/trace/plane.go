package trace

import (
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// believed is the Snapshot without what clusters say that are not the planes which they were asked as: a plane without a
// context of its own is asked of the control plane's cluster, and a context may be the wrong one. Names do not tell: two
// installations may have the same components and environments, and with them the same namespaces.
func believed(s *facts.Snapshot) *facts.Snapshot {
	elsewhere := map[facts.Plane]bool{}
	for plane := range recognisable(s) {
		if !carriesOurs(s, plane) {
			elsewhere[plane] = true
		}
	}
	if len(elsewhere) == 0 {
		return s
	}
	return s.Without(func(o facts.Object) bool {
		return elsewhere[o.Ref.Plane] && (o.Outcome == facts.Found || o.Outcome == facts.Absent)
	})
}

// recognisable are the planes whose cluster has answered a question that shows whether it is the plane. Where all of
// these were refused, nothing is known against it.
func recognisable(s *facts.Snapshot) map[facts.Plane]bool {
	planes := map[facts.Plane]bool{}
	for l := range s.EachList() {
		if l.Outcome == facts.Found && (strings.HasPrefix(l.Query.Labels, kinds.LabelRenderedReleaseUID+"=") || isProof(l.Query)) {
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

// isProof reports whether a question asks for anything of an Environment, by its uid.
func isProof(q facts.Query) bool { return strings.HasPrefix(q.Labels, kinds.LabelEnvironmentUID+"=") }

// carriesOurs reports whether an object of the plane carries the uid of a RenderedRelease, or of an Environment where all of the
// release was deleted.
func carriesOurs(s *facts.Snapshot, plane facts.Plane) bool {
	for l := range s.EachList() {
		if l.Query.Plane == plane && isProof(l.Query) && len(l.Items) > 0 {
			return true
		}
	}
	ours := map[string]bool{}
	for _, rendered := range s.Of(facts.Control, kinds.OpenChoreo, "RenderedRelease") {
		ours[string(rendered.Body.GetUID())] = true
	}
	for o := range s.Each() {
		if o.Ref.Plane != plane || o.Outcome != facts.Found {
			continue
		}
		if uid := kinds.Label(o.Body, kinds.LabelRenderedReleaseUID); uid != "" && ours[uid] {
			return true
		}
	}
	return false
}

// planeIsHere reports whether the cluster that was asked really is this environment's data plane: only then does
// it carry an object with the uid of a RenderedRelease which OpenChoreo applied to it.
func (p *place) planeIsHere() bool { return carriesOurs(p.Snapshot, p.plane()) }

// podNamespace is where the component's objects go on the plane. Before OpenChoreo 1.2 no cell says so, only the objects
// themselves.
func (p *place) podNamespace() string {
	for _, o := range p.planeObjects() {
		if runs(o.ref) == 1 {
			return o.ref.Namespace
		}
	}
	return kinds.Text(firstBody(p.cells), "status", "namespace")
}
