// Package fluxoperator is the engine of the Flux operator's ResourceSet and FluxInstance.
package fluxoperator

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine/flux"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Engine is that of the ResourceSet and the FluxInstance.
type Engine struct{ flux.Object }

// Kinds are ResourceSet and FluxInstance.
func (Engine) Kinds() []schema.GroupKind {
	return []schema.GroupKind{{Group: kinds.FluxOperator, Kind: "ResourceSet"}, {Group: kinds.FluxOperator, Kind: "FluxInstance"}}
}

// Applies is true.
func (Engine) Applies() bool { return true }

// Controller is flux-operator, whose Lease has its own name.
func (Engine) Controller() kinds.Controller {
	return kinds.Controller{Namespace: "flux-system", Deployment: "flux-operator", Lease: "flux-operator"}
}

// AppliedBy reads the labels that flux-operator puts on all that it applies.
func (Engine) AppliedBy(u *unstructured.Unstructured) []facts.Ref {
	return append(
		flux.LabeledBy(u, "resourceset."+kinds.FluxOperator, kinds.FluxOperator, "ResourceSet"),
		flux.LabeledBy(u, kinds.FluxOperator, kinds.FluxOperator, "FluxInstance")...,
	)
}

// PausedBy is an annotation: the kinds have no spec.suspend (flux-operator api/v1).
func (Engine) PausedBy(u *unstructured.Unstructured) string {
	return flux.PausedBy(u, kinds.FluxOperator)
}
