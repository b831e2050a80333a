package trace

import (
	"fmt"
	"strings"

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
		j.absent = true
		j.Summary = fmt.Sprintf("%s does not exist", o.Ref)
		return j.fail(Finding{
			Code: CodeApplierAbsent, Message: fmt.Sprintf("%s does not exist", o.Ref),
			Hint: "labels on the objects say that it applies them",
		})
	}
	if j.unread(o) {
		return j
	}
	switch {
	case deleting(o.Body):
		return j.fail(terminating(o))
	case kinds.Paused(o.Body):
		return pausedApplier(j)
	}
	switch o.Ref.Kind {
	case "HelmRelease":
		return v.assessHelmRelease(j, o)
	case "Application":
		return v.assessApplication(j, o)
	}
	return v.assessOperatorKind(j, o)
}

// pausedApplier is still on purpose. It has no revision of Git to hold against the wanted one, so that it holds something
// back cannot be known, only that it may.
func pausedApplier(j *judgement) *judgement {
	j.State, j.Summary = Suspended, fmt.Sprintf("%s is suspended", j.Object)
	return j.note(Warning, Finding{
		Code: CodeApplierPaused, Message: fmt.Sprintf("%s is suspended: what changes in Git will not be applied", j.Object),
	})
}

// assessHelmRelease: a failed upgrade that was rolled back ends in Ready=False with Remediated=True, and the old chart
// runs (helm-controller v1.6.3 internal/reconcile/release.go:246).
func (v *view) assessHelmRelease(j *judgement, o facts.Object) *judgement {
	j.Revision = kinds.Text(o.Body, "status", "lastAttemptedRevision")
	ready := kinds.ConditionOf(o.Body, "Ready")
	j.Since = since(ready)
	switch {
	case ready.False() && ready.Reason == "DependencyNotReady":
		return v.dependencyNotReady(j, o, ready)
	case ready.False() && ready.Reason == "SourceNotReady":
		return v.artifactMissing(j, o, ready)
	case ready.False():
		return helmReleaseFailed(j, o, ready)
	case !ready.True():
		return v.kustomizationRunning(j, o, ready)
	}
	if drifted := kinds.ConditionOf(o.Body, "Drifted"); drifted.True() {
		j.note(Warning, Finding{Code: CodeHelmReleaseDrifted, Message: drifted.Message, Since: since(drifted), Evidence: quote(drifted)})
	}
	return j.ok("%s %s", o.Ref, j.Revision)
}

func helmReleaseFailed(j *judgement, o facts.Object, ready kinds.Condition) *judgement {
	f := Finding{Code: CodeHelmReleaseFailed, Message: ready.Message, Since: since(ready), Evidence: quote(ready)}
	// Released holds the error itself, where Ready only says that the retries are used up (helm-controller #1337).
	if released := kinds.ConditionOf(o.Body, "Released"); released.False() && released.Message != "" {
		f.Message = released.Message
		f.Evidence = append(f.Evidence, quote(released)...)
	}
	switch {
	case kinds.ConditionOf(o.Body, "Remediated").True():
		f.Hint = "the upgrade was taken back: the chart before it runs"
	case kinds.ConditionOf(o.Body, "Stalled").True():
		f.Hint = "helm-controller does not try again before the chart, the values or the HelmRelease change"
	}
	j.Summary = fmt.Sprintf("%s: %s", o.Ref, ready.Reason)
	return j.fail(f)
}

// assessOperatorKind judges a ResourceSet or FluxInstance of the Flux operator. Its messages have the shapes of
// kustomize-controller's, as both use the same library.
func (v *view) assessOperatorKind(j *judgement, o facts.Object) *judgement {
	ready := kinds.ConditionOf(o.Body, "Ready")
	j.Since = since(ready)
	switch {
	case ready.False() && ready.Reason == "DependencyNotReady":
		return v.dependencyNotReady(j, o, ready)
	case ready.False():
		f := v.explainApply(Finding{Message: strings.TrimPrefix(ready.Message, "reconciliation failed: ")})
		f.Code = CodeResourceSetFailed
		if o.Ref.Kind == "FluxInstance" {
			f.Code = CodeFluxInstanceFailed
		}
		f.Since, f.Evidence = since(ready), append(quote(ready), f.Evidence...)
		j.Summary = fmt.Sprintf("%s: %s", o.Ref, ready.Reason)
		return j.fail(f)
	case !ready.True():
		return v.kustomizationRunning(j, o, ready)
	}
	return j.ok("%s", o.Ref)
}
