package helm

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

// Assess assesses a HelmRelease that exists and is not being deleted by its conditions and its history.
func (Engine) Assess(v *view.Component, j *result.Result, o facts.Object) *result.Result {
	return delivery.AssessApplier(v, j, o, assess)
}

// Currency combines the currency of the HelmRelease itself with that of its chart.
func (Engine) Currency(v *view.Component, o facts.Object) trace.Currency {
	ready := kinds.ConditionOf(o.Body, meta.ReadyCondition)
	if (!ready.True() || !ready.Current(o.Body)) && !isStaleFailure(o, ready) {
		return trace.CurrencyUnknown
	}
	return chartCurrency(v, o, delivery.DeclaredCurrency(v, o))
}

// assess assesses a HelmRelease. A failed upgrade with a rollback ends in Ready=False with Remediated=True, and the old chart
// runs (helm-controller v1.6.3 internal/reconcile/release.go:246).
func assess(v *view.Component, j *result.Result, o facts.Object) *result.Result {
	j.Revision = deployedChart(o)
	ready := kinds.ConditionOf(o.Body, meta.ReadyCondition)
	j.Since = view.LastTransition(ready)
	switch {
	case ready.Present() && !ready.Current(o.Body):
		delivery.NotObserved(v, j, o, ready)
		return j
	case isStaleFailure(o, ready):
		return j.OK("%s %s; Ready still has the failure of an earlier configuration", o.Ref, j.Revision)
	case ready.False() && flux.Stalled(o, ready).Present():
		return helmReleaseFailed(j, o, ready)
	case ready.False() && ready.Reason == meta.DependencyNotReadyReason:
		return flux.DependencyNotReady(v, j, o, ready)
	case ready.False() && (ready.Reason == kinds.ReasonSourceNotReady || strings.HasPrefix(ready.Message, "Source not ready: ")):
		return chartMissing(v, j, o, ready)
	case ready.False() && ready.Reason == meta.HealthCheckCanceledReason:
		return flux.HealthCheckCanceled(v, j, o, ready)
	case ready.False():
		return helmReleaseFailed(j, o, ready)
	case !ready.True():
		return flux.Running(v, j, o, ready, false) // Ready is Unknown only during a change
	}
	if drifted := kinds.ConditionOf(o.Body, kinds.ConditionDrifted); drifted.True() {
		j.Note(trace.Warning, trace.Finding{
			Code: trace.CodeHelmReleaseDrifted, Message: drifted.Message, Since: view.LastTransition(drifted), Evidence: view.ConditionEvidence(drifted),
			Hint: "helm-controller only reports it: drift detection is in mode warn, or could not revert it",
		})
	}
	return j.OK("%s %s", o.Ref, j.Revision)
}

// deployedChart is the version of the deployed chart: that of the newest Helm release in status deployed. A failed upgrade does
// not change the previous release; a rollback creates a new one.
func deployedChart(o facts.Object) string {
	for _, release := range kinds.Items(o.Body, "status", "history") {
		if kinds.String(release, "status") == "deployed" {
			return kinds.String(release, "chartVersion")
		}
	}
	return ""
}

// isStaleFailure reports whether Ready only repeats the failure of an earlier configuration: the newest Helm release is
// deployed and matches the current HelmRelease. helm-controller is then in sync and does nothing more, but it summarizes
// conditions of any generation into Ready. An example is Released=False after a rejected upgrade that was reverted in Git
// (helm-controller v1.6.3 internal/reconcile/atomic_release.go, release.go:summarize).
func isStaleFailure(o facts.Object, ready kinds.Condition) bool {
	cause := kinds.ConditionOf(o.Body, "Remediated")
	if !cause.True() {
		cause = kinds.ConditionOf(o.Body, "Released")
	}
	if !ready.False() || !ready.Current(o.Body) || flux.Stalled(o, ready).Present() || cause.Reason != ready.Reason || kinds.ConditionOf(o.Body, "TestSuccess").False() {
		return false
	}
	// Post-renderers and common metadata belong neither to the chart nor to the values; an upgrade that they caused may have
	// failed.
	isRendered := view.Nested(o, "spec", "commonMetadata") != nil || len(kinds.Items(o.Body, "spec", "postRenderers")) > 0 ||
		kinds.Text(o.Body, "status", "observedPostRenderersDigest") != "" || kinds.Text(o.Body, "status", "observedCommonMetadataDigest") != ""
	if isRendered && cause.ObservedGeneration >= o.Body.GetGeneration() {
		return false
	}
	attempted, _ := kinds.Number(o.Body, "status", "lastAttemptedGeneration")
	return attempted == o.Body.GetGeneration() && isDeployedAsAttempted(o)
}

func isDeployedAsAttempted(o facts.Object) bool {
	for _, newest := range kinds.Items(o.Body, "status", "history") {
		values := kinds.String(newest, "configDigest")
		return kinds.String(newest, "status") == "deployed" && values != "" && values == kinds.Text(o.Body, "status", "lastAttemptedConfigDigest") &&
			kinds.String(newest, "chartVersion") == kinds.Text(o.Body, "status", "lastAttemptedRevision")
	}
	return false
}

// chartMissing reports a failure of the chart or its repository at the HelmRelease.
func chartMissing(v *view.Component, j *result.Result, o facts.Object, ready kinds.Condition) *result.Result {
	if v.Within(view.LastTransition(ready), view.BehindTimeout) {
		return j.Wait(view.LastTransition(ready), "%s waits for its source", delivery.ApplierName(v, o.Ref))
	}
	j.Cause = result.CausedBy(trace.RungSource)
	j.Summary = fmt.Sprintf("%s waits for its source", delivery.ApplierName(v, o.Ref))
	return j.Fail(trace.Finding{Code: trace.CodeHelmReleaseFailed, Message: ready.Message, Since: view.LastTransition(ready), Evidence: view.ConditionEvidence(ready)})
}

func helmReleaseFailed(j *result.Result, o facts.Object, ready kinds.Condition) *result.Result {
	f := trace.Finding{
		Code: trace.CodeHelmReleaseFailed, Message: ready.Message, Since: view.LastTransition(ready), Evidence: view.ConditionEvidence(ready), Hint: helmHint(o),
	}
	// Released has the error itself if Ready only reports exhausted retries or a successful rollback (helm-controller #1337).
	if released := kinds.ConditionOf(o.Body, kinds.ConditionReleased); released.False() && released.Message != "" {
		f.Message = released.Message
		f.Evidence = append(f.Evidence, view.ConditionEvidence(released)...)
	}
	if refusal := cmp.Or(delivery.Refusal(f.Message, delivery.By{Kind: o.Ref.Kind}), fieldAtFault(o, f.Message)); refusal != "" {
		f.Hint = refusal + "; " + f.Hint
	}
	return j.FailWithCode(o.Ref.String(), f)
}

// helmHint explains what runs instead, and whether waiting helps.
func helmHint(o facts.Object) string {
	runs := "the chart was never installed"
	if chart := deployedChart(o); chart != "" {
		runs = fmt.Sprintf("chart %s@%s runs", chartName(o), chart)
	}
	if kinds.ConditionOf(o.Body, kinds.ConditionRemediated).True() {
		runs = "the upgrade was rolled back: " + runs
	}
	if kinds.ConditionOf(o.Body, meta.StalledCondition).True() {
		return runs + "; helm-controller does not retry until the chart, the values or the HelmRelease change"
	}
	return runs
}

func chartName(o facts.Object) string {
	for _, release := range kinds.Items(o.Body, "status", "history") {
		return kinds.String(release, "chartName")
	}
	return "the chart"
}

// chartCurrency combines the currency of the HelmRelease itself with that of its chart.
func chartCurrency(v *view.Component, o facts.Object, declared trace.Currency) trace.Currency {
	chart := v.Object(v.Engines.SourceOf(o))
	if !installed(o, chart) {
		return trace.Behind
	}
	packed := kinds.Text(chart.Body, "status", "observedSourceArtifactRevision")
	switch {
	case chart.Ref.Kind != "HelmChart":
		return result.Older(declared, delivery.Carries(v, delivery.RepositoryOf(v, chart, v.Engines.Revision(chart)), v.Engines.Revision(chart)))
	case kinds.Text(chart.Body, "spec", "sourceRef", "kind") == "HelmRepository":
		return result.Older(declared, delivery.Carries(v, facts.Object{}, delivery.ArtifactRevision(chart)))
	case kinds.Text(chart.Body, "spec", "reconcileStrategy") == "Revision":
		return result.Older(declared, delivery.Carries(v, delivery.RepositoryOf(v, chart, packed), packed))
	case declared == trace.Behind:
		return trace.Behind
	}
	// source-controller packages a chart in Git again only when its version changes, so its files may be older than the commit
	// (source-controller v1.9.3 helmchart_controller.go:837).
	return delivery.Carries(v, facts.Object{}, delivery.ArtifactRevision(chart))
}

// installed reports whether a Ready HelmRelease has its source's current chart. The revision of a HelmChart is the chart
// version; for other artifacts the release keeps the digest (helm-controller v1.6.3
// internal/controller/helmrelease_controller.go:907).
func installed(o, chart facts.Object) bool {
	has := delivery.ArtifactRevision(chart)
	if has == "" || has == kinds.Text(o.Body, "status", "lastAttemptedRevision") {
		return true
	}
	digest := kinds.Text(o.Body, "status", "lastAttemptedRevisionDigest")
	return chart.Ref.Kind != "HelmChart" && (digest == "" || strings.HasSuffix(has, digest))
}
