package delivery

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// assessApplier judges whatever delivers objects, by its kind.
func assessApplier(v *view.Component, o facts.Object) *result.Result {
	if o.Ref.Kind == "Kustomization" {
		return assessOneKustomization(v, o)
	}
	j := result.New(trace.RungDelivery, o.Ref)
	if o.Outcome == facts.Absent {
		return applierAbsent(j)
	}
	if j.CannotRead(o) {
		return j
	}
	j.Current = ApplierCurrency(v, o)
	if view.Deleting(o.Body) {
		return j.Fail(v.TerminatingFinding(o))
	}
	switch o.Ref.Kind {
	case "HelmRelease":
		j = assessHelmRelease(v, j, o)
	case "Application":
		j = assessApplication(v, j, o)
	default:
		j = assessOperatorKind(v, j, o)
	}
	if v.Engines.IsPaused(o) {
		return pausedApplier(v, j, o)
	}
	return j
}

func applierAbsent(j *result.Result) *result.Result {
	j.NotFound = true
	j.Summary = fmt.Sprintf("%s does not exist", j.Object)
	mark := "labels"
	if j.Object.Kind == "Application" {
		mark = "the tracking-id"
	}
	return j.Fail(trace.Finding{
		Code: trace.CodeApplierNotFound, Message: fmt.Sprintf("%s does not exist", j.Object),
		Hint: fmt.Sprintf("%s on the objects say that it applies them: it was deleted and left them behind, and no commit reaches them any more", mark),
		Next: command.Lines(command.Format("kubectl get %ss.%s -A", result.Lower(j.Object.Kind), j.Object.Group)),
	})
}

// pausedApplier: a failure from before it was paused still stands, and what is on its way will not arrive. One that is
// known to hold something back fails, as a suspended Kustomization does.
func pausedApplier(v *view.Component, j *result.Result, o facts.Object) *result.Result {
	f := trace.Finding{
		Code: trace.CodeApplierPaused, Message: fmt.Sprintf("%s has %s: what changes in Git will not be applied", o.Ref, v.Engines.PausedBy(o)),
		Hint: "somebody holds it; nothing says who or why", Next: command.Lines(resumeApplier(v, o)),
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

func resumeApplier(v *view.Component, o facts.Object) string {
	if o.Ref.Kind == "HelmRelease" {
		return resumeFlux(o.Ref)
	}
	key, _, _ := strings.Cut(v.Engines.PausedBy(o), ":")
	return command.Kubectl(o.Ref.Namespace, "annotate %s.%s/%s %s-", append(resourceName(o.Ref), key)...)
}

// resourceName fills the %s.%s/%s by which kubectl is told of an object of a kind whose name other groups use too.
func resourceName(ref facts.Ref) []string {
	return []string{result.Lower(ref.Kind), ref.Group, ref.Name}
}

// assessOperatorKind judges a ResourceSet or FluxInstance of the Flux operator. Its messages have the shapes of
// kustomize-controller's, as both use the same library.
func assessOperatorKind(v *view.Component, j *result.Result, o facts.Object) *result.Result {
	ready := kinds.ConditionOf(o.Body, meta.ReadyCondition)
	j.Since = view.LastTransition(ready)
	switch {
	case ready.Present() && !ready.Current(o.Body):
		NotObserved(v, j, o, ready)
		return j
	case ready.False() && ready.Reason == meta.DependencyNotReadyReason && !stalled(o, ready).Present():
		return dependencyNotReady(v, j, o, ready)
	case ready.False():
		return operatorKindFailed(v, j, o, ready)
	case !ready.True():
		return kustomizationRunning(v, j, o, ready)
	}
	return j.OK("%s", o.Ref)
}

// operatorKindFailed tells by the reason what is not done (flux-operator v0.30 internal/controller).
func operatorKindFailed(v *view.Component, j *result.Result, o facts.Object, ready kinds.Condition) *result.Result {
	f := trace.Finding{Message: strings.TrimPrefix(ready.Message, "reconciliation failed: ")}
	switch ready.Reason {
	case meta.ArtifactFailedReason:
		f.Hint = "flux-operator does not get the manifests of this version of Flux; what it applied before runs on"
	case meta.BuildFailedReason, meta.InvalidCELExpressionReason:
		f.Hint = fmt.Sprintf("nothing is applied, and it is not tried again before the %s changes", o.Ref.Kind)
	default:
		f = explainApply(v, f, o.Ref.Kind)
	}
	if f.Code != trace.CodeWebhookUnavailable {
		f.Code = trace.CodeResourceSetFailed
		if o.Ref.Kind == "FluxInstance" {
			f.Code = trace.CodeFluxInstanceFailed
		}
	}
	f.Since, f.Evidence = view.LastTransition(ready), append(view.ConditionEvidence(ready), f.Evidence...)
	f.Next = command.Lines(command.Kubectl(o.Ref.Namespace, "describe %s.%s/%s", resourceName(o.Ref)...), reconcile(v))
	j.Summary = fmt.Sprintf("%s: %s", o.Ref, ready.Reason)
	return j.Fail(f)
}
