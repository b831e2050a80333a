package delivery

import (
	"strings"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// ApplierCurrency says whether what an applier has applied includes the wanted revision. Each is looked at once, as all that
// a component consists of asks for the same; one that is found again on the way to itself adds nothing.
func ApplierCurrency(v *view.Component, o facts.Object) trace.Currency {
	if known, seen := v.Currencies[o.Ref]; seen {
		return known
	}
	v.Currencies[o.Ref] = trace.CurrencyUnknown
	v.Currencies[o.Ref] = currencyOf(v, o)
	return v.Currencies[o.Ref]
}

// currencyOf: kinds that take no revision of Git themselves are what Git had when their own applier was there, as far as
// they have done since what they say.
func currencyOf(v *view.Component, o facts.Object) trace.Currency {
	if o.Outcome != facts.Found {
		return trace.CurrencyUnknown
	}
	switch o.Ref.Kind {
	case "Kustomization":
		return kustomizationCurrency(v, o)
	case "Application":
		return carries(v, facts.Object{}, deployedRevision(o))
	}
	ready := kinds.ConditionOf(o.Body, meta.ReadyCondition)
	if (!ready.True() || !ready.Current(o.Body)) && !isRoutine(v, o, ready) && !isOutlivedRelease(o, ready) {
		return trace.CurrencyUnknown
	}
	declared := trace.CurrencyUnknown
	for _, ref := range v.Engines.AppliedBy(o) {
		declared = result.Older(declared, ApplierCurrency(v, v.Object(ref)))
	}
	if o.Ref.Kind == "HelmRelease" {
		return chartCurrency(v, o, declared)
	}
	return declared
}

// chartCurrency adds to what is known of the HelmRelease itself what is known of its chart.
func chartCurrency(v *view.Component, o facts.Object, declared trace.Currency) trace.Currency {
	chart := v.Object(v.Engines.SourceOf(o))
	if !installed(o, chart) {
		return trace.Behind
	}
	packed := kinds.Text(chart.Body, "status", "observedSourceArtifactRevision")
	switch {
	case chart.Ref.Kind != "HelmChart":
		return result.Older(declared, carries(v, repositoryOf(v, chart, gitRevision(chart)), gitRevision(chart)))
	case kinds.Text(chart.Body, "spec", "sourceRef", "kind") == "HelmRepository":
		return result.Older(declared, carries(v, facts.Object{}, ArtifactRevision(chart)))
	case kinds.Text(chart.Body, "spec", "reconcileStrategy") == "Revision":
		return result.Older(declared, carries(v, repositoryOf(v, chart, packed), packed))
	case declared == trace.Behind:
		return trace.Behind
	}
	// A chart in Git is only packed anew when its version changes, so its files may be older than the commit
	// (source-controller v1.9.3 helmchart_controller.go:837).
	return carries(v, facts.Object{}, ArtifactRevision(chart))
}

// installed reports whether a HelmRelease that is Ready has the chart that its source has now. A HelmChart's revision is the
// version of the chart; of other artifacts the release keeps the digest (helm-controller v1.6.3
// internal/controller/helmrelease_controller.go:907).
func installed(o, chart facts.Object) bool {
	has := ArtifactRevision(chart)
	if has == "" || has == kinds.Text(o.Body, "status", "lastAttemptedRevision") {
		return true
	}
	digest := kinds.Text(o.Body, "status", "lastAttemptedRevisionDigest")
	return chart.Ref.Kind != "HelmChart" && (digest == "" || strings.HasSuffix(has, digest))
}
