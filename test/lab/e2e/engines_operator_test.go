package e2e

import "strings"

const resourceSet = `
apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
metadata: {name: NAME, namespace: TENANT}
`

func resourceSetStatus(conditions ...string) string {
	return resourceSet + "status: {inventory: {entries: [" + inventory() + "]}, conditions: [" + strings.Join(conditions, ", ") + "]}\n"
}

// operatorKinds are the kinds of flux-operator (flux-operator internal/controller/resourceset_controller.go,
// fluxinstance_controller.go).
func operatorKinds() []*engineCase {
	const refused = `reconciliation failed: Component/TENANT/NAME dry-run failed (Invalid): Component.openchoreo.dev "NAME" is invalid: spec.autoDeploy: Invalid value: "string": spec.autoDeploy in body must be of type boolean: "string"`
	const spec = "spec: {inputs: [{tag: 1.0.0}], resourcesTemplate: \"\"}\n"
	set := ownerLabels("resourceset.fluxcd.controlplane.io", "TENANT", "NAME")
	return []*engineCase{
		{
			scenario: scenario{name: "resource-set-failed", fault: "an object of the ResourceSet is refused (flux-operator does not run in the lab)", want: withText(failed("delivery", "", "ResourceSetFailed", "ResourceSet", "resource-set-failed", "spec.autoDeploy in body must be of type boolean"), "nothing of this ResourceSet is applied")},
			manager:  "flux-operator", label: set, inGit: resourceSet + spec,
			status: resourceSetStatus(condition("Ready", "False", "ReconciliationFailed", refused), condition("Reconciling", "True", "ProgressingWithRetry", refused)),
		},
		{
			scenario: scenario{name: "resource-set-paused", fix: []string{"kubectl annotate"}, fault: "somebody paused the ResourceSet, which itself is applied by hand", want: healthyWith("ApplierPaused")},
			manager:  "flux-operator", label: set,
			objects: strings.Replace(resourceSet, "namespace: TENANT", `namespace: TENANT, annotations: {fluxcd.controlplane.io/reconcile: disabled}`, 1) + spec,
			status:  resourceSetStatus(condition("Ready", "True", "ReconciliationSucceeded", "Reconciliation finished in 52ms")),
		},
		{
			scenario: scenario{name: "flux-instance-failed", fault: "the FluxInstance cannot fetch its manifests (flux-operator does not run in the lab)", want: failed("delivery", "", "FluxInstanceFailed", "FluxInstance", "flux", "fetch failed")},
			manager:  "flux-operator", label: ownerLabels("fluxcd.controlplane.io", "flux-system", "flux"),
			objects: fluxInstance + "spec: {distribution: {version: 2.x, registry: ghcr.io/fluxcd, artifact: \"oci://ghcr.io/controlplaneio-fluxcd/flux-operator-manifests:latest\"}}\n",
			status: fluxInstance + "status: {conditions: [" +
				condition("Ready", "False", "ArtifactFailed", "fetch failed: pulling artifact oci://ghcr.io/controlplaneio-fluxcd/flux-operator-manifests:latest failed: Get \"https://ghcr.io/v2/\": dial tcp: lookup ghcr.io: no such host") + "]}\n",
		},
	}
}

const fluxInstance = `
apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {name: flux, namespace: flux-system}
`
