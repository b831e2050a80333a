package helm_test

import (
	"strings"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
)

// TestFieldAtFault: the message shows whether the values or the version of the chart has to change. The messages are Helm's own.
func TestFieldAtFault(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]string{
		"values don't meet the specifications of the schema(s) in the following chart(s):\nworker:\n- at '/replicas': got string, want integer": "rejects the values: correct spec.values, or the objects of spec.valuesFrom",
		"execution error at (worker/templates/a.yaml:3:4): image is required":                                                                   "fails with these values: correct spec.values",
		`template: worker/templates/a.yaml:5:12: executing "worker/templates/a.yaml" at <.Values.image.tag>: nil pointer`:                       "fails with these values: correct spec.values",
		"parse error at (worker/templates/a.yaml:3): unclosed action":                                                                           "a template of the chart is invalid: correct the chart, or choose another version in spec.chart.spec.version",
		"chart requires kubeVersion: >=1.99.0-0 which is incompatible with Kubernetes v1.36.0":                                                  "choose another one in spec.chart.spec.version",
		"cannot patch \"a\": timed out": "",
	} {
		w := assesstest.Healthy(t)
		byHelm(w, fromRepository, helmRefused)
		w.Condition(w.One("HelmRelease", "greeter"), time.Hour, "Released", "False", "UpgradeFailed", "Helm upgrade failed for release shop/greeter with chart greeter@0.2.0: "+message)
		w.Condition(w.One("HelmRelease", "greeter"), time.Hour, "Ready", "False", "UpgradeFailed", "Helm upgrade failed for release shop/greeter with chart greeter@0.2.0: "+message)
		got := assess.Assess(w.Snapshot, w.TakenAt).Failing
		if got == nil || !strings.Contains(got.Hint, want) || (want == "") == strings.Contains(got.Hint, "spec.") {
			t.Errorf("%s: %+v, want %q", message, got, want)
		}
	}
}
