package collect

import (
	"context"
	"slices"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect/request"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Scope is a set of components. The zero value is every component of every namespace.
type Scope struct {
	Namespace string // empty: all
	Project   string // empty: all of the namespace
}

// Deliverers reads what delivers the OpenChoreo objects of a scope, with its parents, dependencies and sources, and returns
// those that deliver objects of the scope themselves. It fails only when ctx ends.
func Deliverers(ctx context.Context, src facts.Source, scope Scope, now time.Time) (*facts.Snapshot, []facts.Ref, error) {
	s := facts.New(facts.Subject{Namespace: scope.Namespace, Project: scope.Project}, now)
	k := scoped{delivery: deliveryOf(s), project: scope.Project}
	if err := request.SendAll(ctx, src, s, k.next); err != nil {
		return nil, nil, err
	}
	if clock, ok := src.(facts.Clock); ok {
		s.SetClock(clock)
	}
	return s, k.roots(), nil
}

// scoped is the Snapshot of a Scope.
type scoped struct {
	delivery

	project string
}

func (k scoped) next() ([]request.Request, request.Filter) {
	k.Pending = nil
	k.RequestList(k.All("Project"))
	k.RequestList(k.All("Component"))
	if k.project != "" {
		k.RequestList(k.All("ReleaseBinding"))
	}
	for _, q := range engines.All().Appliers() {
		k.RequestList(q)
	}
	k.requestAppliers(k.roots())
	return k.Pending, k.listFilter()
}

// roots are the appliers that an object of the scope names, or with such an object in their inventory.
func (k scoped) roots() []facts.Ref {
	own := k.own()
	var refs []facts.Ref
	for _, o := range own {
		refs = append(refs, engines.All().AppliedBy(o)...)
	}
	for _, q := range engines.All().Appliers() {
		for _, a := range k.Of(q.Plane, q.Group, q.Kind) {
			if slices.ContainsFunc(engines.All().Inventory(a), func(e facts.Ref) bool { return k.delivered(e, own) }) {
				refs = append(refs, a.Ref)
			}
		}
	}
	slices.SortFunc(refs, facts.Ref.Compare)
	return slices.Compact(refs)
}

// own are the objects of the scope that were read.
func (k scoped) own() []facts.Object {
	var found []facts.Object
	for _, kind := range []string{"Project", "Component", "ReleaseBinding"} {
		for _, o := range k.Of(facts.Control, kinds.OpenChoreo, kind) {
			owner := kinds.Text(o.Body, "spec", "owner", "projectName")
			if kind == "Project" {
				owner = o.Ref.Name
			}
			if k.project == "" || owner == k.project {
				found = append(found, o)
			}
		}
	}
	return found
}

// delivered reports whether an inventory entry is in the scope: one of its own objects or, for a whole namespace, any OpenChoreo
// object in it. A cluster-scoped object belongs to the platform, and to all scopes.
func (k scoped) delivered(e facts.Ref, own []facts.Object) bool {
	if k.project != "" {
		return slices.ContainsFunc(own, func(o facts.Object) bool { return o.Ref == e })
	}
	return e.Group == kinds.OpenChoreo && (k.Namespace == "" || e.Namespace == k.Namespace)
}
