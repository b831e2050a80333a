// Package engine says what collecting, assessing, reconciling and loading a checkout need to know of an engine that delivers
// objects, such as Flux's Kustomization or Argo CD's Application. Each engine is a package below this one, and a line in
// internal/engines.
package engine

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Engine answers, from an object alone, what that object delivers and what it needs for that. It passes no verdict.
type Engine interface {
	// Kinds are the kinds that deliver, all looked after by one controller.
	Kinds() []schema.GroupKind
	// Applies reports whether objects of these kinds apply others. A source only fetches what others apply.
	Applies() bool
	// IsListed reports whether all objects of these kinds are read, so that an inventory is found which names an object that
	// has no labels, or does not exist.
	IsListed() bool
	// Controller is the controller of these kinds as it is installed by default.
	Controller() kinds.Controller

	// AppliedBy are the objects of this engine that, by the labels or annotations of u, apply it.
	AppliedBy(u *unstructured.Unstructured) []facts.Ref
	// Inventory is what u, an object of this engine, says that it has applied.
	Inventory(u *unstructured.Unstructured) []facts.Ref
	// HasPrunedAll reports whether u applied nothing at its newest run, something before, and deletes what it does not apply.
	HasPrunedAll(u *unstructured.Unstructured) bool
	// Sources are what u takes its content from.
	Sources(u *unstructured.Unstructured) []facts.Ref
	// DependsOn are the objects that u waits for.
	DependsOn(u *unstructured.Unstructured) []facts.Ref
	// PausedBy is the field or annotation that tells the controller to leave u alone; "" for none.
	PausedBy(u *unstructured.Unstructured) string
	// IsStatic reports whether no controller answers a request to reconcile u.
	IsStatic(u *unstructured.Unstructured) bool
	// HasConditions reports whether objects of these kinds have a Ready condition, and events about their failures.
	HasConditions() bool
}

// None is the engine of objects that deliver nothing. Engines embed it, and answer what concerns them.
type None struct{}

// Kinds are none.
func (None) Kinds() []schema.GroupKind { return nil }

// Applies is false.
func (None) Applies() bool { return false }

// IsListed is false.
func (None) IsListed() bool { return false }

// Controller is not known.
func (None) Controller() kinds.Controller { return kinds.Controller{} }

// AppliedBy are none.
func (None) AppliedBy(*unstructured.Unstructured) []facts.Ref { return nil }

// Inventory is empty.
func (None) Inventory(*unstructured.Unstructured) []facts.Ref { return nil }

// HasPrunedAll is false.
func (None) HasPrunedAll(*unstructured.Unstructured) bool { return false }

// Sources are none.
func (None) Sources(*unstructured.Unstructured) []facts.Ref { return nil }

// DependsOn are none.
func (None) DependsOn(*unstructured.Unstructured) []facts.Ref { return nil }

// PausedBy is spec.suspend, which Flux's kinds have in common with Kubernetes' own CronJob and Job.
func (None) PausedBy(u *unstructured.Unstructured) string {
	if kinds.Bool(u, "spec", "suspend") {
		return "spec.suspend: true"
	}
	return ""
}

// IsStatic is false.
func (None) IsStatic(*unstructured.Unstructured) bool { return false }

// HasConditions is true.
func (None) HasConditions() bool { return true }

// Ref is the place of a reference on the control plane.
func Ref(r kinds.Reference) facts.Ref {
	return facts.Ref{Plane: facts.Control, Group: r.Group, Kind: r.Kind, Namespace: r.Namespace, Name: r.Name}
}
