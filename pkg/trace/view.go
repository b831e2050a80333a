package trace

import (
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// view is the Snapshot as one subject's assessors see it.
type view struct {
	*facts.Snapshot
	now          time.Time
	ns           string
	project      string // "" when nothing says which project owns the component
	component    string
	environments []string // in pipeline order, then the others that have a binding, by name
	way          way

	found       map[facts.Ref][]facts.Object // what Of has found; the refs have no names
	inventories map[facts.Ref]map[kinds.Reference]bool
	currencies  map[facts.Ref]Currency // of the appliers that were looked at
}

func newView(s *facts.Snapshot, now time.Time) *view {
	v := &view{Snapshot: s, now: now, ns: s.Subject.Namespace, component: s.Subject.Component}
	v.currencies = map[facts.Ref]Currency{}
	v.found, v.inventories = map[facts.Ref][]facts.Object{}, map[facts.Ref]map[kinds.Reference]bool{}
	v.project = v.owningProject()
	v.environments = v.orderedEnvironments()
	v.findWay()
	return v
}

// Of is that of the Snapshot, which nobody changes any more: a judgement asks for the same kinds a hundred times.
func (v *view) Of(plane facts.Plane, group, kind string) []facts.Object {
	key := facts.Ref{Plane: plane, Group: group, Kind: kind}
	if _, known := v.found[key]; !known {
		v.found[key] = v.Snapshot.Of(plane, group, kind)
	}
	return slices.Clone(v.found[key])
}

// applies reports whether ref is in the inventory of an applier.
func (v *view) applies(applier facts.Object, ref kinds.Reference) bool {
	if v.inventories[applier.Ref] == nil {
		all := map[kinds.Reference]bool{}
		for _, entry := range kinds.Inventory(applier.Body) {
			all[entry] = true
		}
		v.inventories[applier.Ref] = all
	}
	return v.inventories[applier.Ref][ref]
}

// owningProject is asked of the Component first; bindings and workloads outlive it.
func (v *view) owningProject() string {
	if p := kinds.Text(v.Object(v.ref("Component", v.component)).Body, "spec", "owner", "projectName"); p != "" {
		return p
	}
	if v.Subject.Project != "" {
		return v.Subject.Project
	}
	for _, kind := range []string{"Workload", "ReleaseBinding"} {
		for _, o := range v.ownedBy(kind, v.component) {
			return kinds.Text(o.Body, "spec", "owner", "projectName")
		}
	}
	return ""
}

// ref names an OpenChoreo object on the control plane: every link of a component resolves in its own namespace
// (openchoreo v1.2.3 api/v1alpha1), so only cluster-scoped kinds have none.
func (v *view) ref(kind, name string) facts.Ref {
	r := facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: kind, Namespace: v.ns, Name: name}
	if k, ok := kinds.Lookup(kinds.OpenChoreo, kind); ok && !k.Namespaced {
		r.Namespace = ""
	}
	return r
}

// ownedBy returns the objects of a kind in the subject's namespace whose spec.owner names the component.
func (v *view) ownedBy(kind, component string) []facts.Object {
	return slices.DeleteFunc(v.Of(facts.Control, kinds.OpenChoreo, kind), func(o facts.Object) bool {
		return o.Ref.Namespace != v.ns || kinds.Text(o.Body, "spec", "owner", "componentName") != component
	})
}

// bindings returns the component's ReleaseBindings for one environment, or for all with "".
func (v *view) bindings(environment string) []facts.Object {
	return slices.DeleteFunc(v.ownedBy("ReleaseBinding", v.component), func(o facts.Object) bool {
		owner := kinds.Text(o.Body, "spec", "owner", "projectName")
		return (v.project != "" && owner != v.project) ||
			(environment != "" && kinds.Text(o.Body, "spec", "environment") != environment)
	})
}

// pipeline is the project's DeploymentPipeline, NotAsked where the project names none.
func (v *view) pipeline() facts.Object {
	project := v.Object(v.ref("Project", v.project))
	name := kinds.Text(project.Body, "spec", "deploymentPipelineRef", "name")
	if name == "" {
		return facts.Object{}
	}
	return v.Object(v.ref("DeploymentPipeline", name))
}

func (v *view) orderedEnvironments() []string {
	order := kinds.PipelineEnvironments(v.pipeline().Body)
	var others []string
	for _, b := range v.bindings("") {
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

// within reports whether t is less than d ago. An unknown time is not recent: clocks.go says why.
func (v *view) within(t time.Time, d time.Duration) bool { return !t.IsZero() && v.now.Sub(t) < d }

func newest(times ...time.Time) time.Time {
	return slices.MaxFunc(times, time.Time.Compare)
}

// since is the time at which the condition took its present status, unknown for an absent one.
func since(c kinds.Condition) time.Time { return c.LastTransitionTime }

// quote is the evidence that a condition gives.
func quote(c kinds.Condition) []Evidence {
	if !c.Present() {
		return nil
	}
	path := "status.conditions[" + c.Type + "]"
	return []Evidence{
		{Path: path + ".status", Value: c.Status},
		{Path: path + ".reason", Value: c.Reason},
		{Path: path + ".message", Value: c.Message},
	}
}

func deleting(u *unstructured.Unstructured) bool { return u != nil && u.GetDeletionTimestamp() != nil }
