package engine

import (
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Reconciler is how an engine's controller is asked for a run, and what that run came to.
type Reconciler interface {
	// Request is the annotation that asks for a run; token is unlike any other client's.
	Request(token string) Request
	// Phase is what the controller says that it is doing with u, and whether all is applied and only its health is waited for.
	Phase(u *unstructured.Unstructured) (doing string, applied bool)
	// Has reports whether u repeats one of these revisions of its source: once tried, and once all of it is applied and healthy.
	Has(u *unstructured.Unstructured, revisions []string) (attempted, applied bool)
	// Judge reads an object after a run that counts.
	Judge(r Run) Verdict
}

// Request is an annotation, and how its controller acknowledges it.
type Request struct {
	Key, Value string
	// IsRemoved is true where the controller takes the annotation away when it writes what came of the run. Else it repeats the
	// value in status.lastHandledReconcileAt.
	IsRemoved bool
}

// Run is an object after a run that counts, and what is known beside it.
type Run struct {
	Object facts.Object
	Source facts.Object // the first that it takes its content from
	Wanted []string     // the revisions of the source that it may end at; empty where the source has none
	// HadApplied and HasApplied report whether a wanted revision was applied before anything was written, and is now.
	HadApplied, HasApplied bool
	// SourceIsRun is true where what it takes its content from is reconciled as well.
	SourceIsRun bool
	// DependsOnOthers is true where it depends on what is not reconciled.
	DependsOnOthers bool
	// IsDoubtful is true where another client's request stood on the object when ours was written, for the first time.
	IsDoubtful bool
	// Contains says whether a commit is the one that the user wants, or contains it; nil where nothing particular is wanted.
	Contains func(commit string) (included, known bool)
}

// Lacks reports whether a revision is known not to contain the one that the user wants.
func (r Run) Lacks(commit string) bool {
	if r.Contains == nil || commit == "" {
		return false
	}
	included, known := r.Contains(commit)
	return known && !included
}

// Decision is what a Verdict comes to.
type Decision uint8

const (
	// Undecided means that nothing that counts has been seen.
	Undecided Decision = iota
	// Asked means that no run that began after the request was seen.
	Asked
	// Waiting means that something else must happen first.
	Waiting
	// Running means that the controller is in the middle of a run.
	Running
	// Done means that the object is as wanted.
	Done
	// Failed means that it will not become as wanted by waiting.
	Failed
	// Repeated means that the controller should be asked again.
	Repeated
)

// Cause is why an object is asked again; each has a bound of its own.
type Cause string

// The causes for which a run is repeated.
const (
	Dependency Cause = "dependency"
	Artifact   Cause = "artifact"
	Stale      Cause = "stale"
	Passing    Cause = "passing"
	Canceled   Cause = "canceled"
	Foreign    Cause = "foreign"
	Revision   Cause = "revision"
)

// Verdict is what an object says of the run that counts. The zero value is undecided.
type Verdict struct {
	Decision Decision
	Message  string // the controller's own words where it has any
	Cause    Cause  // of a repeated one
	Delay    time.Duration
	Most     int // how often it is repeated for this cause before it has failed; 0: until the user gives up
}

// Is is a verdict that is no repetition.
func Is(d Decision, message string) Verdict { return Verdict{Decision: d, Message: message} }

// Repeat is the verdict that the controller should be asked again, after a delay and at most so often.
func Repeat(why Cause, delay time.Duration, most int, message string) Verdict {
	return Verdict{Decision: Repeated, Cause: why, Delay: delay, Most: most, Message: message}
}

// RevisionPause is how long to wait before a source that lacks the wanted revision is asked again: caches and mirrors see it late.
const RevisionPause = 2 * time.Second

// Request is nothing that a controller would see.
func (None) Request(string) Request { return Request{} }

// Phase is not known.
func (None) Phase(*unstructured.Unstructured) (doing string, applied bool) {
	return "not reconciled yet", false
}

// Has is false.
func (None) Has(*unstructured.Unstructured, []string) (attempted, applied bool) { return false, false }

// Judge has failed: nobody knows when the object is done.
func (None) Judge(r Run) Verdict {
	return Is(Failed, fmt.Sprintf("nothing is known of objects of group %q", r.Object.Ref.Group))
}

// Request is the annotation that asks the controller of ref.
func (r Registry) Request(ref facts.Ref, token string) Request { return r.of(ref).Request(token) }

// Phase is what the controller of o says that it is doing.
func (r Registry) Phase(o facts.Object) string {
	doing, _ := r.of(o.Ref).Phase(o.Body)
	return doing
}

// IsApplied reports whether a run on o has applied everything, and only looks at its health.
func (r Registry) IsApplied(o facts.Object) bool {
	_, applied := r.of(o.Ref).Phase(o.Body)
	return applied
}

// Has reports whether o has tried, or has applied, one of these revisions of its source.
func (r Registry) Has(o facts.Object, revisions []string) (attempted, applied bool) {
	return r.of(o.Ref).Has(o.Body, revisions)
}

// Judge reads an object after a run that counts.
func (r Registry) Judge(run Run) Verdict { return r.of(run.Object.Ref).Judge(run) }
