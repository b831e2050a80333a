// Package engine defines what collect, assess, reconcile and the loader of a checkout need from an engine that delivers objects,
// such as Flux's Kustomization. Each engine is a package below this one and an entry in internal/engines.
package engine

import (
	"cmp"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Engine is the interface of an engine without its assessment.
type Engine interface {
	Deliverer
	Reconciler
	Declarer
}

// Deliverer determines, from an object alone, what that object delivers and what it requires. It passes no verdict.
type Deliverer interface {
	// Properties returns the common properties of all objects of the engine.
	Properties() Properties
	// AppliedBy returns the objects of this engine that apply u, according to the labels or annotations of u.
	AppliedBy(u *unstructured.Unstructured) []facts.Ref
	// Inventory returns the objects that u, an object of this engine, records as applied.
	Inventory(u *unstructured.Unstructured) []facts.Ref
	// HasPrunedAll reports whether the newest run of u applied nothing, an earlier run applied something, and u prunes.
	HasPrunedAll(u *unstructured.Unstructured) bool
	// Sources returns the sources of u.
	Sources(u *unstructured.Unstructured) []facts.Ref
	// Fetched returns the content that u itself has fetched from a repository; false if u uses Sources.
	Fetched(u *unstructured.Unstructured) (Fetched, bool)
	// Revision returns the revision that u has or has applied, as a Git revision if one is known.
	Revision(u *unstructured.Unstructured) string
	// LastChange is the time at which u last applied different content; zero if unknown.
	LastChange(u *unstructured.Unstructured) time.Time
	// History returns the Git revisions that u has had or applied, the newest first, as far as its status records them.
	History(u *unstructured.Unstructured) []Applied
	// Runs are the runs on u, as far as its status records them.
	Runs(u *unstructured.Unstructured) Runs
	// RunTime is the maximum duration of one run on u.
	RunTime(u *unstructured.Unstructured) time.Duration
	// Interval is how often u applies without a change of its content; zero where it does not, or nothing shows how often.
	Interval(u *unstructured.Unstructured) time.Duration
	// Restores reports whether a run of u creates again what it had applied and a client deleted.
	Restores(u *unstructured.Unstructured) bool
	// DependsOn returns the objects that u waits for.
	DependsOn(u *unstructured.Unstructured) []facts.Ref
	// PausedBy is the field or annotation that suspends u; "" if none does.
	PausedBy(u *unstructured.Unstructured) string
	// IsStatic reports whether no controller handles a request to reconcile u.
	IsStatic(u *unstructured.Unstructured) bool
}

// Properties are the common properties of all objects of an engine.
type Properties struct {
	// Kinds are the kinds that deliver objects, all reconciled by one controller.
	Kinds []schema.GroupKind
	// OtherKinds are kinds of the same project that deliver nothing. The Kind AnyKind means all kinds of its group.
	OtherKinds []schema.GroupKind
	// Controller is the controller of these kinds in a default installation.
	Controller kinds.Controller
	// FieldManager is the prefix of the engine's field managers; "" if the engine applies nothing.
	FieldManager string
	// AppliesAs is the field manager with which the engine applies the content of a repository; "" if that is unknown.
	AppliesAs string
	// Mark names the labels or annotations on an object that identify its applier, in the plural.
	Mark string
	// Applies is true if objects of these kinds apply others. A source only fetches content.
	Applies bool
	// IsListed is true if all objects of these kinds are listed. An inventory can then show an object that has no labels or does
	// not exist. It is the usual engine, so its objects are printed by name alone.
	IsListed bool
	// Fetches is true if objects of these kinds fetch content from upstream. They are then always triggered, whatever revision
	// they have.
	Fetches bool
	// Bootstraps is true if an object that the engine has applied may apply the engine's object in turn: the engine existed
	// first.
	Bootstraps bool
	// ComparesDependencies is true if the controller delays a run until the dependencies of the same source have the same
	// revision.
	ComparesDependencies bool
	// DropsCycles is true if the controller drops the event of a source for all objects that use it, if some of them depend on
	// each other.
	DropsCycles bool
	// RemovesFields is true if the project removes fields from API versions that it keeps, so that an unknown field may be one of an
	// earlier release.
	RemovesFields bool
	// WhenRefused is what becomes of an object of these kinds, in a clause, if the API server refuses one of the objects that it applies;
	// "" if objects of these kinds apply none from files.
	WhenRefused string
	// NoConditions is true if objects of these kinds have no Ready condition, and no events about their failures.
	NoConditions bool
}

// AnyKind is the Kind of a GroupKind that means all kinds of its group.
const AnyKind = "*"

// Fetched is content that an engine has fetched from a repository without a separate source object.
type Fetched struct {
	URL      string
	Revision string
	By       string // the name of the engine
}

// Runs are the runs on an object, as far as its status records them.
type Runs struct {
	LastEnd      time.Time     // of the last run that has ended; zero: unknown
	LastDuration time.Duration // of that run; zero: unknown
	// Total and Failed count the recorded runs. Both are 0 if the engine records none.
	Total, Failed int64
}

// Applied is a revision that an object has had or applied, and when.
type Applied struct {
	Revision string // the last one with this content
	// First and Last are the first and the last time at which the same content was applied. Only the last is certain to have been of
	// Revision if there were several Runs.
	First, Last time.Time
	Runs        int64
	Failed      bool // the content may have been applied in part, or not at all
}

// None is the engine of objects that deliver nothing. Engines embed it and override the methods that apply to them.
type None struct{}

// Properties returns none.
func (None) Properties() Properties { return Properties{} }

// AppliedBy returns none.
func (None) AppliedBy(*unstructured.Unstructured) []facts.Ref { return nil }

// Inventory returns none.
func (None) Inventory(*unstructured.Unstructured) []facts.Ref { return nil }

// HasPrunedAll returns false.
func (None) HasPrunedAll(*unstructured.Unstructured) bool { return false }

// Sources returns none.
func (None) Sources(*unstructured.Unstructured) []facts.Ref { return nil }

// Fetched returns nothing.
func (None) Fetched(*unstructured.Unstructured) (Fetched, bool) { return Fetched{}, false }

// Revision returns "": it is unknown.
func (None) Revision(*unstructured.Unstructured) string { return "" }

// LastChange returns the zero time: it is unknown.
func (None) LastChange(*unstructured.Unstructured) time.Time { return time.Time{} }

// History returns none.
func (None) History(*unstructured.Unstructured) []Applied { return nil }

// Runs returns none.
func (None) Runs(*unstructured.Unstructured) Runs { return Runs{} }

// defaultRun is the default timeout of a run: that of a Helm action, and of a source's fetch (helm-controller v1.6.3 api/v2;
// source-controller v1.9.3 api/v1).
const defaultRun = 5 * time.Minute

// RunTime returns spec.timeout, or five minutes by default.
func (None) RunTime(u *unstructured.Unstructured) time.Duration {
	return cmp.Or(Duration(u, "timeout"), defaultRun)
}

// Interval is not known.
func (None) Interval(*unstructured.Unstructured) time.Duration { return 0 }

// Restores is false.
func (None) Restores(*unstructured.Unstructured) bool { return false }

// DependsOn returns none.
func (None) DependsOn(*unstructured.Unstructured) []facts.Ref { return nil }

// PausedBy checks spec.suspend, a field of Flux's kinds and of Kubernetes' CronJob and Job.
func (None) PausedBy(u *unstructured.Unstructured) string {
	if kinds.Bool(u, "spec", "suspend") {
		return "spec.suspend: true"
	}
	return ""
}

// IsStatic returns false.
func (None) IsStatic(*unstructured.Unstructured) bool { return false }

// Duration returns the first of the spec fields that holds a positive duration; zero if none does.
func Duration(u *unstructured.Unstructured, fields ...string) time.Duration {
	for _, field := range fields {
		if d, err := time.ParseDuration(kinds.Text(u, "spec", field)); err == nil && d > 0 {
			return d
		}
	}
	return 0
}

// Ref converts a reference to a Ref on the control plane.
func Ref(r kinds.Reference) facts.Ref {
	return facts.Ref{Plane: facts.Control, Group: r.Group, Kind: r.Kind, Namespace: r.Namespace, Name: r.Name}
}
