package trace

import (
	"strings"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// applierCurrency says whether what an applier has applied includes the wanted revision. Each is looked at once, as all that
// a component consists of asks for the same; one that is found again on the way to itself adds nothing.
func (v *view) applierCurrency(o facts.Object) Currency {
	if known, seen := v.currencies[o.Ref]; seen {
		return known
	}
	v.currencies[o.Ref] = CurrencyUnknown
	v.currencies[o.Ref] = v.currencyOf(o)
	return v.currencies[o.Ref]
}

// currencyOf: kinds that take no revision of Git themselves are what Git had when their own applier was there, as far as
// they have done since what they say.
func (v *view) currencyOf(o facts.Object) Currency {
	if o.Outcome != facts.Found {
		return CurrencyUnknown
	}
	switch o.Ref.Kind {
	case "Kustomization":
		return v.kustomizationCurrency(o)
	case "Application":
		return v.carries(facts.Object{}, deployedRevision(o))
	}
	ready := kinds.ConditionOf(o.Body, meta.ReadyCondition)
	if !ready.True() || !ready.Current(o.Body) {
		return CurrencyUnknown
	}
	declared := CurrencyUnknown
	for _, ref := range appliersOf(o) {
		declared = older(declared, v.applierCurrency(v.Object(ref)))
	}
	if o.Ref.Kind == "HelmRelease" {
		return v.chartCurrency(o, declared)
	}
	return declared
}

// chartCurrency adds to what is known of the HelmRelease itself what is known of its chart.
func (v *view) chartCurrency(o facts.Object, declared Currency) Currency {
	chart := v.Object(sourceOf(o))
	if !installed(o, chart) {
		return Behind
	}
	packed := kinds.Text(chart.Body, "status", "observedSourceArtifactRevision")
	switch {
	case chart.Ref.Kind != "HelmChart":
		return older(declared, v.carries(v.madeOf(chart, gitRevision(chart)), gitRevision(chart)))
	case kinds.Text(chart.Body, "spec", "sourceRef", "kind") == "HelmRepository":
		return older(declared, v.carries(facts.Object{}, artifactRevision(chart)))
	case kinds.Text(chart.Body, "spec", "reconcileStrategy") == "Revision":
		return older(declared, v.carries(v.madeOf(chart, packed), packed))
	case declared == Behind:
		return Behind
	}
	// A chart in Git is only packed anew when its version changes, so its files may be older than the commit
	// (source-controller v1.9.3 helmchart_controller.go:837).
	return v.carries(facts.Object{}, artifactRevision(chart))
}

// installed reports whether a HelmRelease that is Ready has the chart that its source has now. A HelmChart's revision is the
// version of the chart; of other artifacts the release keeps the digest (helm-controller v1.6.3
// internal/controller/helmrelease_controller.go:907).
func installed(o, chart facts.Object) bool {
	has := artifactRevision(chart)
	if has == "" || has == kinds.Text(o.Body, "status", "lastAttemptedRevision") {
		return true
	}
	digest := kinds.Text(o.Body, "status", "lastAttemptedRevisionDigest")
	return chart.Ref.Kind != "HelmChart" && (digest == "" || strings.HasSuffix(has, digest))
}
