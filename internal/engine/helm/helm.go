// Package helm implements the engine of Flux's HelmRelease.
package helm

import (
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine/flux"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Engine is the engine of the HelmRelease.
type Engine struct{ flux.Object }

// Properties returns the properties of the HelmRelease.
func (Engine) Properties() engine.Properties {
	return engine.Properties{
		Kinds:        []schema.GroupKind{{Group: kinds.FluxHelm, Kind: "HelmRelease"}},
		Controller:   flux.Controller("helm-controller"),
		FieldManager: "helm-controller",
		Mark:         "labels",
		Applies:      true,
	}
}

// Charts returns the chart of spec.chart. A chart of spec.chartRef is that of its source.
func (e Engine) Charts(u *unstructured.Unstructured) []engine.Chart {
	if !slices.Contains(e.Properties().Kinds, u.GroupVersionKind().GroupKind()) {
		return nil
	}
	return []engine.Chart{{Name: kinds.Text(u, "spec", "chart", "spec", "chart"), Version: kinds.Text(u, "spec", "chart", "spec", "version")}}
}

// Revision returns the last attempted chart version.
func (Engine) Revision(u *unstructured.Unstructured) string {
	return kinds.Text(u, "status", "lastAttemptedRevision")
}

// LastChange returns the creation time of the newest Helm release.
func (Engine) LastChange(u *unstructured.Unstructured) time.Time {
	for _, newest := range kinds.Items(u, "status", "history") {
		at, _ := time.Parse(time.RFC3339, kinds.String(newest, "lastDeployed"))
		return at
	}
	return time.Time{}
}

// Restores reports whether drift is taken back: without that, helm-controller does not compare the cluster with the chart, or
// only reports it (helm-controller v1.6.3 internal/reconcile/atomic_release.go).
func (Engine) Restores(u *unstructured.Unstructured) bool {
	return kinds.Text(u, "spec", "driftDetection", "mode") == "enabled"
}

// AppliedBy reads the labels that helm-controller sets on all objects that it installs.
func (Engine) AppliedBy(u *unstructured.Unstructured) []facts.Ref {
	return flux.LabeledBy(u, kinds.FluxHelm, kinds.FluxHelm, "HelmRelease")
}

// Sources returns spec.chartRef, else the HelmChart created from the template, else the repository that the template names
// (helm-controller v1.6.3 internal/controller/helmrelease_controller.go:766).
func (Engine) Sources(u *unstructured.Unstructured) []facts.Ref {
	if refs := flux.SourceAt(u, "spec", "chartRef"); len(refs) > 0 {
		return refs
	}
	if namespace, name, ok := strings.Cut(kinds.Text(u, "status", "helmChart"), "/"); ok {
		return []facts.Ref{{Plane: facts.Control, Group: kinds.FluxSource, Kind: "HelmChart", Namespace: namespace, Name: name}}
	}
	return flux.SourceAt(u, "spec", "chart", "spec", "sourceRef")
}
