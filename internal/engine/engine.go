// Package engine says what collecting, assessing, reconciling and loading a checkout need to know of an engine that delivers
// objects, such as Flux's Kustomization. Each engine is a package below this one, and a line in
// internal/engines.
package engine

import (
	"cmp"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Engine is all that is known of an engine by those who do not assess.
type Engine interface {
	Deliverer
	Reconciler
	Declarer
}

// Deliverer answers, from an object alone, what that object delivers and what it needs for that. It passes no verdict.
type Deliverer interface {
	// Properties are what all objects of the engine have in common.
	Properties() Properties
	// AppliedBy are the objects of this engine that, by the labels or annotations of u, apply it.
	AppliedBy(u *unstructured.Unstructured) []facts.Ref
	// Inventory is what u, an object of this engine, says that it has applied.
	Inventory(u *unstructured.Unstructured) []facts.Ref
	// HasPrunedAll reports whether u applied nothing at its newest run, something before, and deletes what it does not apply.
	HasPrunedAll(u *unstructured.Unstructured) bool
	// Sources are what u takes its content from.
	Sources(u *unstructured.Unstructured) []facts.Ref
	// Fetched is the content that u itself has read of a repository; false where it takes its content from Sources.
	Fetched(u *unstructured.Unstructured) (Fetched, bool)
	// Revision is what u has, or has applied, as a Git revision where one is known.
	Revision(u *unstructured.Unstructured) string
	// LastChange is when u last applied something else than before; zero where nothing says.
	LastChange(u *unstructured.Unstructured) time.Time
	// RunTime is how long one run on u may take.
	RunTime(u *unstructured.Unstructured) time.Duration
	// DependsOn are the objects that u waits for.
	DependsOn(u *unstructured.Unstructured) []facts.Ref
	// PausedBy is the field or annotation that tells the controller to leave u alone; "" for none.
	PausedBy(u *unstructured.Unstructured) string
	// IsStatic reports whether no controller answers a request to reconcile u.
	IsStatic(u *unstructured.Unstructured) bool
}

// Properties are what all objects of an engine have in common.
type Properties struct {
	// Kinds are the kinds that deliver, all looked after by one controller.
	Kinds []schema.GroupKind
	// Controller is the controller of these kinds as it is installed by default.
	Controller kinds.Controller
	// FieldManager begins the names under which the engine applies; "" where it applies nothing.
	FieldManager string
	// Mark is what on an object says that the engine applies it, in the plural.
	Mark string
	// Applies is true where objects of these kinds apply others. A source only fetches what others apply.
	Applies bool
	// IsListed is true where all objects of these kinds are read, so that an inventory is found which names an object that
	// has no labels, or does not exist. It is the usual engine, whose objects are called by their names alone.
	IsListed bool
	// Fetches is true where objects of these kinds read what upstream has, so that they are asked for a run whatever they have.
	Fetches bool
	// Bootstraps is true where an engine may be applied by what it has applied itself: it was there first.
	Bootstraps bool
	// ComparesDependencies is true where the controller itself begins no run before what an object depends on has the same
	// revision, if both are of one source.
	ComparesDependencies bool
	// NoConditions is true where objects of these kinds have no Ready condition, and no events about their failures.
	NoConditions bool
}

// Fetched is content that an engine has read of a repository without a source of its own kind.
type Fetched struct {
	URL      string
	Revision string
	By       string // the name of the engine
}

// None is the engine of objects that deliver nothing. Engines embed it, and answer what concerns them.
type None struct{}

// Properties are none.
func (None) Properties() Properties { return Properties{} }

// AppliedBy are none.
func (None) AppliedBy(*unstructured.Unstructured) []facts.Ref { return nil }

// Inventory is empty.
func (None) Inventory(*unstructured.Unstructured) []facts.Ref { return nil }

// HasPrunedAll is false.
func (None) HasPrunedAll(*unstructured.Unstructured) bool { return false }

// Sources are none.
func (None) Sources(*unstructured.Unstructured) []facts.Ref { return nil }

// Fetched is nothing.
func (None) Fetched(*unstructured.Unstructured) (Fetched, bool) { return Fetched{}, false }

// Revision is not known.
func (None) Revision(*unstructured.Unstructured) string { return "" }

// LastChange is not known.
func (None) LastChange(*unstructured.Unstructured) time.Time { return time.Time{} }

// defaultRun is how long one run may take where the object says nothing: the timeout of a Helm action, and of a source's fetch
// (helm-controller v1.6.3 api/v2; source-controller v1.9.3 api/v1).
const defaultRun = 5 * time.Minute

// RunTime is spec.timeout, else five minutes.
func (None) RunTime(u *unstructured.Unstructured) time.Duration {
	return cmp.Or(Duration(u, "timeout"), defaultRun)
}

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

// Duration is the first of the fields of spec that holds a positive duration; zero where none does.
func Duration(u *unstructured.Unstructured, fields ...string) time.Duration {
	for _, field := range fields {
		if d, err := time.ParseDuration(kinds.Text(u, "spec", field)); err == nil && d > 0 {
			return d
		}
	}
	return 0
}

// Ref is the place of a reference on the control plane.
func Ref(r kinds.Reference) facts.Ref {
	return facts.Ref{Plane: facts.Control, Group: r.Group, Kind: r.Kind, Namespace: r.Namespace, Name: r.Name}
}
