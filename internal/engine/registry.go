package engine

import (
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Registry is a list of engines in lookup order. The zero value has none.
type Registry []Engine

// Of returns the engine of an object; None and false if its kind delivers nothing, as no kind of Kubernetes does, most of whose groups
// have no domain.
func (r Registry) Of(ref facts.Ref) (Engine, bool) {
	if !strings.Contains(ref.Group, ".") {
		return None{}, false
	}
	kind := schema.GroupKind{Group: ref.Group, Kind: ref.Kind}
	for _, e := range r {
		if slices.Contains(e.Properties().Kinds, kind) {
			return e, true
		}
	}
	return None{}, false
}

func (r Registry) of(ref facts.Ref) Engine {
	e, _ := r.Of(ref)
	return e
}

// Defines reports whether a kind belongs to the project of an engine, whether it delivers or not.
func Defines(r Registry, ref facts.Ref) bool {
	return slices.ContainsFunc(r, func(e Engine) bool { return defines(e.Properties(), ref) })
}

// RemovesFields reports whether an unknown field of a kind may be one of an earlier release of the engine's project.
func RemovesFields(r Registry, ref facts.Ref) bool {
	return slices.ContainsFunc(r, func(e Engine) bool { return e.Properties().RemovesFields && defines(e.Properties(), ref) })
}

func defines(p Properties, ref facts.Ref) bool {
	return slices.ContainsFunc(slices.Concat(p.Kinds, p.OtherKinds), func(k schema.GroupKind) bool {
		return k.Group == ref.Group && (k.Kind == ref.Kind || k.Kind == AnyKind)
	})
}

// Appliers returns the queries for all objects that apply others.
func (r Registry) Appliers() []facts.Query {
	return r.queries(func(p Properties) bool { return p.Applies })
}

// Listed returns the queries for all objects of the listed engines.
func (r Registry) Listed() []facts.Query {
	return r.queries(func(p Properties) bool { return p.IsListed })
}

func (r Registry) queries(of func(Properties) bool) []facts.Query {
	all := make([]facts.Query, 0, 2*len(r))
	for _, e := range r {
		p := e.Properties()
		if !of(p) {
			continue
		}
		for _, kind := range p.Kinds {
			all = append(all, facts.Query{Plane: facts.Control, Group: kind.Group, Kind: kind.Kind})
		}
	}
	return all
}

// AppliedBy returns the objects that the labels or annotations of o name as its appliers. Several appliers overwrite each other.
func (r Registry) AppliedBy(o facts.Object) []facts.Ref {
	var refs []facts.Ref
	if o.Body == nil {
		return nil
	}
	for _, e := range r {
		refs = append(refs, e.AppliedBy(o.Body)...)
	}
	return refs
}

// NeverApplied reports whether the field managers of o prove that no listed engine has applied it. If the Snapshot has no field
// managers of o, it is unknown. kustomize-controller applies under its own name (v1.9.3
// internal/controller/kustomization_controller.go, ssa.Owner).
func (r Registry) NeverApplied(o facts.Object) bool {
	managers, known := facts.FieldManagers(o.Body)
	return known && !slices.ContainsFunc(r, func(e Engine) bool {
		of := e.Properties()
		return of.IsListed && slices.ContainsFunc(managers, func(m string) bool { return strings.HasPrefix(m, of.FieldManager) })
	})
}

// Inventory returns the objects that o records as applied.
func (r Registry) Inventory(o facts.Object) []facts.Ref { return r.of(o.Ref).Inventory(o.Body) }

// Sources returns the sources of o.
func (r Registry) Sources(o facts.Object) []facts.Ref {
	if o.Body == nil {
		return nil
	}
	return r.of(o.Ref).Sources(o.Body)
}

// SourceOf returns the first of the Sources of o; the zero Ref if it has none.
func (r Registry) SourceOf(o facts.Object) facts.Ref {
	for _, ref := range r.Sources(o) {
		return ref
	}
	return facts.Ref{}
}

// DependsOn returns the objects that o waits for and that apply others themselves.
func (r Registry) DependsOn(o facts.Object) []facts.Ref {
	if o.Body == nil {
		return nil
	}
	return slices.DeleteFunc(r.of(o.Ref).DependsOn(o.Body), func(ref facts.Ref) bool { return !r.of(ref).Properties().Applies })
}

// Prerequisites returns the appliers of o, and then its dependencies: o requires all of them.
func (r Registry) Prerequisites(o facts.Object) []facts.Ref {
	return append(r.AppliedBy(o), r.DependsOn(o)...)
}

// Contents returns the folders of a repository that o applies.
func (r Registry) Contents(o facts.Object) []Content { return r.of(o.Ref).Contents(o.Body) }

// HasPrunedAll reports whether o has deleted all that it had applied.
func (r Registry) HasPrunedAll(o facts.Object) bool {
	return o.Body != nil && r.of(o.Ref).HasPrunedAll(o.Body)
}

// PausedBy is the field or annotation that suspends o; "" if none does.
func (r Registry) PausedBy(o facts.Object) string {
	if o.Body == nil {
		return ""
	}
	return r.of(o.Ref).PausedBy(o.Body)
}

// IsPaused reports whether o is suspended.
func (r Registry) IsPaused(o facts.Object) bool { return r.PausedBy(o) != "" }

// IsStatic reports whether no controller handles a request to reconcile o.
func (r Registry) IsStatic(o facts.Object) bool {
	return o.Body != nil && r.of(o.Ref).IsStatic(o.Body)
}

// Properties returns the common properties of all objects of ref's kind.
func (r Registry) Properties(ref facts.Ref) Properties { return r.of(ref).Properties() }

// IsFieldManager reports whether a field manager belongs to an engine.
func (r Registry) IsFieldManager(name string) bool {
	return slices.ContainsFunc(r, func(e Engine) bool {
		manager := e.Properties().FieldManager
		return manager != "" && strings.HasPrefix(name, manager)
	})
}

// Fetched returns the content that o itself has fetched from a repository; false if o uses Sources.
func (r Registry) Fetched(o facts.Object) (Fetched, bool) {
	if o.Body == nil {
		return Fetched{}, false
	}
	return r.of(o.Ref).Fetched(o.Body)
}

// Revision returns the revision that o has or has applied, as a Git revision if one is known.
func (r Registry) Revision(o facts.Object) string { return r.of(o.Ref).Revision(o.Body) }

// LastChange is the time at which o last applied different content; zero if unknown.
func (r Registry) LastChange(o facts.Object) time.Time { return r.of(o.Ref).LastChange(o.Body) }

// HistoryOf returns the Git revisions that o, an object of an engine of r, has had or applied, the newest first.
func HistoryOf(r Registry, o facts.Object) []Applied {
	if o.Body == nil {
		return nil
	}
	return r.of(o.Ref).History(o.Body)
}

// RunsOf are the runs on o, an object of an engine of r, as far as its status records them.
func RunsOf(r Registry, o facts.Object) Runs { return r.of(o.Ref).Runs(o.Body) }

// Restores reports whether a run of o creates again what it had applied and a client deleted, and how often o runs without a change
// of its content; zero if that is unknown.
func (r Registry) Restores(o facts.Object) (restores bool, interval time.Duration) {
	if o.Body == nil {
		return false, 0
	}
	e := r.of(o.Ref)
	return e.Restores(o.Body), e.Interval(o.Body)
}

// RunTime is the maximum duration of one run on o.
func (r Registry) RunTime(o facts.Object) time.Duration { return r.of(o.Ref).RunTime(o.Body) }

// Controller returns the controller of ref's kind; the zero Controller if it is unknown.
func (r Registry) Controller(ref facts.Ref) kinds.Controller {
	if ref.Group == kinds.OpenChoreo {
		return kinds.OpenChoreoController()
	}
	return r.of(ref).Properties().Controller
}
