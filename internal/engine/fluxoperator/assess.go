package fluxoperator

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine/flux"
	"github.com/kubectl-choreo/kubectl-choreo/internal/events"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Assess assesses an object that exists and is not being deleted by its conditions.
func (Engine) Assess(v *view.Component, j *result.Result, o facts.Object) *result.Result {
	return delivery.AssessApplier(v, j, o, assess)
}

// Currency returns the currency of the object's applier, if the object has run since that applied it: the object has no Git
// revision of its own.
func (Engine) Currency(v *view.Component, o facts.Object) trace.Currency {
	ready := kinds.ConditionOf(o.Body, meta.ReadyCondition)
	if (!ready.True() || !ready.Current(o.Body)) && !isRoutine(v, o, ready) {
		return trace.CurrencyUnknown
	}
	return delivery.DeclaredCurrency(v, o)
}

// assess assesses a ResourceSet or FluxInstance of the Flux operator. Its messages have the same patterns as those of
// kustomize-controller, because both use the same library.
func assess(v *view.Component, j *result.Result, o facts.Object) *result.Result {
	ready := kinds.ConditionOf(o.Body, meta.ReadyCondition)
	j.Since = view.LastTransition(ready)
	switch {
	case ready.Present() && !ready.Current(o.Body):
		delivery.NotObserved(v, j, o, ready)
		return j
	case ready.False() && ready.Reason == meta.DependencyNotReadyReason && !flux.Stalled(o, ready).Present():
		return flux.DependencyNotReady(v, j, o, ready)
	case ready.False():
		return failed(v, j, o, ready)
	case !ready.True():
		return flux.Running(v, j, o, ready, isRoutine(v, o, ready))
	}
	return j.OK("%s", o.Ref)
}

// failed classifies a failure by its reason (flux-operator v0.30 internal/controller).
func failed(v *view.Component, j *result.Result, o facts.Object, ready kinds.Condition) *result.Result {
	f := trace.Finding{Message: strings.TrimPrefix(ready.Message, "reconciliation failed: ")}
	switch ready.Reason {
	case meta.ArtifactFailedReason:
		f.Hint, f.Fix = fetchHint(ready.Message)
		f.Hint += "; the controllers of the last successful run keep running"
	case meta.BuildFailedReason, meta.InvalidCELExpressionReason:
		f.Hint = fmt.Sprintf("nothing is applied, and flux-operator does not retry until the %s changes", o.Ref.Kind)
	default:
		f = flux.ExplainApply(v, f, delivery.ByApplier(v, o.Ref))
	}
	if f.Code != trace.CodeWebhookUnavailable {
		f.Code = trace.CodeResourceSetFailed
		if o.Ref.Kind == "FluxInstance" {
			f.Code = trace.CodeFluxInstanceFailed
		}
	}
	f.Since, f.Evidence = view.LastTransition(ready), append(view.ConditionEvidence(ready), f.Evidence...)
	return j.FailWithCode(o.Ref.String(), f)
}

// isRoutine reports whether a run is routine. According to status.history, which exists since flux-operator 0.28, the last run
// succeeded; nothing has failed since, and the object's applier has changed nothing since. A failed fetch leaves only an event.
// The operator does not record the observed generation (flux-operator v0.58 internal/controller/resourceset_controller.go,
// fluxinstance_controller.go).
func isRoutine(v *view.Component, o facts.Object, ready kinds.Condition) bool {
	at, digest := flux.LastSuccess(o), newestDigest(o)
	if at.IsZero() || ready.Status != "Unknown" || !ready.Current(o.Body) || digest == "" || !strings.HasSuffix(kinds.Text(o.Body, "status", "lastAppliedRevision"), digest) {
		return false
	}
	isNewer := func(w events.Warning) bool { return w.Last.After(at) }
	return !slices.ContainsFunc(v.Warnings(o.Ref), isNewer) &&
		!slices.ContainsFunc(v.Engines.AppliedBy(o), func(ref facts.Ref) bool { return !delivery.LastChange(v, ref).Before(at) })
}

func newestDigest(o facts.Object) string {
	for _, run := range kinds.Items(o.Body, "status", "history") {
		return kinds.String(run, "digest")
	}
	return ""
}
