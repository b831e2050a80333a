package kinds

import (
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Controller locates the signs of life of a controller: it renews its Lease every few seconds while it is the leader. The zero
// value is an unknown controller.
type Controller struct{ Namespace, Deployment, Lease string }

// OpenChoreoController is OpenChoreo's controller as installed by its Helm chart (v1.2.3 cmd/main.go, install/helm).
func OpenChoreoController() Controller {
	return Controller{"openchoreo-control-plane", "controller-manager", "43500532.openchoreo.dev"}
}

// DataPlaneAgent connects a data plane with OpenChoreo, as installed by its Helm chart (v1.2.3
// install/helm/openchoreo-data-plane).
func DataPlaneAgent() Controller {
	return Controller{Namespace: "openchoreo-data-plane", Deployment: "cluster-agent-dataplane"}
}

// leaseClock is the maximum age of the renewal of a Lease without a duration. Flux's controllers hold theirs for 35 s,
// OpenChoreo's for 15 s (fluxcd/pkg runtime v0.110 leaderelection.go; controller-runtime v0.24).
const leaseClock = 70 * time.Second

// Renewed returns the time at which the holder of a Lease last renewed it. It is stale if it is older than twice the duration of
// the Lease. A Lease that was never renewed is not evidence.
func Renewed(lease *unstructured.Unstructured, now time.Time) (at time.Time, stale bool) {
	at = Time(lease, "spec", "renewTime")
	allowed := leaseClock
	if seconds, ok := Number(lease, "spec", "leaseDurationSeconds"); ok {
		allowed = 2 * time.Duration(seconds) * time.Second
	}
	return at, !at.IsZero() && now.Sub(at) > allowed
}
