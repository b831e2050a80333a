package trace

import (
	"fmt"
	"slices"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// judgement is a Rung in the making, with what only the settling needs to know.
type judgement struct {
	Rung
	// absent: the rung fails because its object is not there, which is a consequence of any failure above it.
	absent bool
	// unasked: nothing was looked at, because something above was not there.
	unasked bool
	// replaces: the rung is about to change what runs below it.
	replaces bool
	// follows names the rung where the cause is, if that rung failed too.
	follows RungID
}

func rung(id RungID, object facts.Ref) *judgement {
	return &judgement{Rung: Rung{ID: id, Object: object, Findings: []Finding{}}}
}

// ok says that the rung does its work, unless something has already said otherwise.
func (j *judgement) ok(summary string, args ...any) *judgement {
	if j.State == Unknown && !j.unreadable() {
		j.State, j.Summary = OK, sentence(summary, args...)
	}
	if j.Summary == "" {
		j.Summary = sentence(summary, args...)
	}
	return j
}

// wait says that the rung is on its way since when.
func (j *judgement) wait(since time.Time, summary string, args ...any) *judgement {
	j.State, j.Since, j.Summary = Progressing, since, sentence(summary, args...)
	return j
}

// fail records why the rung failed. The first failure speaks for the rung.
func (j *judgement) fail(f Finding) *judgement {
	f.Severity = Error
	if f.Object.IsZero() {
		f.Object = j.Object
	}
	if j.State != Failed {
		j.State, j.Since = Failed, f.Since
	}
	if j.Summary == "" {
		j.Summary = f.Message
	}
	j.Findings = append(j.Findings, f)
	return j
}

// note records a finding that does not decide the state.
func (j *judgement) note(severity Severity, f Finding) *judgement {
	f.Severity = severity
	if f.Object.IsZero() {
		f.Object = j.Object
	}
	j.Findings = append(j.Findings, f)
	return j
}

// unread records that o could not be judged, and reports whether that is so. An absent object can be judged.
func (j *judgement) unread(o facts.Object) bool {
	return j.unanswered(o.Ref, o.Outcome, o.Reason)
}

func (j *judgement) unanswered(ref facts.Ref, outcome facts.Outcome, reason string) bool {
	switch outcome {
	case facts.Found, facts.Absent:
		return false
	case facts.NotAsked:
		j.unasked = true
		j.Summary = "not looked at"
	case facts.Forbidden:
		if facts.IsUnauthorized(reason) {
			j.Summary = "could not look: not logged in"
			j.note(Warning, Finding{
				Code: CodeForbidden, Object: ref, Message: reason,
				Hint: "the API server does not accept the credentials: log in again; no right is missing",
			})
			return true
		}
		j.Summary = "could not look: forbidden"
		j.note(Warning, Finding{
			Code: CodeForbidden, Object: ref, Message: reason,
			Hint: fmt.Sprintf("whether %s is there and healthy cannot be said without the right to read it", ref),
			Next: grant(ref, reason),
		})
	case facts.NoKind:
		j.Summary = fmt.Sprintf("the cluster does not know %s.%s", ref.Kind, ref.Group)
		j.note(Warning, Finding{
			Code: CodeNoKind, Object: ref, Message: reason,
			Hint: "its CustomResourceDefinition is not installed",
		})
	case facts.Unreachable:
		j.Summary = "could not look: no answer"
		j.note(Warning, Finding{Code: CodeUnreachable, Object: ref, Message: reason})
	case facts.Invalid:
		j.Summary = "not requested: the reference is invalid"
		j.fail(invalidReference(ref, reason))
	}
	return true
}

// unreadable reports whether a question for this rung went unanswered.
func (j *judgement) unreadable() bool {
	unanswered := []Code{CodeForbidden, CodeUnreachable, CodeNoKind}
	return slices.ContainsFunc(j.Findings, func(f Finding) bool { return slices.Contains(unanswered, f.Code) })
}

func sentence(format string, args ...any) string {
	if len(args) == 0 {
		return format
	}
	return fmt.Sprintf(format, args...)
}
