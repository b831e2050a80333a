package kinds

import (
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// SyncsOnce reports whether an ExternalSecret is synced only once, and not again when its spec changes (external-secrets v0.16.2
// pkg/controllers/externalsecret/externalsecret_controller.go, shouldRefresh).
func SyncsOnce(secret *unstructured.Unstructured) bool {
	switch Text(secret, "spec", "refreshPolicy") {
	case "CreatedOnce":
		return true
	case "OnChange":
		return false
	}
	interval, err := time.ParseDuration(Text(secret, "spec", "refreshInterval"))
	return err == nil && interval <= 0
}
