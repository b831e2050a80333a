package compare

import (
	"maps"
	"reflect"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/drift"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/schemas"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// Declared compares what a repository declares for a component with the control plane. From is the object in the cluster. It is about the
// component's own objects, and about those of the trace that the repository declares. Where stored has an object, it is compared as the API
// server would store it.
func Declared(m Masker, v *view.Component, r *manifest.Repository, stored map[facts.Ref]Stored) []Object {
	d := newDeclaration(v, r)
	d.m, d.stored, d.definitions = m, stored, schemas.New()
	var all []Object
	for _, ref := range d.all.refs {
		if live := v.Object(ref); d.isWanted(ref, live) {
			all = append(all, d.compare(ref, live))
		}
	}
	return append(all, d.removed(r)...)
}

// Stored is an object as the API server would store it. If Body is nil, Reason says why that is not known.
type Stored struct {
	Body   *unstructured.Unstructured
	Reason string
}

// Comparable are the objects of a repository that Declared compares.
func Comparable(v *view.Component, r *manifest.Repository) []*manifest.Object {
	d := newDeclaration(v, r)
	var all []*manifest.Object
	for _, ref := range d.all.refs {
		if d.isWanted(ref, v.Object(ref)) && d.notComparable(ref) == "" {
			all = append(all, d.all.bodies[ref][0])
		}
	}
	return all
}

func newDeclaration(v *view.Component, r *manifest.Repository) declaration {
	return declaration{view: v, all: candidates(v, r), environments: v.Subject.Environments}
}

type declaration struct {
	m            Masker
	view         *view.Component
	all          candidateSet
	stored       map[facts.Ref]Stored
	definitions  *schemas.Set
	environments []string
}

// isWanted reports whether an object is one of the component, or one that its trace has read.
func (d declaration) isWanted(ref facts.Ref, live facts.Object) bool {
	body := d.all.bodies[ref][0].Body
	if e := kinds.Text(body, "spec", "environment"); ref.Kind == "ReleaseBinding" && len(d.environments) > 0 && !slices.Contains(d.environments, e) {
		return false
	}
	return d.isOwn(ref, body) || live.Outcome != facts.NotAsked && live.Outcome != facts.Absent
}

func (d declaration) isOwn(ref facts.Ref, body *unstructured.Unstructured) bool {
	if ref.Group != kinds.OpenChoreo || ref.Namespace != d.view.Namespace {
		return false
	}
	switch ref.Kind {
	case "Component":
		return ref.Name == d.view.ComponentName
	case "Workload", "ReleaseBinding", "ComponentRelease":
		return kinds.Text(body, "spec", "owner", "componentName") == d.view.ComponentName
	}
	return false
}

// notComparable is the reason for which a declared object cannot be compared; "" if it can.
func (d declaration) notComparable(ref facts.Ref) string {
	o := d.all.bodies[ref][0]
	differ := slices.ContainsFunc(d.all.bodies[ref], func(other *manifest.Object) bool { return !reflect.DeepEqual(other.Body.Object, o.Body.Object) })
	switch {
	case isSecret(ref):
		return "Secrets are not read"
	case differ:
		return "the repository declares it more than once"
	case o.Unresolved:
		return "it contains a variable whose value is not known"
	}
	return ""
}

func (d declaration) compare(ref facts.Ref, live facts.Object) Object {
	o := d.all.bodies[ref][0]
	c := Object{Ref: ref, Outcome: facts.Found, Place: o.At(""), Reason: d.notComparable(ref)}
	body := o.Body
	stored, sent := d.stored[ref]
	if sent {
		body = stored.Body
	}
	switch {
	case c.Reason != "":
	case sent && body == nil:
		c.Reason, c.Outcome = stored.Reason, facts.Invalid
	case live.Outcome == facts.NotAsked && ref.Kind == "ComponentRelease":
		c.Reason = "no ReleaseBinding names it, so it was not read"
	case live.Outcome == facts.Absent, live.Outcome == facts.NotAsked && d.isOwn(ref, o.Body):
		return c.against(d.m, body, nil)
	case live.Outcome != facts.Found || live.Body == nil:
		return c.unread(live)
	default:
		return d.both(c, body, live.Body)
	}
	return c
}

// both compares an object with the one in the cluster. Of a kind with a known definition, a field that only the cluster has was removed in
// Git, unless it is a default or another field manager has set it.
func (d declaration) both(c Object, declared, live *unstructured.Unstructured) Object {
	complete := d.definitions.Complete(schemas.Newest, declared)
	if c = c.against(d.m, complete, live); c.State == NotCompared || complete == declared {
		return c
	}
	have, err := masked(d.m, live)
	if err != nil {
		return c.unread(facts.Object{Outcome: facts.Invalid, Reason: err.Error()})
	}
	managers := facts.SpecManagers(live)
	stored := d.definitions.WithoutZeroValues(schemas.Newest, complete)
	from := maps.Clone(c.From)
	from["spec"] = reduce("spec", have.Object["spec"], c.To["spec"], stored.Object["spec"], func(at string) bool { return !isForeign(at, managers, d.view) })
	return c.between(from, c.To)
}

// reduce returns a live value without the fields that are not declared, except for those that keep keeps. stored is the declared value as
// the Go types of OpenChoreo store it: a field that it omits is taken as there.
func reduce(at string, live, declared, stored any, keep func(at string) bool) any {
	have, isMap := live.(map[string]any)
	want, isDeclared := declared.(map[string]any)
	if !isMap || !isDeclared {
		return live
	}
	kept, _ := stored.(map[string]any)
	reduced := map[string]any{}
	for key, value := range have {
		inner, there := want[key]
		below := at + "." + key
		switch {
		case there:
			reduced[key] = reduce(below, value, inner, kept[key], keep)
		case !drift.Empty(value) && keep(below):
			reduced[key] = value
		}
	}
	for key, value := range want {
		_, there := have[key]
		if _, isKept := kept[key]; !there && !isKept {
			reduced[key] = value
		}
	}
	return reduced
}

// isForeign reports whether a field belongs to a manager that is no applier of Git.
func isForeign(at string, managers map[string][]string, v *view.Component) bool {
	for manager, fields := range managers {
		if !v.Engines.IsFieldManager(manager) && len(drift.Managed([]string{at}, fields)) > 0 {
			return true
		}
	}
	return false
}

// removed are the component's own objects in the cluster that the repository no longer declares, although it builds what has applied
// them: Flux and Argo CD delete them, if they prune.
func (d declaration) removed(r *manifest.Repository) []Object {
	built := map[facts.Ref]bool{}
	for _, set := range d.all.bodies {
		for _, o := range set {
			for _, by := range o.AppliedBy {
				built[by] = true
			}
		}
	}
	for _, p := range r.Problems { // what was not built is not removed
		delete(built, p.Object)
	}
	var all []Object
	for _, live := range d.view.Objects() {
		if live.Outcome != facts.Found || live.Body == nil || d.all.bodies[live.Ref] != nil || !d.isOwn(live.Ref, live.Body) {
			continue
		}
		if !slices.ContainsFunc(d.view.Engines.AppliedBy(live), func(by facts.Ref) bool { return built[by] }) {
			continue
		}
		c := Object{Ref: live.Ref, Outcome: facts.Found, State: OnlyFrom, Reason: "it is no longer in Git"}
		body, err := masked(d.m, live.Body)
		if err != nil {
			continue // it is not shown
		}
		c.From = content(body)
		all = append(all, c)
	}
	return all
}
