package collect

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// TestCanaryIsRequested: OpenChoreo reports a Canary as healthy in each of its phases, so the report does not say whether to read it.
func TestCanaryIsRequested(t *testing.T) {
	t.Parallel()
	cluster, subject := recorded(t, "canary-failed")
	subject.Environments = []string{"development"}
	collect(t, cluster, subject)
	if got := cluster.count("GET Canary"); got != 1 {
		t.Errorf("%d requests of it: %s", got, strings.Join(cluster.asked, "\n"))
	}
}

// TestScaledObjectIsRequested: OpenChoreo may report the status of its HorizontalPodAutoscaler in its place, which has the same labels.
func TestScaledObjectIsRequested(t *testing.T) {
	t.Parallel()
	condition := func(name, status string) map[string]any {
		return map[string]any{"conditions": []any{map[string]any{"type": name, "status": status}}}
	}
	for name, c := range map[string]struct {
		reported map[string]any
		want     int
	}{
		"Ready":                 {condition("Ready", "True"), 0},
		"NotReady":              {condition("Ready", "False"), 1},
		"OfItsAutoscaler":       {condition("ScalingActive", "True"), 1},
		"WithoutReportedStatus": {nil, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cluster, subject := recorded(t, "keda-active")
			subject.Environments = []string{"development"}
			report(t, cluster, "ScaledObject", c.reported)
			collect(t, cluster, subject)
			if got := cluster.count("GET ScaledObject"); got != c.want {
				t.Errorf("%d requests of it: %s", got, strings.Join(cluster.asked, "\n"))
			}
		})
	}
}

// TestIssuerWithoutAReportedStatus: OpenChoreo reports it once, before cert-manager has written its status, and then not for five minutes.
func TestIssuerWithoutAReportedStatus(t *testing.T) {
	t.Parallel()
	for _, without := range []bool{false, true} {
		cluster, subject := recorded(t, "cm-issued")
		subject.Environments = []string{"development"}
		for _, o := range cluster.objects {
			if o.Body == nil || o.Ref.Kind != "RenderedRelease" || !without {
				continue
			}
			var all []any
			for _, entry := range kinds.Items(o.Body, "status", "resources") {
				if entry["kind"] == "Issuer" {
					delete(entry, "status")
				}
				all = append(all, entry)
			}
			if err := unstructured.SetNestedSlice(o.Body.Object, all, "status", "resources"); err != nil {
				t.Fatal(err)
			}
		}
		collect(t, cluster, subject)
		if got := cluster.count("GET Issuer"); (got == 1) != without {
			t.Errorf("without a status %t: %d requests of it", without, got)
		}
	}
}
