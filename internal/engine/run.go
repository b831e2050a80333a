package engine

import (
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Reconciler requests a run from an engine's controller and assesses the result.
type Reconciler interface {
	// Request returns the annotation that requests a run; token is unique to this client.
	Request(token string) Request
	// Phase returns the controller's message about its current step on u, and whether all objects are applied and only their
	// health checks are pending.
	Phase(u *unstructured.Unstructured) (doing string, applied bool)
	// Has reports whether u records one of these revisions of its source: as attempted, and as completely applied and healthy.
	Has(u *unstructured.Unstructured, revisions []string) (attempted, applied bool)
	// Judge assesses an object after a run that counts.
	Judge(r Run) Verdict
}

// Request is an annotation and the form of its acknowledgement.
type Request struct {
	Key, Value string
	// IsRemoved is true if the controller removes the annotation when it writes the result of the run. Otherwise it copies the
	// value to status.lastHandledReconcileAt.
	IsRemoved bool
}

// Run is an object after a run that counts, with its context.
type Run struct {
	Object facts.Object
	Source facts.Object // the first of its sources
	Wanted []string     // the acceptable revisions of the source; empty if the source has none
	// HadApplied and HasApplied report whether a wanted revision was applied before the first write, and is applied now.
	HadApplied, HasApplied bool
	// SourceIsRun is true if its source is reconciled as well.
	SourceIsRun bool
	// DependsOnOthers is true if it depends on objects that are not reconciled.
	DependsOnOthers bool
	// IsDoubtful is true if our request replaced that of another client, and was not repeated for this reason yet.
	IsDoubtful bool
	// Contains reports whether a commit is the wanted one or contains it; nil if no revision was requested.
	Contains func(commit string) (included, known bool)
}

// Lacks reports whether a revision is known not to contain the wanted one.
func (r Run) Lacks(commit string) bool {
	if r.Contains == nil || commit == "" {
		return false
	}
	included, known := r.Contains(commit)
	return known && !included
}

// Decision is the result of a Verdict.
type Decision uint8

const (
	// Undecided means that no evidence counts yet.
	Undecided Decision = iota
	// Asked means that no run has started since the request.
	Asked
	// Waiting means that something else must happen first.
	Waiting
	// Running means that a run is in progress.
	Running
	// Done means that the object is as wanted.
	Done
	// Failed means that waiting does not help.
	Failed
	// Repeated means that the request should be repeated.
	Repeated
)

// Cause is the reason for a repeated request. Each has its own limit.
type Cause string

// The causes of repeated requests.
const (
	Dependency Cause = "dependency"
	Artifact   Cause = "artifact"
	Stale      Cause = "stale"
	Transient  Cause = "transient"
	Canceled   Cause = "canceled"
	Foreign    Cause = "foreign"
	Revision   Cause = "revision"
)

// Verdict is the assessment of an object after the run that counts. The zero value is undecided.
type Verdict struct {
	Decision Decision
	Message  string // the controller's own message if it has one
	Cause    Cause  // of a repeated request
	Delay    time.Duration
	Most     int // maximum number of repetitions for this cause; 0 means no limit
}

// Is returns a verdict without repetition.
func Is(d Decision, message string) Verdict { return Verdict{Decision: d, Message: message} }

// Repeat returns a verdict that repeats the request after a delay, at most the given number of times.
func Repeat(why Cause, delay time.Duration, most int, message string) Verdict {
	return Verdict{Decision: Repeated, Cause: why, Delay: delay, Most: most, Message: message}
}

// RevisionPause is the delay before the request to a source without the wanted revision is repeated: caches and mirrors are
// delayed.
const RevisionPause = 2 * time.Second

// Request returns the zero Request, which no controller handles.
func (None) Request(string) Request { return Request{} }

// Phase returns nothing.
func (None) Phase(*unstructured.Unstructured) (doing string, applied bool) {
	return "not reconciled yet", false
}

// Has returns false.
func (None) Has(*unstructured.Unstructured, []string) (attempted, applied bool) { return false, false }

// Judge returns Failed: it is unknown when the object is done.
func (None) Judge(r Run) Verdict {
	return Is(Failed, fmt.Sprintf("objects of group %q are not supported", r.Object.Ref.Group))
}

// Request returns the annotation that requests a run on ref.
func (r Registry) Request(ref facts.Ref, token string) Request { return r.of(ref).Request(token) }

// Phase returns the controller's message about its current step on o.
func (r Registry) Phase(o facts.Object) string {
	doing, _ := r.of(o.Ref).Phase(o.Body)
	return doing
}

// IsApplied reports whether a run on o has applied everything, and only health checks are pending.
func (r Registry) IsApplied(o facts.Object) bool {
	_, applied := r.of(o.Ref).Phase(o.Body)
	return applied
}

// Has reports whether o has attempted, or has applied, one of these revisions of its source.
func (r Registry) Has(o facts.Object, revisions []string) (attempted, applied bool) {
	return r.of(o.Ref).Has(o.Body, revisions)
}

// Judge assesses an object after a run that counts.
func (r Registry) Judge(run Run) Verdict { return r.of(run.Object.Ref).Judge(run) }
