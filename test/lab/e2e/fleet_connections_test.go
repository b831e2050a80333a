package e2e

import (
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
)

// brokenConnections are components that depend on another component, which has the fault.
func brokenConnections() []fleetCase {
	const dev = "development"
	waits := func(name, fault, provider string, w want) fleetCase {
		return fleetCase{
			scenario: scenario{name: name, fault: fault, timeout: 5 * time.Minute, want: w},
			declare:  dependsOnHTTP(provider),
		}
	}
	endpoints := setField("workload.yaml", map[string]any{"http": map[string]any{"type": "HTTP", "port": int64(80)}}, "spec", "endpoints")
	provider := func(name string) fleetCase {
		return fleetCase{scenario: scenario{name: name, fault: "none: others wait for it", want: want{exit: 0, verdict: "*"}}, kind: "deployment/service", declare: endpoints}
	}
	unbound, undeployed, unrendered := provider("provider-unbound"), provider("provider-off"), provider("provider-broken")
	unbound.environments, unbound.want = []string{"staging"}, want{exit: 0, verdict: "Healthy"}
	undeployed.bound, undeployed.want = setBindingField("Undeploy", "spec", "state"), want{exit: 0, verdict: "Suspended"}
	unrendered.bound = setBindingField(map[string]any{"replicas": "many"}, "spec", "componentTypeEnvironmentConfigs")
	unrendered.want = failed("binding", dev, "RenderingFailed", "ReleaseBinding", "*", "")
	unrendered.fault = "the provider's own binding cannot be rendered"
	cycleA := waits("connection-cycle", "two components wait for each other", "connection-cycle-b", failed("binding", dev, "ConnectionCycle", "ReleaseBinding", "*", ""))
	cycleB := waits("connection-cycle-b", "two components wait for each other", "connection-cycle", failed("binding", dev, "ConnectionCycle", "ReleaseBinding", "*", ""))
	return []fleetCase{
		unbound, undeployed, unrendered, cycleA, cycleB,
		waits("connection-provider-absent", "the component depends on one that does not exist", "ghost", failed("binding", dev, "ProviderNotFound", "Component", "ghost", "ReleaseBinding not found")),
		waits("connection-provider-unbound", "the component depends on one that is not bound in this environment", "provider-unbound", failed("binding", dev, "ProviderNotBound", "Component", "provider-unbound", "ReleaseBinding not found")),
		waits("connection-provider-undeployed", "the component depends on one that is undeployed", "provider-off", failed("binding", dev, "ProviderUndeployed", "ReleaseBinding", "provider-off-development", "undeployed")),
		waits("connection-provider-broken", "the component depends on one whose release cannot be rendered", "provider-broken", failed("binding", dev, "ProviderNotReady", "ReleaseBinding", "provider-broken-development", "not yet resolved")),
		{
			scenario: scenario{name: "connection-endpoint-absent", fault: "the component depends on an endpoint that the other does not have", timeout: 5 * time.Minute, want: failed("binding", dev, "ProviderEndpointNotFound", "ComponentRelease", "*", `endpoint "grpc" not yet resolved`)},
			declare:  dependsOn("greeter-service", "grpc"),
		},
	}
}

func dependsOnHTTP(provider string) func(*gitops.Checkout, string) error {
	return dependsOn(provider, "http")
}

func dependsOn(provider, endpoint string) func(*gitops.Checkout, string) error {
	return setField("workload.yaml", map[string]any{"endpoints": []any{map[string]any{
		"component": provider, "name": endpoint, "visibility": "project", "envBindings": map[string]any{"address": "PROVIDER_URL"},
	}}}, "spec", "dependencies")
}
