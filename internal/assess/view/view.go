package view

import (
	"slices"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Component is the Snapshot as one subject's assessors see it.
type Component struct {
	*facts.Snapshot
	Engines          engine.Registry
	Now              time.Time
	Namespace        string
	ProjectName      string // "" when nothing shows which project owns the component
	ComponentName    string
	EnvironmentNames []string // in pipeline order, then the others that have a binding, by name
	Delivery         DeliveryPath

	found       map[facts.Ref][]facts.Object // what Of has found; the refs have no names
	inventories map[facts.Ref]map[facts.Ref]bool
	Currencies  map[facts.Ref]trace.Currency // of the appliers that were checked
}

// New is the view of the component that the Snapshot is about, as of now. Who delivers it is not found yet: see package delivery.
func New(s *facts.Snapshot, now time.Time, all engine.Registry) *Component {
	v := &Component{Snapshot: s, Engines: all, Now: now, Namespace: s.Subject.Namespace, ComponentName: s.Subject.Component}
	v.Currencies = map[facts.Ref]trace.Currency{}
	v.found, v.inventories = map[facts.Ref][]facts.Object{}, map[facts.Ref]map[facts.Ref]bool{}
	v.ProjectName = v.owningProject()
	v.EnvironmentNames = v.orderedEnvironments()
	return v
}

// Of is that of the Snapshot, which does not change any more: an assessment needs the same kinds a hundred times.
func (v *Component) Of(plane facts.Plane, group, kind string) []facts.Object {
	key := facts.Ref{Plane: plane, Group: group, Kind: kind}
	if _, known := v.found[key]; !known {
		v.found[key] = v.Snapshot.Of(plane, group, kind)
	}
	return slices.Clone(v.found[key])
}

// InventoryHas reports whether ref is in the inventory of an applier. Inventories do not say on which plane an object is.
func (v *Component) InventoryHas(applier facts.Object, ref facts.Ref) bool {
	ref.Plane = facts.Control
	if v.inventories[applier.Ref] == nil {
		all := map[facts.Ref]bool{}
		for _, entry := range v.Engines.Inventory(applier) {
			all[entry] = true
		}
		v.inventories[applier.Ref] = all
	}
	return v.inventories[applier.Ref][ref]
}

// owningProject reads the Component first; bindings and workloads outlive it.
func (v *Component) owningProject() string {
	if p := kinds.Text(v.Object(v.Ref("Component", v.ComponentName)).Body, "spec", "owner", "projectName"); p != "" {
		return p
	}
	if v.Subject.Project != "" {
		return v.Subject.Project
	}
	for _, kind := range []string{"Workload", "ReleaseBinding"} {
		for _, o := range v.OwnedBy(kind, v.ComponentName) {
			return kinds.Text(o.Body, "spec", "owner", "projectName")
		}
	}
	return ""
}

// Ref names an OpenChoreo object on the control plane: every link of a component resolves in its own namespace
// (openchoreo v1.2.3 api/v1alpha1), so only cluster-scoped kinds have none.
func (v *Component) Ref(kind, name string) facts.Ref {
	r := facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: kind, Namespace: v.Namespace, Name: name}
	if k, ok := kinds.Lookup(kinds.OpenChoreo, kind); ok && !k.Namespaced {
		r.Namespace = ""
	}
	return r
}

// OwnedBy returns the objects of a kind in the subject's namespace whose spec.owner names the component.
func (v *Component) OwnedBy(kind, component string) []facts.Object {
	return slices.DeleteFunc(v.Of(facts.Control, kinds.OpenChoreo, kind), func(o facts.Object) bool {
		return o.Ref.Namespace != v.Namespace || kinds.Text(o.Body, "spec", "owner", "componentName") != component
	})
}

// Bindings returns the component's ReleaseBindings for one environment, or for all with "".
func (v *Component) Bindings(environment string) []facts.Object {
	return slices.DeleteFunc(v.OwnedBy("ReleaseBinding", v.ComponentName), func(o facts.Object) bool {
		owner := kinds.Text(o.Body, "spec", "owner", "projectName")
		return (v.ProjectName != "" && owner != v.ProjectName) ||
			(environment != "" && kinds.Text(o.Body, "spec", "environment") != environment)
	})
}

// Pipeline is the project's DeploymentPipeline, NotAsked where the project names none.
func (v *Component) Pipeline() facts.Object {
	project := v.Object(v.Ref("Project", v.ProjectName))
	name := kinds.Text(project.Body, "spec", "deploymentPipelineRef", "name")
	if name == "" {
		return facts.Object{}
	}
	return v.Object(v.Ref("DeploymentPipeline", name))
}

func (v *Component) orderedEnvironments() []string {
	order := kinds.PipelineEnvironments(v.Pipeline().Body)
	var others []string
	for _, b := range v.Bindings("") {
		if e := kinds.Text(b.Body, "spec", "environment"); !slices.Contains(order, e) {
			others = append(others, e)
		}
	}
	slices.Sort(others)
	for _, asked := range v.Subject.Environments {
		if !slices.Contains(order, asked) && !slices.Contains(others, asked) {
			others = append(others, asked)
		}
	}
	return append(order, slices.Compact(others)...)
}

// Within reports whether t is less than d ago. An unknown time is not recent: clocks.go has the reason.
func (v *Component) Within(t time.Time, d time.Duration) bool { return !t.IsZero() && v.Now.Sub(t) < d }

// TypeRef resolves spec.componentType: the object's name is the part after the slash, and a kind that is left out
// means the namespaced ComponentType (controller.go:211-281).
func (v *Component) TypeRef(component facts.Object) facts.Ref {
	kind := kinds.Text(component.Body, "spec", "componentType", "kind")
	if kind == "" {
		kind = "ComponentType"
	}
	name := kinds.Text(component.Body, "spec", "componentType", "name")
	return v.Ref(kind, name[strings.LastIndex(name, "/")+1:])
}

// Workloads are the subject's Workloads: the link is spec.owner, whatever their name.
func (v *Component) Workloads() []facts.Object { return v.OwnedBy("Workload", v.ComponentName) }
