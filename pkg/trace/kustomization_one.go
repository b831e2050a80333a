package trace

import (
	"fmt"
	"strings"
	"time"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// assessOneKustomization reads a Kustomization by three equalities, not by Ready alone: Ready, the revision applied,
// and the revision its source has (kustomize-controller v1.9.3 kustomization_controller.go).
func (v *view) assessOneKustomization(o facts.Object) *judgement {
	j := rung(RungKustomization, o.Ref)
	if o.Outcome == facts.Absent {
		j.absent = true
		j.Summary = fmt.Sprintf("%s does not exist", o.Ref.Name)
		return j.fail(Finding{Code: CodeKustomizationAbsent, Message: fmt.Sprintf("%s does not exist", o.Ref)})
	}
	if j.unread(o) {
		return j
	}
	j.Revision = appliedRevision(o)
	j.Current = v.kustomizationCurrency(o)
	ready := kinds.ConditionOf(o.Body, meta.ReadyCondition)
	j.Since = since(ready)
	switch {
	case deleting(o.Body):
		j.Summary = fmt.Sprintf("%s is being deleted", o.Ref.Name)
		return j.fail(terminating(o))
	case kinds.Bool(o.Body, "spec", "suspend"):
		return suspendedKustomization(j)
	case ready.Present() && !ready.Current(o.Body):
		v.notObserved(j, o, ready)
		return j
	case ready.False():
		return v.kustomizationFailed(j, o, ready)
	case !ready.True():
		return v.kustomizationRunning(j, o, ready)
	case j.Current == Behind:
		return v.kustomizationBehind(j, o)
	}
	v.remarks(j, o)
	return j.ok("%s", o.Ref.Name)
}

// kustomizationCurrency compares with the source's own artifact first: what the source has not, no one can apply.
func (v *view) kustomizationCurrency(o facts.Object) Currency {
	applied := kinds.Text(o.Body, "status", "lastAppliedRevision")
	if kinds.ConditionOf(o.Body, meta.ReadyCondition).Reason == meta.HealthCheckFailedReason {
		applied = kinds.Text(o.Body, "status", "lastAttemptedRevision") // everything was applied before its health was looked at
	}
	source := v.Object(sourceOf(o))
	if has := artifactRevision(source); has != "" && has != applied {
		return Behind
	}
	return v.carries(source, kinds.GitRevision(applied, kinds.Text(o.Body, "status", "lastAppliedOriginRevision")))
}

// appliedRevision is the Git revision that a Kustomization applied last, where its source knows one.
func appliedRevision(o facts.Object) string {
	return kinds.GitRevision(kinds.Text(o.Body, "status", "lastAppliedRevision"), kinds.Text(o.Body, "status", "lastAppliedOriginRevision"))
}

func suspendedKustomization(j *judgement) *judgement {
	j.Summary = fmt.Sprintf("%s is suspended", j.Object.Name)
	if j.Current != Behind {
		j.State = Suspended
		return j.note(Warning, Finding{Code: CodeKustomizationSuspended, Message: "spec.suspend is true: the next commit will not be applied"})
	}
	return j.fail(Finding{
		Code:    CodeKustomizationSuspended,
		Message: fmt.Sprintf("spec.suspend is true: it stays at %s", orElse(j.Revision, "an older revision")),
		Hint:    "somebody holds it; `flux suspend` leaves no note of who or why",
		Next:    commands(resumeFlux(j.Object)),
	})
}

// kustomizationRunning: Ready is Unknown while a run is under way. The error of the run before may stand only in the
// events, because each new run overwrites the condition.
func (v *view) kustomizationRunning(j *judgement, o facts.Object, ready kinds.Condition) *judgement {
	if f, ok := v.failureInEvents(o, ready); ok {
		j.Summary = fmt.Sprintf("%s tries again", o.Ref.Name)
		return j.fail(f)
	}
	began := since(ready)
	if !ready.Present() {
		began = o.Body.GetCreationTimestamp().UTC()
	}
	if v.within(began, runTime(o)) {
		if o.Ref.Kind == "Kustomization" && v.isRoutine(o, ready) {
			j.Since = lastSuccess(o)
			v.remarks(j, o)
			return j.ok("%s, reconciling: %s", o.Ref.Name, phase(o, ready))
		}
		return j.wait(began, "%s: %s", o.Ref.Name, phase(o, ready))
	}
	j.Summary = fmt.Sprintf("%s does not end its run", o.Ref.Name)
	return j.fail(v.stuck(o, phase(o, ready), ready))
}

// stuck: a controller that works would have gone on long ago.
func (v *view) stuck(o facts.Object, message string, ready kinds.Condition) Finding {
	return v.orControllerDown(o.Ref, Finding{
		Code: CodeKustomizationStuck, Message: message, Since: since(ready), Evidence: quote(ready),
		Hint: "its controller is down, hung or starved of workers" + v.starvation(), Next: []string{v.reconcile()},
	})
}

// healthCheckCanceled is followed by another run at once.
func (v *view) healthCheckCanceled(j *judgement, o facts.Object, ready kinds.Condition) *judgement {
	if v.within(since(ready), canceledClock) {
		return j.wait(since(ready), "%s: %s", applierName(o.Ref), ready.Message)
	}
	j.Summary = fmt.Sprintf("%s has not run since its health check was canceled", applierName(o.Ref))
	return j.fail(v.stuck(o, fmt.Sprintf("%s: %s; no run has followed", ready.Reason, ready.Message), ready))
}

func phase(o facts.Object, ready kinds.Condition) string {
	if c := kinds.ConditionOf(o.Body, meta.ReconcilingCondition); c.True() && c.Message != "" {
		return c.Message
	}
	if ready.Message != "" {
		return ready.Message
	}
	return "not reconciled yet"
}

// runTime is how long a run may last: three times spec.timeout, which defaults to spec.interval, and for kinds other than
// Kustomization to five minutes for each action (helm-controller v1.6.3 api/v2; flux-operator api/v1).
func runTime(o facts.Object) time.Duration {
	for _, field := range []string{"timeout", "interval"} {
		if field == "interval" && o.Ref.Kind != "Kustomization" {
			break
		}
		if d, err := time.ParseDuration(kinds.Text(o.Body, "spec", field)); err == nil && d > 0 {
			return 3 * d
		}
	}
	return runClock
}

func (v *view) kustomizationBehind(j *judgement, o facts.Object) *judgement {
	source := sourceOf(o)
	has := v.Object(source)
	fetched := kinds.Time(has.Body, "status", "artifact", "lastUpdateTime")
	if artifactRevision(has) == kinds.Text(o.Body, "status", "lastAppliedRevision") {
		return j.ok("%s", o.Ref.Name) // the source itself is behind; that is the source's rung
	}
	if v.within(fetched, behindClock) {
		return j.wait(fetched, "%s has not begun with %s", o.Ref.Name, artifactRevision(has))
	}
	j.Summary = fmt.Sprintf("%s has not applied what the source has", o.Ref.Name)
	return j.fail(v.orControllerDown(o.Ref, Finding{
		Code: CodeKustomizationBehind, Since: fetched,
		Message:  fmt.Sprintf("applied %s, but %s has %s", orNone(j.Revision), source, artifactRevision(has)),
		Hint:     "Ready=True is for the older revision: is kustomize-controller running, or does a dependsOn cycle keep it from events?",
		Evidence: []Evidence{{"status.lastAppliedRevision", j.Revision}, {"source status.artifact.revision", artifactRevision(has)}},
		Next:     commands(v.reconcile()),
	}))
}

func orNone(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}

// kustomizationFailed tells the reasons apart that Ready=False may have.
func (v *view) kustomizationFailed(j *judgement, o facts.Object, ready kinds.Condition) *judgement {
	if c := stalled(o, ready); c.Present() {
		return v.kustomizationStalled(j, o, c, ready)
	}
	if ready.Reason == meta.DependencyNotReadyReason {
		return v.dependencyNotReady(j, o, ready)
	}
	if strings.HasSuffix(ready.Message, "artifact not found, retrying in 30s") {
		return v.artifactMissing(j, o, ready)
	}
	if ready.Reason == meta.HealthCheckCanceledReason {
		return v.healthCheckCanceled(j, o, ready)
	}
	f := v.explainKustomization(ready.Reason, ready.Message)
	f.Since, f.Evidence = since(ready), append(quote(ready), f.Evidence...)
	v.nameChange(&f, o.Ref, ready.Message)
	j.Summary = fmt.Sprintf("%s: %s", o.Ref.Name, ready.Reason)
	return j.fail(f)
}

// stalled is the Stalled condition of an object that its controller does not look at again before it changes, whatever the
// reason is. A wait for a dependency or an artifact that came later has outlived it: the controller only takes it away when
// it gets past these (kustomize-controller v1.9.3 kustomization_controller.go:332).
func stalled(o facts.Object, ready kinds.Condition) kinds.Condition {
	c := kinds.ConditionOf(o.Body, meta.StalledCondition)
	if !c.True() || !c.Current(o.Body) || ready.Reason != c.Reason && since(ready).After(since(c)) {
		return kinds.Condition{}
	}
	return c
}

func (v *view) kustomizationStalled(j *judgement, o facts.Object, c, ready kinds.Condition) *judgement {
	f := v.explainKustomization(c.Reason, orElse(c.Message, ready.Message))
	f.Code, f.Since, f.Evidence = CodeKustomizationStalled, since(c), append(quote(ready), f.Evidence...)
	f.Hint = orElse(f.Hint, "kustomize-controller does not try this again until the Kustomization changes")
	v.nameChange(&f, o.Ref, f.Message)
	j.Summary = fmt.Sprintf("%s: %s", o.Ref.Name, c.Reason)
	return j.fail(f)
}

// artifactMissing is the source's failure seen from below: right after a source appears, it is waiting.
func (v *view) artifactMissing(j *judgement, o facts.Object, ready kinds.Condition) *judgement {
	if v.within(since(ready), behindClock) {
		return j.wait(since(ready), "%s waits for its source", o.Ref.Name)
	}
	j.follows = RungSource
	j.Summary = fmt.Sprintf("%s waits for its source", o.Ref.Name)
	return j.fail(Finding{Code: CodeKustomizationArtifactFailed, Message: ready.Message, Since: since(ready), Evidence: quote(ready)})
}

// dependencyNotReady is normal while the dependency runs. The error of an earlier run at this revision may stand only
// in the events (seen in the lab), and a dependency that does not exist will not heal by waiting.
func (v *view) dependencyNotReady(j *judgement, o facts.Object, ready kinds.Condition) *judgement {
	j.Summary = fmt.Sprintf("%s waits: %s", o.Ref.Name, ready.Message)
	f := Finding{Code: CodeDependencyNotReady, Message: ready.Message, Since: since(ready), Evidence: quote(ready)}
	if strings.Contains(ready.Message, " not found") {
		f.Hint = fmt.Sprintf("spec.dependsOn of the %s names what does not exist", o.Ref.Kind)
		return j.fail(f)
	}
	if earlier, ok := v.failureInEvents(o, ready); ok {
		return j.fail(earlier)
	}
	if v.within(since(ready), dependencyClock) {
		j.State = Progressing
		return j.note(Info, f)
	}
	f.Next = commands(v.reconcile())
	return j.fail(f)
}
