package flux_test

import (
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestWhoNamesAMissingSource: a Kustomization is not the only kind that takes its content from a source.
func TestWhoNamesAMissingSource(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	for name, c := range map[string]struct {
		change func(w assesstest.World) facts.Ref // the source that does not exist
		want   string
	}{
		"Kustomization": {func(w assesstest.World) facts.Ref { return w.One("GitRepository", "").Ref }, "Kustomization flux-system/oc-healthy-projects uses it as its source: create it, or correct spec.sourceRef of that Kustomization in Git"},
		"HelmRelease": {func(w assesstest.World) facts.Ref {
			w.PutYAML("{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {name: chart, namespace: flux-system}, spec: {chartRef: {kind: OCIRepository, name: charts}}}")
			w.One("Component", "greeter-service").Body.SetLabels(map[string]string{"helm.toolkit.fluxcd.io/name": "chart", "helm.toolkit.fluxcd.io/namespace": "flux-system"})
			return facts.Ref{Plane: facts.Control, Group: "source.toolkit.fluxcd.io", Kind: "OCIRepository", Namespace: "flux-system", Name: "charts"}
		}, "HelmRelease flux-system/chart uses it as its source: create it, or correct the reference in Git"},
		"Include": {func(w assesstest.World) facts.Ref {
			w.Set(w.One("GitRepository", ""), []any{map[string]any{"repository": map[string]any{"name": "base"}}}, "spec", "include")
			return facts.Ref{Plane: facts.Control, Group: "source.toolkit.fluxcd.io", Kind: "GitRepository", Namespace: "flux-system", Name: "base"}
		}, "GitRepository flux-system/oc-healthy includes it: create it, or correct spec.include in Git"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			missing := c.change(w)
			w.Answer(facts.Object{Ref: missing}, facts.Absent)
			got := map[facts.Ref]string{}
			for _, f := range delivery.AssessSource(w.Component()).Findings {
				if f.Code == trace.CodeSourceNotFound {
					got[f.Object] = f.Hint
				}
			}
			if got[missing] != c.want {
				t.Errorf("%q, want %q", got[missing], c.want)
			}
		})
	}
}
