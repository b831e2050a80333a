package view

import (
	"cmp"
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Retriggers adds to a finding that a change of the metadata of ref fixes it: OpenChoreo then enqueues the object again.
func (p *Environment) Retriggers(f *trace.Finding, ref facts.Ref) {
	f.Wake = ref
}

// projectBindings are the ProjectReleaseBindings of the project in this environment. There must be exactly one.
func (p *Environment) projectBindings() []facts.Object {
	return slices.DeleteFunc(p.Of(facts.Control, kinds.OpenChoreo, "ProjectReleaseBinding"), func(o facts.Object) bool {
		return o.Ref.Namespace != p.Namespace || kinds.Text(o.Body, "spec", "environment") != p.Name ||
			kinds.Text(o.Body, "spec", "owner", "projectName") != p.ProjectName
	})
}

// BeforeCells reports whether the cluster runs OpenChoreo 1.0 or 1.1, where each release makes its namespace itself
// (v1.1.6 internal/controller/renderedrelease/controller.go:133).
func (p *Environment) BeforeCells() bool {
	return p.Listed(facts.Control, kinds.OpenChoreo, "ProjectReleaseBinding", p.Namespace).Outcome == facts.NoKind
}

// DataPlane resolves the plane of an Environment. An explicit reference means exactly that kind; without one it is
// the DataPlane "default" of the namespace, else the ClusterDataPlane of that name (openchoreo v1.2.3
// internal/controller/reference.go:124). Whether there is one in the namespace must be known for the second.
func (p *Environment) DataPlane() facts.Object {
	env := p.Object(p.Ref("Environment", p.Name))
	if name := kinds.Text(env.Body, "spec", "dataPlaneRef", "name"); name != "" {
		kind := kinds.Text(env.Body, "spec", "dataPlaneRef", "kind")
		if kind == "" {
			kind = "DataPlane"
		}
		return p.Object(p.Ref(kind, name))
	}
	own := p.Object(p.Ref("DataPlane", "default"))
	switch own.Outcome {
	case facts.Found, facts.Forbidden, facts.Unreachable, facts.Invalid:
		return own
	case facts.NotAsked, facts.Absent, facts.NoKind:
	}
	return p.Object(p.Ref("ClusterDataPlane", "default"))
}

// Plane is the name under which the Snapshot holds the plane's objects. Where it is not known whether the namespace has a
// DataPlane, they were requested under the name of the cluster's; their labels show whether they are ours.
func (p *Environment) Plane() facts.Plane {
	if o := p.DataPlane(); o.Outcome == facts.Found || p.namesPlane() {
		return planeName(o.Ref)
	}
	return planeName(p.Ref("ClusterDataPlane", "default"))
}

// namesPlane reports whether the Environment names its plane.
func (p *Environment) namesPlane() bool {
	return kinds.Text(p.Object(p.Ref("Environment", p.Name)).Body, "spec", "dataPlaneRef", "name") != ""
}

func planeName(ref facts.Ref) facts.Plane {
	if ref.Namespace != "" {
		return facts.Plane(ref.Namespace + "/" + ref.Name)
	}
	return facts.Plane(ref.Name)
}

// Environment is one environment of the subject, with the objects that belong to it.
type Environment struct {
	*Component
	Name     string
	Binding  facts.Object // the ReleaseBinding; NotAsked or Absent when there is none
	Cells    []facts.Object
	Rendered facts.Object  // the binding's RenderedRelease for the data plane
	objects  []PlaneObject // what it puts on the plane; nil until they are needed
}

// EnvironmentOf is the view of one environment. Its Binding is NotAsked or Absent where there is none.
func (v *Component) EnvironmentOf(environment string) *Environment {
	p := &Environment{Component: v, Name: environment}
	if bound := v.Bindings(environment); len(bound) > 0 {
		p.Binding = bound[0]
	}
	p.Cells = p.projectBindings()
	p.Rendered = p.RenderedRelease()
	return p
}

// ReleaseName is the ComponentRelease that the binding pins; "" where it pins none.
func (p *Environment) ReleaseName() string { return kinds.Text(p.Binding.Body, "spec", "releaseName") }

// UnreadBinding is the list of ReleaseBindings, or one of them, that was not read. Whether the environment has a ReleaseBinding is then
// unknown, if none was found.
func (p *Environment) UnreadBinding() (o facts.Object, unread bool) {
	l := p.Listed(facts.Control, kinds.OpenChoreo, "ReleaseBinding", p.Namespace)
	if l.Outcome != facts.Found && l.Outcome != facts.Absent {
		return facts.Object{Ref: p.Ref("ReleaseBinding", ""), Outcome: l.Outcome, Reason: l.Reason}, true
	}
	for _, item := range l.Items {
		if o := p.Object(item); o.Outcome == facts.Forbidden || o.Outcome == facts.Unreachable || o.Outcome == facts.Invalid {
			return o, true
		}
	}
	return facts.Object{}, false
}

// WithoutBinding is the summary of a rung that a ReleaseBinding leads to: none, in these words, or unknown.
func (p *Environment) WithoutBinding(none string) string {
	if _, unread := p.UnreadBinding(); unread {
		return "unknown without the ReleaseBinding"
	}
	return none
}

// RenderedRelease is the one for the data plane that the binding owns; a second one, for observability, is not health.
func (p *Environment) RenderedRelease() facts.Object {
	for _, o := range p.Owned("dataplane") {
		return o
	}
	return facts.Object{}
}

// Owned are the RenderedReleases of the binding for a plane. One that names none is for the data plane (openchoreo v1.2.3
// renderedrelease/controller.go:102).
func (p *Environment) Owned(target string) []facts.Object {
	return slices.DeleteFunc(p.Of(facts.Control, kinds.OpenChoreo, "RenderedRelease"), func(o facts.Object) bool {
		return o.Ref.Namespace != p.Namespace || cmp.Or(kinds.Text(o.Body, "spec", "targetPlane"), "dataplane") != target ||
			!slices.ContainsFunc(o.Body.GetOwnerReferences(), func(owner metav1.OwnerReference) bool {
				return p.Binding.Body != nil && owner.UID == p.Binding.Body.GetUID()
			})
	})
}

// LastChange is the newest sign that the release was changed; the API keeps no time of a new generation.
func (p *Environment) LastChange(o facts.Object) time.Time {
	return Latest(CreatedAt(o), p.LastDelivery(p.Binding), CreatedAt(p.Object(p.Ref("ComponentRelease", p.ReleaseName()))))
}
