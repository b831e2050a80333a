package kinds

// Controller says where the signs of life of a controller are: it renews its Lease every few seconds while it leads.
type Controller struct{ Namespace, Deployment, Lease string }

// ControllerOf names the controller of a group as it is installed by default: Flux by `flux install` (flux2 v2.9.4
// manifests; fluxcd/pkg runtime v0.110 leaderelection), OpenChoreo by its Helm chart (v1.2.3 cmd/main.go, install/helm).
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
	}
	return Controller{"openchoreo-control-plane", "controller-manager", "43500532.openchoreo.dev"}
}
