// Package fluxoperator implements the engine of the Flux operator's ResourceSet and FluxInstance.
package fluxoperator

import (
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine/flux"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Engine is the engine of the ResourceSet and the FluxInstance.
type Engine struct{ flux.Object }

// Properties returns the properties of the ResourceSet and the FluxInstance. The Lease of flux-operator has its own name.
func (Engine) Properties() engine.Properties {
	return engine.Properties{
		Kinds:        []schema.GroupKind{{Group: kinds.FluxOperator, Kind: "ResourceSet"}, {Group: kinds.FluxOperator, Kind: "FluxInstance"}},
		OtherKinds:   []schema.GroupKind{{Group: kinds.FluxOperator, Kind: engine.AnyKind}},
		Controller:   kinds.Controller{Namespace: "flux-system", Deployment: "flux-operator", Lease: "flux-operator"},
		FieldManager: "flux-operator",
		AppliesAs:    "flux-operator",
		Mark:         "labels",
		Applies:      true,
		Bootstraps:   true,
	}
}

// AppliedBy reads the labels that flux-operator sets on all objects that it applies.
func (Engine) AppliedBy(u *unstructured.Unstructured) []facts.Ref {
	return append(
		flux.LabeledBy(u, "resourceset."+kinds.FluxOperator, kinds.FluxOperator, "ResourceSet"),
		flux.LabeledBy(u, kinds.FluxOperator, kinds.FluxOperator, "FluxInstance")...,
	)
}

// Revision returns the last applied revision.
func (Engine) Revision(u *unstructured.Unstructured) string {
	return kinds.Text(u, "status", "lastAppliedRevision")
}

// Interval is an annotation: the kinds have no spec.interval (flux-operator api/v1).
func (Engine) Interval(u *unstructured.Unstructured) time.Duration {
	every, _ := time.ParseDuration(kinds.Annotation(u, kinds.FluxOperator+"/reconcileEvery"))
	return max(every, 0)
}

// PausedBy checks an annotation: the kinds have no spec.suspend (flux-operator api/v1).
func (Engine) PausedBy(u *unstructured.Unstructured) string {
	return flux.PausedBy(u, kinds.FluxOperator)
}
