package kinds

import (
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Controller says where the signs of life of a controller are: it renews its Lease every few seconds while it leads. The zero value
// is a controller that is not known.
type Controller struct{ Namespace, Deployment, Lease string }

// OpenChoreoController is OpenChoreo's own as its Helm chart installs it (v1.2.3 cmd/main.go, install/helm).
func OpenChoreoController() Controller {
	return Controller{"openchoreo-control-plane", "controller-manager", "43500532.openchoreo.dev"}
}

// DataPlaneAgent connects a data plane with OpenChoreo, as its Helm chart installs it (v1.2.3 install/helm/openchoreo-data-plane).
func DataPlaneAgent() Controller {
	return Controller{Namespace: "openchoreo-data-plane", Deployment: "cluster-agent-dataplane"}
}

// leaseClock is how old the renewal of a Lease may be that promises nothing: Flux's controllers renew theirs for 35 s,
// OpenChoreo's for 15 s (fluxcd/pkg runtime v0.110 leaderelection.go; controller-runtime v0.24).
const leaseClock = 70 * time.Second

// Renewed is when the holder of a Lease last renewed it, and whether that is too long ago: longer than twice what the
// holder itself promises. A Lease that was never renewed says nothing.
func Renewed(lease *unstructured.Unstructured, now time.Time) (at time.Time, stale bool) {
	at = Time(lease, "spec", "renewTime")
	allowed := leaseClock
	if seconds, ok := Number(lease, "spec", "leaseDurationSeconds"); ok {
		allowed = 2 * time.Duration(seconds) * time.Second
	}
	return at, !at.IsZero() && now.Sub(at) > allowed
}
