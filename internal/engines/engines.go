// Package engines lists the supported engines.
package engines

import (
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine/argocd"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine/flux"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine/fluxoperator"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine/helm"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine/kustomize"
)

// complete combines all interfaces of an engine.
type complete interface {
	engine.Engine
	delivery.Assessor
}

// All returns the engines in lookup order. A new engine is a package, and a line here.
func All() engine.Registry {
	list := [...]complete{
		kustomize.Engine{},
		helm.Engine{},
		fluxoperator.Engine{},
		argocd.Engine{},
		flux.Sources{},
		flux.Generators{},
	}
	all := make(engine.Registry, len(list))
	for i, e := range list {
		all[i] = e
	}
	return all
}
