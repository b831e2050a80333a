package pods

import (
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestOfferRollback: the release to go back to is named if it was read, and pods run its image.
func TestOfferRollback(t *testing.T) {
	t.Parallel()
	const binding = "ReleaseBinding healthy/greeter-service-development"
	for name, c := range map[string]struct {
		earlier string // the image of another release
		running string
		want    string // the end of the hint; "" for no offer
	}{
		"Named":      {"ghcr.io/acme/shop:0.9", "ghcr.io/acme/shop:0.9", "To roll back, set spec.releaseName of " + binding + " to greeter-service-20261120-1 in Git"},
		"NotRead":    {"", "ghcr.io/acme/shop:0.9", "to the release before greeter-service-20261121-1 in Git"},
		"OtherImage": {"ghcr.io/acme/shop:0.8", "ghcr.io/acme/shop:0.9", "to the release before greeter-service-20261121-1 in Git"},
		"OnlyTheNew": {"ghcr.io/acme/shop:0.9", "", ""},
	} {
		w := assesstest.Healthy(t)
		if c.running != "" {
			w.Set(w.DevPod(), []any{map[string]any{"name": "main", "image": c.running}}, "spec", "containers")
		}
		if c.earlier != "" {
			w.PutYAML("{apiVersion: openchoreo.dev/v1alpha1, kind: ComponentRelease, metadata: {name: greeter-service-20261120-1, namespace: healthy}, spec: {owner: {projectName: demo, componentName: greeter-service}, workload: {container: {image: " + c.earlier + "}}}}")
		}
		j := &result.Result{Rung: trace.Rung{State: trace.Failed, Findings: []trace.Finding{{Code: trace.CodeCrashLoopBackOff, Severity: trace.Error, Object: w.DevPod().Ref, Hint: "it crashes"}}}}
		offerRollback(w.Development(), j)
		got := j.Findings[0]
		if !strings.HasSuffix(got.Hint, c.want) || (c.want == "") != (got.Hint == "it crashes") {
			t.Errorf("%s: %q, want %q", name, got.Hint, c.want)
		}
		if asks := len(got.NextSteps) == 1 && got.NextSteps[0].Command == "kubectl get componentreleases -n healthy"; asks != strings.Contains(c.want, "the release before") {
			t.Errorf("%s: next %+v", name, got.NextSteps)
		}
	}
}
