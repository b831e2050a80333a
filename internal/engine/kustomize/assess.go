package kustomize

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine/flux"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Assess compares three values of a Kustomization, not Ready alone: Ready, the applied revision, and the revision of its source
// (kustomize-controller v1.9.3 kustomization_controller.go).
func (e Engine) Assess(v *view.Component, j *result.Result, o facts.Object) *result.Result {
	if o.Outcome == facts.Absent {
		j.Cause = result.NotFound()
		j.Summary = fmt.Sprintf("%s %s does not exist", o.Ref.Kind, o.Ref.Name)
		return j.Fail(trace.Finding{
			Code: trace.CodeKustomizationNotFound, Message: fmt.Sprintf("%s does not exist", o.Ref),
			Hint: "what it applied keeps running, but no commit changes that. Commit the Kustomization again, or correct the spec.dependsOn that names it",
		})
	}
	j.Revision = e.Revision(o.Body)
	ready := kinds.ConditionOf(o.Body, meta.ReadyCondition)
	j.Since = view.LastTransition(ready)
	switch {
	case view.Deleting(o.Body):
		j.Summary = fmt.Sprintf("%s is being deleted", o.Ref.Name)
		return j.Fail(v.TerminatingFinding(o))
	case kinds.Bool(o.Body, "spec", "suspend"):
		return suspended(j)
	case ready.Present() && !ready.Current(o.Body):
		delivery.NotObserved(v, j, o, ready)
		return j
	case ready.False():
		return failed(v, j, o, ready)
	case !ready.True():
		return running(v, j, o, ready)
	case j.Current == trace.Behind:
		return behind(v, j, o)
	}
	addWarnings(v, j, o)
	return j.OK("%s", o.Ref.Name)
}

// Currency compares with the source's own artifact first: a Kustomization cannot apply a revision that its source does not have.
func (Engine) Currency(v *view.Component, o facts.Object) trace.Currency {
	applied := kinds.Text(o.Body, "status", "lastAppliedRevision")
	if kinds.ConditionOf(o.Body, meta.ReadyCondition).Reason == meta.HealthCheckFailedReason {
		applied = kinds.Text(o.Body, "status", "lastAttemptedRevision") // health checks start after all objects are applied
	}
	source := v.Object(v.Engines.SourceOf(o))
	if has := delivery.ArtifactRevision(source); has != "" && has != applied {
		return trace.Behind
	}
	return delivery.Carries(v, source, kinds.GitRevision(applied, kinds.Text(o.Body, "status", "lastAppliedOriginRevision")))
}

func suspended(j *result.Result) *result.Result {
	j.Summary = fmt.Sprintf("%s is suspended", j.Object.Name)
	if j.Current != trace.Behind {
		j.State = trace.Suspended
		return j.Note(trace.Warning, trace.Finding{Code: trace.CodeKustomizationSuspended, Message: "spec.suspend is true: the next commit will not be applied"})
	}
	return j.Fail(trace.Finding{
		Code:    trace.CodeKustomizationSuspended,
		Message: fmt.Sprintf("spec.suspend is true: it stays at %s", cmp.Or(j.Revision, "an older revision")),
		Hint:    "`flux suspend` does not record who suspended it, or why; the field manager of spec.suspend has the program and the time",
	})
}

func behind(v *view.Component, j *result.Result, o facts.Object) *result.Result {
	source := v.Engines.SourceOf(o)
	has := v.Object(source)
	fetched := kinds.Time(has.Body, "status", "artifact", "lastUpdateTime")
	if delivery.ArtifactRevision(has) == kinds.Text(o.Body, "status", "lastAppliedRevision") {
		return j.OK("%s", o.Ref.Name) // the source itself is behind: the source's rung reports it
	}
	if v.Within(fetched, view.BehindTimeout) {
		return j.Wait(fetched, "%s has not started to apply %s", o.Ref.Name, delivery.ArtifactRevision(has))
	}
	j.Summary = fmt.Sprintf("%s has not applied the revision of its source", o.Ref.Name)
	return j.Fail(v.OrControllerDown(o.Ref, trace.Finding{
		Code: trace.CodeKustomizationBehind, Since: fetched,
		Message:  fmt.Sprintf("applied %s, but %s has %s", cmp.Or(j.Revision, "nothing"), source, delivery.ArtifactRevision(has)),
		Hint:     "Ready=True is for the older revision, and kustomize-controller has not reconciled the new one: if it hangs, restart it",
		Evidence: []trace.Evidence{{Path: "status.lastAppliedRevision", Value: j.Revision}, {Path: "source status.artifact.revision", Value: delivery.ArtifactRevision(has)}},
	}))
}

// failed distinguishes the reasons of Ready=False.
func failed(v *view.Component, j *result.Result, o facts.Object, ready kinds.Condition) *result.Result {
	if c := flux.Stalled(o, ready); c.Present() {
		return stalled(v, j, o, c, ready)
	}
	if ready.Reason == meta.DependencyNotReadyReason {
		return dependencyNotReady(v, j, o, ready)
	}
	if strings.HasSuffix(ready.Message, "artifact not found, retrying in 30s") {
		return artifactMissing(v, j, o, ready)
	}
	if ready.Reason == meta.HealthCheckCanceledReason {
		return flux.HealthCheckCanceled(v, j, o, ready)
	}
	f := flux.Explain(v, ready.Reason, ready.Message)
	f.Since, f.Evidence = view.LastTransition(ready), append(view.ConditionEvidence(ready), f.Evidence...)
	flux.NameChange(v, &f, o.Ref, ready.Message)
	return j.FailWithCode(o.Ref.Name, f)
}

func stalled(v *view.Component, j *result.Result, o facts.Object, c, ready kinds.Condition) *result.Result {
	f := flux.Explain(v, c.Reason, cmp.Or(c.Message, ready.Message))
	f.Code, f.Since, f.Evidence = trace.CodeKustomizationStalled, view.LastTransition(c), append(view.ConditionEvidence(ready), f.Evidence...)
	f.Hint = cmp.Or(f.Hint, "correct its spec in Git: kustomize-controller does not retry until it changes")
	flux.NameChange(v, &f, o.Ref, f.Message)
	return j.FailWithCode(o.Ref.Name, f)
}

// artifactMissing reports a source failure at the Kustomization. Shortly after the source is created, the Kustomization waits
// for it.
func artifactMissing(v *view.Component, j *result.Result, o facts.Object, ready kinds.Condition) *result.Result {
	if v.Within(view.LastTransition(ready), view.BehindTimeout) {
		return j.Wait(view.LastTransition(ready), "%s waits for its source", o.Ref.Name)
	}
	j.Cause = result.CausedBy(trace.RungSource)
	j.Summary = fmt.Sprintf("%s waits for its source", o.Ref.Name)
	return j.Fail(trace.Finding{Code: trace.CodeKustomizationArtifactFailed, Message: ready.Message, Since: view.LastTransition(ready), Evidence: view.ConditionEvidence(ready)})
}

// running assesses a run in progress. The warnings also apply during a routine run.
func running(v *view.Component, j *result.Result, o facts.Object, ready kinds.Condition) *result.Result {
	flux.Running(v, j, o, ready, isRoutine(v, o, ready))
	if j.State == trace.OK {
		addWarnings(v, j, o)
	}
	return j
}

// dependencyNotReady assesses a wait for a dependency. During a routine run, the dependency may be in a routine run too.
func dependencyNotReady(v *view.Component, j *result.Result, o facts.Object, ready kinds.Condition) *result.Result {
	if isRoutine(v, o, ready) {
		since := flux.LastSuccess(o)
		j.RoutineSince = &since
	}
	return flux.DependencyNotReady(v, j, o, ready)
}

// isRoutine reports whether a run, or a wait for a dependency, is routine: the source's revision is applied, for this
// generation, and the last finished run succeeded. kustomize-controller runs at every interval, and Ready is Unknown during the
// run (v1.9.3 internal/controller/kustomization_controller.go:331).
func isRoutine(v *view.Component, o facts.Object, ready kinds.Condition) bool {
	applied := kinds.Text(o.Body, "status", "lastAppliedRevision")
	generation, known := kinds.Number(o.Body, "status", "observedGeneration")
	message := ready.Message
	if !ready.False() {
		message = flux.Phase(o.Body)
	}
	return applied != "" && applied == delivery.ArtifactRevision(v.Object(v.Engines.SourceOf(o))) &&
		applied == kinds.Text(o.Body, "status", "lastAttemptedRevision") &&
		known && generation >= o.Body.GetGeneration() && ready.Current(o.Body) &&
		(!strings.Contains(message, "for revision ") || strings.Contains(message, applied)) &&
		flux.LastRunSucceeded(o)
}
