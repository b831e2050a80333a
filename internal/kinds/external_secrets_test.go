package kinds

import (
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// TestSyncsOnce: without an interval, the CustomResourceDefinition sets an hour.
func TestSyncsOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		policy, interval string
		want             bool
	}{
		"Unset":       {"", "", false},
		"Hourly":      {"", "1h", false},
		"Zero":        {"", "0", true},
		"ZeroSeconds": {"Periodic", "0s", true},
		"Negative":    {"", "-1s", true},
		"Invalid":     {"", "never", false},
		"CreatedOnce": {"CreatedOnce", "1h", true},
		"OnChange":    {"OnChange", "0", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec := map[string]any{}
			if c.policy != "" {
				spec["refreshPolicy"] = c.policy
			}
			if c.interval != "" {
				spec["refreshInterval"] = c.interval
			}
			if got := SyncsOnce(&unstructured.Unstructured{Object: map[string]any{"spec": spec}}); got != c.want {
				t.Errorf("%t, want %t", got, c.want)
			}
		})
	}
}
