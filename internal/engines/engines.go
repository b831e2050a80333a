// Package engines lists the engines that this program knows.
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

// complete is all that this program asks of an engine.
type complete interface {
	engine.Engine
	delivery.Assessor
}

// All are the engines, in the order in which they are asked. A new engine is a package, and a line here.
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
