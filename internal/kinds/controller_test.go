package kinds

import "testing"

// TestControllerOf: of a group that is not known here, no controller is known, and not one whose silence would be blamed for it.
func TestControllerOf(t *testing.T) {
	t.Parallel()
	for group, want := range map[string]string{
		FluxKustomize: "kustomize-controller", FluxOperator: "flux-operator", ArgoCD: "argocd-application-controller",
		OpenChoreo: "controller-manager", Apps: "", Core: "", "keda.sh": "", "fluxcd.io": "",
	} {
		if got := ControllerOf(group).Deployment; got != want {
			t.Errorf("the controller of group %q is %q, want %q", group, got, want)
		}
	}
}
