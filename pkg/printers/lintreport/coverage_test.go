package lintreport

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// deliveries are n Kustomizations in a state.
func deliveries(n int, state manifest.DeliveryState, reason string) []manifest.Delivery {
	var all []manifest.Delivery
	for range n {
		all = append(all, manifest.Delivery{Ref: facts.Ref{Kind: "Kustomization"}, State: state, Reason: reason})
	}
	return all
}

// TestSummary: the last line says what was checked, so that the green result of an empty check is seen.
func TestSummary(t *testing.T) {
	t.Parallel()
	joined := func(all ...[]manifest.Delivery) manifest.Coverage {
		var c manifest.Coverage
		for _, one := range all {
			c.Deliveries = append(c.Deliveries, one...)
		}
		return c
	}
	const kubernetes, flux, choreo = manifest.KubernetesFamily, manifest.FluxFamily, manifest.OpenChoreoFamily
	for want, c := range map[string]manifest.Coverage{
		"no objects":                                          {},
		"1 cluster; no objects":                               {Clusters: []string{""}},
		"2 clusters; no objects":                              {Clusters: []string{"east", "west"}},
		"no objects; 1 object that nothing applies":           {NotApplied: 1},
		"no objects; 2 objects that nothing applies":          {NotApplied: 2},
		"1 Kubernetes object":                                 {Objects: map[manifest.Family]int{kubernetes: 1, flux: 0}},
		"14 Kubernetes objects":                               {Objects: map[manifest.Family]int{kubernetes: 14}},
		"6 objects: 3 OpenChoreo, 1 Flux, 2 Kubernetes":       {Objects: map[manifest.Family]int{kubernetes: 2, choreo: 3, flux: 1}},
		"1 Kustomization: built; no objects":                  joined(deliveries(1, manifest.Built, "")),
		"1 Kustomization: failed to build; no objects":        joined(deliveries(1, manifest.BuildFailed, "")),
		"1 Kustomization: not built; no objects":              joined(deliveries(1, manifest.NotRead, "")),
		"1 Kustomization: not reachable; no objects":          joined(deliveries(1, manifest.NotReachable, "")),
		"1 Kustomization: from another source; no objects":    joined(deliveries(1, manifest.FromOtherSource, "")),
		"1 Kustomization: skipped (suspended); no objects":    joined(deliveries(1, manifest.Skipped, "suspended")),
		"2 Kustomizations: 2 from other sources; no objects":  joined(deliveries(2, manifest.FromOtherSource, "")),
		"2 Kustomizations: 2 skipped (suspended); no objects": joined(deliveries(2, manifest.Skipped, "suspended")),
		// The most frequent reason is first; one that does not hold for all has its number.
		"4 Kustomizations: 4 skipped (3 suspended, 1 remote); no objects": joined(deliveries(1, manifest.Skipped, "remote"), deliveries(3, manifest.Skipped, "suspended")),
		"2 Kustomizations: 2 skipped (1 remote); no objects":              joined(deliveries(1, manifest.Skipped, ""), deliveries(1, manifest.Skipped, "remote")),
		"5 Kustomizations: 1 built, 1 failed to build, 1 from another source, 1 not reachable, 1 not built; no objects": joined(
			deliveries(1, manifest.NotRead, ""), deliveries(1, manifest.NotReachable, ""), deliveries(1, manifest.FromOtherSource, ""), deliveries(1, manifest.BuildFailed, ""), deliveries(1, manifest.Built, "")),
		// A Kustomization is first, and the other kinds are in their order.
		"1 Kustomization: built; 2 Applications: 2 built; 1 HelmRelease: built; no objects": joined([]manifest.Delivery{
			{Ref: facts.Ref{Kind: "HelmRelease"}, State: manifest.Built}, {Ref: facts.Ref{Kind: "Application"}, State: manifest.Built}, {Ref: facts.Ref{Kind: "Application"}, State: manifest.Built},
		}, deliveries(1, manifest.Built, "")),
	} {
		if diff := cmp.Diff("Checked: "+want, Report{Coverage: c}.summary()); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

// TestSuppressed: the last line counts what is suppressed, by what suppresses it, and says nothing of what suppresses nothing.
func TestSuppressed(t *testing.T) {
	t.Parallel()
	for want, s := range map[string]Suppressed{
		"": {},
		". 1 finding suppressed: 1 by .choreolint.yaml":                                      {Settings: 1},
		". 1 finding suppressed: 1 by annotation":                                            {Annotations: 1},
		". 1 in the baseline":                                                                {Baseline: 1},
		". 5 findings suppressed: 2 by .choreolint.yaml, 3 by annotation":                    {Settings: 2, Annotations: 3},
		". 1 finding suppressed: 1 by annotation; 46 in the baseline":                        {Annotations: 1, Baseline: 46},
		". 3 findings suppressed: 2 by .choreolint.yaml, 1 by annotation; 1 in the baseline": {Settings: 2, Annotations: 1, Baseline: 1},
	} {
		if diff := cmp.Diff("Checked: no objects"+want, Report{Suppressed: s}.summary()); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

// TestSeverities: the number of findings of each severity, the worst first; those of an unknown severity are not counted.
func TestSeverities(t *testing.T) {
	t.Parallel()
	for want, severity := range map[string]string{
		"nothing found":               "",
		"1 error":                     "error",
		"2 errors":                    "error error",
		"1 warning":                   "warning",
		"3 warnings":                  "warning warning warning",
		"1 info":                      "info",
		"2 info":                      "info info",
		"1 error, 2 warnings, 1 info": "info warning error warning",
	} {
		if got := severities(annotated(strings.Fields(severity)...)); got != want {
			t.Errorf("%q: %q, want %q", severity, got, want)
		}
	}
}
