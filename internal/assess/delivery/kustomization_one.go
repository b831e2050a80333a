package delivery

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// assessOneKustomization reads a Kustomization by three equalities, not by Ready alone: Ready, the revision applied,
// and the revision its source has (kustomize-controller v1.9.3 kustomization_controller.go).
func assessOneKustomization(v *view.Component, o facts.Object) *result.Result {
	j := result.New(trace.RungDelivery, o.Ref)
	if o.Outcome == facts.Absent {
		j.NotFound = true
		j.Summary = fmt.Sprintf("%s does not exist", o.Ref.Name)
		return j.Fail(trace.Finding{Code: trace.CodeKustomizationNotFound, Message: fmt.Sprintf("%s does not exist", o.Ref)})
	}
	if j.CannotRead(o) {
		return j
	}
	j.Revision = AppliedRevision(o)
	j.Current = kustomizationCurrency(v, o)
	ready := kinds.ConditionOf(o.Body, meta.ReadyCondition)
	j.Since = view.LastTransition(ready)
	switch {
	case view.Deleting(o.Body):
		j.Summary = fmt.Sprintf("%s is being deleted", o.Ref.Name)
		return j.Fail(v.TerminatingFinding(o))
	case kinds.Bool(o.Body, "spec", "suspend"):
		return suspendedKustomization(j)
	case ready.Present() && !ready.Current(o.Body):
		NotObserved(v, j, o, ready)
		return j
	case ready.False():
		return kustomizationFailed(v, j, o, ready)
	case !ready.True():
		return kustomizationRunning(v, j, o, ready)
	case j.Current == trace.Behind:
		return kustomizationBehind(v, j, o)
	}
	kustomizationWarnings(v, j, o)
	return j.OK("%s", o.Ref.Name)
}

// kustomizationCurrency compares with the source's own artifact first: what the source has not, no one can apply.
func kustomizationCurrency(v *view.Component, o facts.Object) trace.Currency {
	applied := kinds.Text(o.Body, "status", "lastAppliedRevision")
	if kinds.ConditionOf(o.Body, meta.ReadyCondition).Reason == meta.HealthCheckFailedReason {
		applied = kinds.Text(o.Body, "status", "lastAttemptedRevision") // everything was applied before its health was looked at
	}
	source := v.Object(v.Engines.SourceOf(o))
	if has := ArtifactRevision(source); has != "" && has != applied {
		return trace.Behind
	}
	return carries(v, source, kinds.GitRevision(applied, kinds.Text(o.Body, "status", "lastAppliedOriginRevision")))
}

// AppliedRevision is the Git revision that a Kustomization applied last, where its source knows one.
func AppliedRevision(o facts.Object) string {
	return kinds.GitRevision(kinds.Text(o.Body, "status", "lastAppliedRevision"), kinds.Text(o.Body, "status", "lastAppliedOriginRevision"))
}

func suspendedKustomization(j *result.Result) *result.Result {
	j.Summary = fmt.Sprintf("%s is suspended", j.Object.Name)
	if j.Current != trace.Behind {
		j.State = trace.Suspended
		return j.Note(trace.Warning, trace.Finding{Code: trace.CodeKustomizationSuspended, Message: "spec.suspend is true: the next commit will not be applied"})
	}
	return j.Fail(trace.Finding{
		Code:    trace.CodeKustomizationSuspended,
		Message: fmt.Sprintf("spec.suspend is true: it stays at %s", cmp.Or(j.Revision, "an older revision")),
		Hint:    "somebody holds it; `flux suspend` leaves no note of who or why",
		Next:    command.Lines(resumeFlux(j.Object)),
	})
}

// kustomizationRunning: Ready is Unknown while a run is under way. The error of the run before may stand only in the
// events, because each new run overwrites the condition.
func kustomizationRunning(v *view.Component, j *result.Result, o facts.Object, ready kinds.Condition) *result.Result {
	if f, ok := failureInEvents(v, o, ready); ok {
		j.Summary = fmt.Sprintf("%s tries again", o.Ref.Name)
		return j.Fail(f)
	}
	began := view.LastTransition(ready)
	if !ready.Present() {
		began = o.Body.GetCreationTimestamp().UTC()
	}
	if v.Within(began, runTime(o)) {
		if isRoutine(v, o, ready) {
			j.Since = lastSuccess(o)
			if o.Ref.Kind == "Kustomization" {
				kustomizationWarnings(v, j, o)
			}
			return j.OK("%s, reconciling: %s", applierName(o.Ref), phase(o, ready))
		}
		return j.Wait(began, "%s: %s", o.Ref.Name, phase(o, ready))
	}
	j.Summary = fmt.Sprintf("%s does not end its run", o.Ref.Name)
	return j.Fail(stuck(v, o, phase(o, ready), ready))
}

// stuck: a controller that works would have gone on long ago.
func stuck(v *view.Component, o facts.Object, message string, ready kinds.Condition) trace.Finding {
	return v.OrControllerDown(o.Ref, trace.Finding{
		Code: trace.CodeDeliveryStuck, Message: message, Since: view.LastTransition(ready), Evidence: view.ConditionEvidence(ready),
		Hint: "its controller is down, hung or starved of workers" + pruneSuspectHint(v), Next: []string{reconcile(v)},
	})
}

// healthCheckCanceled is followed by another run at once.
func healthCheckCanceled(v *view.Component, j *result.Result, o facts.Object, ready kinds.Condition) *result.Result {
	if v.Within(view.LastTransition(ready), view.CanceledTimeout) {
		return j.Wait(view.LastTransition(ready), "%s: %s", applierName(o.Ref), ready.Message)
	}
	j.Summary = fmt.Sprintf("%s has not run since its health check was canceled", applierName(o.Ref))
	return j.Fail(stuck(v, o, fmt.Sprintf("%s: %s; no run has followed", ready.Reason, ready.Message), ready))
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
	return view.RunTimeout
}

func kustomizationBehind(v *view.Component, j *result.Result, o facts.Object) *result.Result {
	source := v.Engines.SourceOf(o)
	has := v.Object(source)
	fetched := kinds.Time(has.Body, "status", "artifact", "lastUpdateTime")
	if ArtifactRevision(has) == kinds.Text(o.Body, "status", "lastAppliedRevision") {
		return j.OK("%s", o.Ref.Name) // the source itself is behind; that is the source's rung
	}
	if v.Within(fetched, view.BehindTimeout) {
		return j.Wait(fetched, "%s has not begun with %s", o.Ref.Name, ArtifactRevision(has))
	}
	j.Summary = fmt.Sprintf("%s has not applied what the source has", o.Ref.Name)
	return j.Fail(v.OrControllerDown(o.Ref, trace.Finding{
		Code: trace.CodeKustomizationBehind, Since: fetched,
		Message:  fmt.Sprintf("applied %s, but %s has %s", cmp.Or(j.Revision, "nothing"), source, ArtifactRevision(has)),
		Hint:     "Ready=True is for the older revision: is kustomize-controller running, or does a dependsOn cycle keep it from events?",
		Evidence: []trace.Evidence{{Path: "status.lastAppliedRevision", Value: j.Revision}, {Path: "source status.artifact.revision", Value: ArtifactRevision(has)}},
		Next:     command.Lines(reconcile(v)),
	}))
}

// kustomizationFailed tells the reasons apart that Ready=False may have.
func kustomizationFailed(v *view.Component, j *result.Result, o facts.Object, ready kinds.Condition) *result.Result {
	if c := stalled(o, ready); c.Present() {
		return kustomizationStalled(v, j, o, c, ready)
	}
	if ready.Reason == meta.DependencyNotReadyReason {
		return dependencyNotReady(v, j, o, ready)
	}
	if strings.HasSuffix(ready.Message, "artifact not found, retrying in 30s") {
		return artifactMissing(v, j, o, ready)
	}
	if ready.Reason == meta.HealthCheckCanceledReason {
		return healthCheckCanceled(v, j, o, ready)
	}
	f := ExplainKustomization(v, ready.Reason, ready.Message)
	f.Since, f.Evidence = view.LastTransition(ready), append(view.ConditionEvidence(ready), f.Evidence...)
	nameChange(v, &f, o.Ref, ready.Message)
	j.Summary = fmt.Sprintf("%s: %s", o.Ref.Name, ready.Reason)
	return j.Fail(f)
}

// stalled is the Stalled condition of an object that its controller does not look at again before it changes, whatever the
// reason is. A wait for a dependency or an artifact that came later has outlived it: the controller only takes it away when
// it gets past these (kustomize-controller v1.9.3 kustomization_controller.go:332).
func stalled(o facts.Object, ready kinds.Condition) kinds.Condition {
	c := kinds.ConditionOf(o.Body, meta.StalledCondition)
	if !c.True() || !c.Current(o.Body) || ready.Reason != c.Reason && view.LastTransition(ready).After(view.LastTransition(c)) {
		return kinds.Condition{}
	}
	return c
}

func kustomizationStalled(v *view.Component, j *result.Result, o facts.Object, c, ready kinds.Condition) *result.Result {
	f := ExplainKustomization(v, c.Reason, cmp.Or(c.Message, ready.Message))
	f.Code, f.Since, f.Evidence = trace.CodeKustomizationStalled, view.LastTransition(c), append(view.ConditionEvidence(ready), f.Evidence...)
	f.Hint = cmp.Or(f.Hint, "kustomize-controller does not try this again until the Kustomization changes")
	nameChange(v, &f, o.Ref, f.Message)
	j.Summary = fmt.Sprintf("%s: %s", o.Ref.Name, c.Reason)
	return j.Fail(f)
}

// artifactMissing is the source's failure seen from below: right after a source appears, it is waiting.
func artifactMissing(v *view.Component, j *result.Result, o facts.Object, ready kinds.Condition) *result.Result {
	if v.Within(view.LastTransition(ready), view.BehindTimeout) {
		return j.Wait(view.LastTransition(ready), "%s waits for its source", o.Ref.Name)
	}
	j.CausedBy = trace.RungSource
	j.Summary = fmt.Sprintf("%s waits for its source", o.Ref.Name)
	return j.Fail(trace.Finding{Code: trace.CodeKustomizationArtifactFailed, Message: ready.Message, Since: view.LastTransition(ready), Evidence: view.ConditionEvidence(ready)})
}

// dependencyNotReady is normal while the dependency runs. The error of an earlier run at this revision may stand only
// in the events (seen in the lab), and a dependency that does not exist will not heal by waiting.
func dependencyNotReady(v *view.Component, j *result.Result, o facts.Object, ready kinds.Condition) *result.Result {
	j.Summary = fmt.Sprintf("%s waits: %s", o.Ref.Name, ready.Message)
	f := trace.Finding{Code: trace.CodeDependencyNotReady, Message: ready.Message, Since: view.LastTransition(ready), Evidence: view.ConditionEvidence(ready)}
	if strings.Contains(ready.Message, " not found") {
		f.Hint = fmt.Sprintf("spec.dependsOn of the %s names what does not exist", o.Ref.Kind)
		return j.Fail(f)
	}
	if earlier, ok := failureInEvents(v, o, ready); ok {
		return j.Fail(earlier)
	}
	if v.Within(view.LastTransition(ready), view.DependencyTimeout) {
		j.State = trace.Progressing
		return j.Note(trace.Info, f)
	}
	f.Next = command.Lines(reconcile(v))
	return j.Fail(f)
}
