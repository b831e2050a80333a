// Package helm is the engine of Flux's HelmRelease.
package helm

import (
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine/flux"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Engine is that of the HelmRelease.
type Engine struct{ flux.Object }

// Kinds is HelmRelease.
func (Engine) Kinds() []schema.GroupKind {
	return []schema.GroupKind{{Group: kinds.FluxHelm, Kind: "HelmRelease"}}
}

// Applies is true.
func (Engine) Applies() bool { return true }

// Controller is helm-controller.
func (Engine) Controller() kinds.Controller { return flux.Controller("helm-controller") }

// AppliedBy reads the labels that helm-controller puts on all that it installs.
func (Engine) AppliedBy(u *unstructured.Unstructured) []facts.Ref {
	return flux.LabeledBy(u, kinds.FluxHelm, kinds.FluxHelm, "HelmRelease")
}

// Sources is what a HelmRelease installs: spec.chartRef, else the HelmChart that its template made, else the repository
// that the template names (helm-controller v1.6.3 internal/controller/helmrelease_controller.go:766).
func (Engine) Sources(u *unstructured.Unstructured) []facts.Ref {
	if refs := flux.SourceAt(u, "spec", "chartRef"); len(refs) > 0 {
		return refs
	}
	if namespace, name, ok := strings.Cut(kinds.Text(u, "status", "helmChart"), "/"); ok {
		return []facts.Ref{{Plane: facts.Control, Group: kinds.FluxSource, Kind: "HelmChart", Namespace: namespace, Name: name}}
	}
	return flux.SourceAt(u, "spec", "chart", "spec", "sourceRef")
}
