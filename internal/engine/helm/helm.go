// Package helm is the engine of Flux's HelmRelease.
package helm

import (
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine/flux"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Engine is that of the HelmRelease.
type Engine struct{ flux.Object }

// Properties are those of the HelmRelease.
func (Engine) Properties() engine.Properties {
	return engine.Properties{
		Kinds:        []schema.GroupKind{{Group: kinds.FluxHelm, Kind: "HelmRelease"}},
		Controller:   flux.Controller("helm-controller"),
		FieldManager: "helm-controller",
		Mark:         "labels",
		Applies:      true,
	}
}

// Revision is the version of the chart that was last tried.
func (Engine) Revision(u *unstructured.Unstructured) string {
	return kinds.Text(u, "status", "lastAttemptedRevision")
}

// LastChange is when the newest Helm release was made.
func (Engine) LastChange(u *unstructured.Unstructured) time.Time {
	for _, newest := range kinds.Items(u, "status", "history") {
		at, _ := time.Parse(time.RFC3339, kinds.String(newest, "lastDeployed"))
		return at
	}
	return time.Time{}
}

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
