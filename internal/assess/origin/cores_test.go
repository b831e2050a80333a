package origin_test

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/origin"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestTooManyCores: a request in the wrong unit is named with what was probably meant, and with the field that sets it.
func TestTooManyCores(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	const field = "spec.componentTypeEnvironmentConfigs.resources.requests.cpu of ReleaseBinding healthy/greeter-service-development in Git"
	for name, c := range map[string]struct{ cpu, node, want string }{
		"WrongUnit": {"1k", "", "container main requests cpu 1000, which is 1000 cores (1000m would be 1): correct " + field},
		"Quarter":   {"250", "", "container main requests cpu 250, which is 250 cores (250m would be 0.25): correct " + field},
		"OnALarge":  {"128", "192", ""},
		"OnASmall":  {"128", "4", "container main requests cpu 128, which is 128 cores (128m would be 0.128): correct " + field},
		"Few":       {"8", "", ""},
		"Milli":     {"1000m", "", ""},
		"Invalid":   {"many", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			pod := w.DevPod()
			w.Set(pod, []any{map[string]any{"name": "main", "resources": map[string]any{"requests": map[string]any{"cpu": c.cpu}}}}, "spec", "containers")
			if c.node != "" {
				w.Put(facts.Object{Ref: facts.Ref{Plane: pod.Ref.Plane, Kind: "Node", Name: "a"}, Outcome: facts.Found, Body: &unstructured.Unstructured{
					Object: map[string]any{"kind": "Node", "status": map[string]any{"allocatable": map[string]any{"cpu": c.node}}},
				}})
			}
			got, fix := origin.TooManyCores(w.Development(), pod)
			if got != c.want || (fix == trace.FixOverrides) != strings.HasSuffix(c.want, field) {
				t.Errorf("%q, %q, want %q", got, fix, c.want)
			}
		})
	}
}

// TestPlainQuantity: only whole numbers in decimal suffixes are written out.
func TestPlainQuantity(t *testing.T) {
	t.Parallel()
	for in, want := range map[any]string{
		"1k": "1000", "2": "2", int64(3): "3", "100m": "100m", "1500m": "1500m", "1Gi": "1Gi", "64Mi": "64Mi", "1e3": "1e3", "many": "many",
	} {
		if got := origin.PlainQuantity(in); got != want {
			t.Errorf("%v: %q, want %q", in, got, want)
		}
	}
}
