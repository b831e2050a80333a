package collect

import (
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// maxProviders bounds the chain of components that wait for each other.
const maxProviders = 4

// providers asks for the components that a binding's pending connections wait for, for their bindings in the same
// environment, and for what those wait for in turn; and for the bindings of the resources that it waits for.
func (k *known) providers(binding facts.Object, depth int) {
	if depth > maxProviders {
		return
	}
	environment := kinds.Text(binding.Body, "spec", "environment")
	for _, c := range kinds.Items(binding.Body, "status", "pendingConnections") {
		provider := kinds.String(c, "component")
		if provider == "" {
			continue
		}
		k.get(k.ref("Component", provider))
		q := k.owned("ReleaseBinding", provider)
		k.list(q)
		for _, item := range k.List(q).Items {
			k.get(item)
			bound := k.Object(item)
			if kinds.Text(bound.Body, "spec", "environment") == environment {
				k.get(k.ref("ComponentRelease", kinds.Text(bound.Body, "spec", "releaseName")))
				k.providers(bound, depth+1)
			}
		}
	}
	for _, d := range kinds.Items(binding.Body, "status", "pendingResourceDependencies") {
		k.get(k.ref("Resource", kinds.String(d, "resourceName")))
		k.list(k.all("ResourceReleaseBinding"))
	}
}
