package kinds

import (
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Controller says where the signs of life of a controller are: it renews its Lease every few seconds while it leads. The zero value
// is a controller that is not known.
type Controller struct{ Namespace, Deployment, Lease string }

// ControllerOf names the controller of a group as it is installed by default: Flux by `flux install` (flux2 v2.9.4
// manifests; fluxcd/pkg runtime v0.110 leaderelection), OpenChoreo by its Helm chart (v1.2.3 cmd/main.go, install/helm). That of
// another group is not known.
func ControllerOf(group string) Controller {
	flux := func(name string) Controller { return Controller{"flux-system", name, name + "-leader-election"} }
	switch group {
	case FluxSource:
		return flux("source-controller")
	case FluxKustomize:
		return flux("kustomize-controller")
	case FluxHelm:
		return flux("helm-controller")
	case FluxExtension:
		return flux("source-watcher")
	case FluxOperator:
		return Controller{"flux-system", "flux-operator", "flux-operator"}
	case ArgoCD:
		return Controller{"argocd", "argocd-application-controller", ""}
	case OpenChoreo:
		return Controller{"openchoreo-control-plane", "controller-manager", "43500532.openchoreo.dev"}
	}
	return Controller{}
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
