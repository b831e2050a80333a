// Package engines lists the engines that this program knows.
package engines

import (
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine/argocd"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine/flux"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine/fluxoperator"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine/helm"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine/kustomize"
)

// All are the engines, in the order in which they are asked. A new engine is a package, and a line here.
func All() engine.Registry {
	return engine.Registry{
		kustomize.Engine{},
		helm.Engine{},
		fluxoperator.Engine{},
		argocd.Engine{},
		flux.Sources{},
		flux.Generators{},
	}
}
