package trace

import (
	"fmt"
	"strings"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// assessApplier judges whatever delivers objects, by its kind.
func (v *view) assessApplier(o facts.Object) *judgement {
	if o.Ref.Kind == "Kustomization" {
		return v.assessOneKustomization(o)
	}
	j := rung(RungKustomization, o.Ref)
	if o.Outcome == facts.Absent {
		return applierAbsent(j)
	}
	if j.unread(o) {
		return j
	}
	j.Current = v.applierCurrency(o)
	if deleting(o.Body) {
		return j.fail(terminating(o))
	}
	switch o.Ref.Kind {
	case "HelmRelease":
		j = v.assessHelmRelease(j, o)
	case "Application":
		j = v.assessApplication(j, o)
	default:
		j = v.assessOperatorKind(j, o)
	}
	if kinds.Paused(o.Body) {
		return pausedApplier(j, o)
	}
	return j
}

func applierAbsent(j *judgement) *judgement {
	j.absent = true
	j.Summary = fmt.Sprintf("%s does not exist", j.Object)
	mark := "labels"
	if j.Object.Kind == "Application" {
		mark = "the tracking-id"
	}
	return j.fail(Finding{
		Code: CodeApplierAbsent, Message: fmt.Sprintf("%s does not exist", j.Object),
		Hint: fmt.Sprintf("%s on the objects say that it applies them: it was deleted and left them behind, and no commit reaches them any more", mark),
		Next: commands(Command("kubectl get %ss.%s -A", lower(j.Object.Kind), j.Object.Group)),
	})
}

// pausedApplier: a failure from before it was paused still stands, and what is on its way will not arrive. One that is
// known to hold something back fails, as a suspended Kustomization does.
func pausedApplier(j *judgement, o facts.Object) *judgement {
	f := Finding{
		Code: CodeApplierPaused, Message: fmt.Sprintf("%s has %s: what changes in Git will not be applied", o.Ref, kinds.PausedBy(o.Body)),
		Hint: "somebody holds it; nothing says who or why", Next: commands(resumeApplier(o)),
	}
	switch {
	case j.State == Failed:
		return j.note(Warning, f)
	case j.Current == Behind:
		j.Summary = fmt.Sprintf("%s is suspended", j.Object)
		f.Message = fmt.Sprintf("%s has %s: it stays at %s", o.Ref, kinds.PausedBy(o.Body), orElse(j.Revision, "an older revision"))
		return j.fail(f)
	}
	j.State, j.Summary = Suspended, fmt.Sprintf("%s is suspended", j.Object)
	return j.note(Warning, f)
}

func resumeApplier(o facts.Object) string {
	if o.Ref.Kind == "HelmRelease" {
		return resumeFlux(o.Ref)
	}
	key, _, _ := strings.Cut(kinds.PausedBy(o.Body), ":")
	return kubectl(o.Ref.Namespace, "annotate %s.%s/%s %s-", append(resourceName(o.Ref), key)...)
}

// resourceName fills the %s.%s/%s by which kubectl is told of an object of a kind whose name other groups use too.
func resourceName(ref facts.Ref) []string { return []string{lower(ref.Kind), ref.Group, ref.Name} }

// assessOperatorKind judges a ResourceSet or FluxInstance of the Flux operator. Its messages have the shapes of
// kustomize-controller's, as both use the same library.
func (v *view) assessOperatorKind(j *judgement, o facts.Object) *judgement {
	ready := kinds.ConditionOf(o.Body, meta.ReadyCondition)
	j.Since = since(ready)
	switch {
	case ready.Present() && !ready.Current(o.Body):
		v.notObserved(j, o, ready)
		return j
	case ready.False() && ready.Reason == meta.DependencyNotReadyReason && !stalled(o, ready).Present():
		return v.dependencyNotReady(j, o, ready)
	case ready.False():
		return v.operatorKindFailed(j, o, ready)
	case !ready.True():
		return v.kustomizationRunning(j, o, ready)
	}
	return j.ok("%s", o.Ref)
}

// operatorKindFailed tells by the reason what is not done (flux-operator v0.30 internal/controller).
func (v *view) operatorKindFailed(j *judgement, o facts.Object, ready kinds.Condition) *judgement {
	f := Finding{Message: strings.TrimPrefix(ready.Message, "reconciliation failed: ")}
	switch ready.Reason {
	case meta.ArtifactFailedReason:
		f.Hint = "flux-operator does not get the manifests of this version of Flux; what it applied before runs on"
	case meta.BuildFailedReason, meta.InvalidCELExpressionReason:
		f.Hint = fmt.Sprintf("nothing is applied, and it is not tried again before the %s changes", o.Ref.Kind)
	default:
		f = v.explainApply(f, o.Ref.Kind)
	}
	if f.Code != CodeWebhookUnavailable {
		f.Code = CodeResourceSetFailed
		if o.Ref.Kind == "FluxInstance" {
			f.Code = CodeFluxInstanceFailed
		}
	}
	f.Since, f.Evidence = since(ready), append(quote(ready), f.Evidence...)
	f.Next = commands(kubectl(o.Ref.Namespace, "describe %s.%s/%s", resourceName(o.Ref)...), v.reconcile())
	j.Summary = fmt.Sprintf("%s: %s", o.Ref, ready.Reason)
	return j.fail(f)
}
