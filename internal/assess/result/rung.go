package result

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Result is a rung under assessment.
type Result struct {
	trace.Rung
	Cause Cause
	// ReplacesBelow: the rung is about to replace what runs below it.
	ReplacesBelow bool
	// RoutineSince is not nil where the rung waits for a dependency in a run that only repeats what was done then.
	RoutineSince *time.Time
	// Reconciling reports whether the rung is OK in the middle of such a run.
	Reconciling bool
}

// New is the result of a rung about which nothing is known yet: its state is Unknown.
func New(id trace.RungID, object facts.Ref) *Result {
	return &Result{Rung: trace.Rung{ID: id, Object: object, Findings: []trace.Finding{}}}
}

// OK records that the rung is healthy, unless another state is recorded already.
func (j *Result) OK(summary string, args ...any) *Result {
	if j.State == trace.Unknown && !j.hasUnreadable() {
		j.State, j.Summary = trace.OK, format(summary, args...)
	}
	if j.Summary == "" {
		j.Summary = format(summary, args...)
	}
	return j
}

// Wait records that the rung is progressing, and since when.
func (j *Result) Wait(since time.Time, summary string, args ...any) *Result {
	j.State, j.Since, j.Summary = trace.Progressing, since, format(summary, args...)
	return j
}

// Fail records why the rung failed. The first failure decides the rung.
func (j *Result) Fail(f trace.Finding) *Result {
	f.Severity = trace.Error
	if f.Object.IsZero() {
		f.Object = j.Object
	}
	if j.State != trace.Failed {
		j.State, j.Since = trace.Failed, f.Since
	}
	if j.Summary == "" {
		j.Summary = f.Message
	}
	j.Findings = append(j.Findings, f)
	return j
}

// FailWithCode records why the rung failed, and its summary names the code: a reader of the row looks for it in the conclusion and in the
// findings. The reason of the controller, which may have another name, is in the evidence.
func (j *Result) FailWithCode(subject string, f trace.Finding) *Result {
	j.Summary = WithCode(subject, f.Code)
	return j.Fail(f)
}

// WithCode is the summary of a rung that failed with that code.
func WithCode(subject string, code trace.Code) string { return fmt.Sprintf("%s: %s", subject, code) }

// Note records a finding that does not decide the state.
func (j *Result) Note(severity trace.Severity, f trace.Finding) *Result {
	f.Severity = severity
	if f.Object.IsZero() {
		f.Object = j.Object
	}
	j.Findings = append(j.Findings, f)
	return j
}

// CannotRead records that o could not be judged, and reports whether that is so. An absent object can be judged.
func (j *Result) CannotRead(o facts.Object) bool {
	return j.NoAnswer(o.Ref, o.Outcome, o.Reason)
}

// NoAnswer records that a request for ref was not answered, and why, and reports whether that is so.
func (j *Result) NoAnswer(ref facts.Ref, outcome facts.Outcome, reason string) bool {
	switch outcome {
	case facts.Found, facts.Absent:
		return false
	case facts.NotAsked:
		if j.Cause == (Cause{}) {
			j.Cause = NotChecked()
		}
		j.Summary = "not checked"
	case facts.Forbidden:
		j.forbidden(ref, reason)
	case facts.NoKind:
		j.Summary = fmt.Sprintf("the cluster does not serve %s.%s", ref.Kind, ref.Group)
		j.Note(trace.Warning, trace.Finding{
			Code: trace.CodeKindNotInstalled, Object: ref, Message: reason,
			Hint: notServed(ref),
		})
	case facts.Unreachable:
		j.Summary = "not readable: no response"
		if facts.IsOpenChoreoAPI(reason) {
			j.Summary = "not readable through " + facts.OpenChoreoAPI
		}
		j.Note(trace.Warning, trace.Finding{Code: trace.CodeUnreachable, Object: ref, Message: reason})
	case facts.Invalid:
		j.Summary = "not requested: the reference is invalid"
		j.Fail(InvalidReference(ref, reason))
	}
	return true
}

// forbidden records a request that was refused. The reason of OpenChoreo's API has what to do.
func (j *Result) forbidden(ref facts.Ref, reason string) {
	f := trace.Finding{Code: trace.CodeForbidden, Object: ref, Message: reason}
	j.Summary = "not readable: forbidden"
	switch {
	case facts.IsUnauthorized(reason):
		j.Summary, f.Hint = "not readable: unauthorized", "the API server rejects the credentials: log in again"
	default:
		f.Hint, f.Evidence = fmt.Sprintf("you may not read %s, so its state is unknown", ref), deniedEvidence(reason)
	}
	if facts.IsOpenChoreoAPI(reason) {
		f.Hint = ""
	}
	j.Note(trace.Warning, f)
}

// notServed reports which version is not served. What a definition is installed for may be served under other versions only.
func notServed(ref facts.Ref) string {
	k, known := kinds.Lookup(ref.Group, ref.Kind)
	if !known {
		return ""
	}
	hint := fmt.Sprintf("the API server does not serve %s %s", k.GroupVersion(), k.Kind)
	if strings.Contains(k.Group, ".") && k.Group != kinds.Coordination && k.Group != kinds.Networking {
		hint += ": its CustomResourceDefinition is not installed, or has other versions only"
	}
	return hint
}

// hasUnreadable reports whether a question for this rung went unanswered.
func (j *Result) hasUnreadable() bool {
	unanswered := []trace.Code{trace.CodeForbidden, trace.CodeUnreachable, trace.CodeKindNotInstalled}
	return slices.ContainsFunc(j.Findings, func(f trace.Finding) bool { return slices.Contains(unanswered, f.Code) })
}

// DowngradeToInfo keeps the finding as an explanation: it is no error of this rung.
func DowngradeToInfo(j *Result) {
	for i := range j.Findings {
		if j.Findings[i].Severity == trace.Error {
			j.Findings[i].Severity = trace.Info
		}
	}
}
