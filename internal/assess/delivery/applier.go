package delivery

import (
	"cmp"
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Assessor is what an engine knows of the state of its objects. All engines are assessors; the interface is here because it
// uses results, and the facts do not.
type Assessor interface {
	// Assess completes the result of an object that was found, or does not exist.
	Assess(v *view.Component, j *result.Result, o facts.Object) *result.Result
	// Currency reports whether what an object that was found has, or has applied, includes the wanted revision.
	Currency(v *view.Component, o facts.Object) trace.Currency
}

func assessorOf(v *view.Component, ref facts.Ref) (Assessor, bool) {
	e, _ := v.Engines.Of(ref)
	a, ok := e.(Assessor)
	return a, ok
}

// assess judges whatever delivers objects, or what they are made from, by its engine.
func assess(v *view.Component, id trace.RungID, o facts.Object) *result.Result {
	j := result.New(id, o.Ref)
	a, known := assessorOf(v, o.Ref)
	if j.CannotRead(o) || !known {
		return j
	}
	j.Current = ApplierCurrency(v, o)
	j = a.Assess(v, j, o)
	nameParent(v, j, o)
	return j
}

// AssessApplier is Assess of an engine whose objects have no rules of their own about being deleted or paused.
func AssessApplier(v *view.Component, j *result.Result, o facts.Object, assess func(*view.Component, *result.Result, facts.Object) *result.Result) *result.Result {
	switch {
	case o.Outcome == facts.Absent:
		return applierAbsent(v, j)
	case view.Deleting(o.Body):
		return j.Fail(v.TerminatingFinding(o))
	case v.Engines.IsPaused(o):
		return pausedApplier(v, assess(v, j, o), o)
	}
	return assess(v, j, o)
}

func applierAbsent(v *view.Component, j *result.Result) *result.Result {
	j.Cause = result.NotFound()
	j.Summary = fmt.Sprintf("%s does not exist", j.Object)
	return j.Fail(trace.Finding{
		Code: trace.CodeApplierNotFound, Message: fmt.Sprintf("%s does not exist", j.Object),
		Hint: fmt.Sprintf("%s on the objects name this %s: it was probably deleted without its objects, and commits no longer change them. Find the commit that deleted its file, and revert it", v.Engines.Properties(j.Object).Mark, j.Object.Kind),
	})
}

// pausedApplier: a failure from before it was paused remains, and what is on its way will not arrive. One that is
// known to hold something back fails, as a suspended Kustomization does.
func pausedApplier(v *view.Component, j *result.Result, o facts.Object) *result.Result {
	f := trace.Finding{
		Code: trace.CodeApplierPaused, Message: fmt.Sprintf("%s has %s: changes in Git are not applied", o.Ref, v.Engines.PausedBy(o)),
		Hint: "it does not record who suspended it, or why",
	}
	switch {
	case j.State == trace.Failed:
		return j.Note(trace.Warning, f)
	case j.Current == trace.Behind:
		j.Summary = fmt.Sprintf("%s is suspended", j.Object)
		f.Message = fmt.Sprintf("%s has %s: it stays at %s", o.Ref, v.Engines.PausedBy(o), cmp.Or(j.Revision, "an older revision"))
		return j.Fail(f)
	}
	j.State, j.Summary = trace.Suspended, fmt.Sprintf("%s is suspended", j.Object)
	return j.Note(trace.Warning, f)
}
