// Package kustomize implements the engine of Flux's Kustomization.
package kustomize

import (
	"cmp"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine/flux"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Engine is the engine of the Kustomization.
type Engine struct{ flux.Object }

// Properties returns the properties of the Kustomization, which delivers most components.
func (Engine) Properties() engine.Properties {
	return engine.Properties{
		Kinds:        []schema.GroupKind{{Group: kinds.FluxKustomize, Kind: "Kustomization"}},
		Controller:   flux.Controller("kustomize-controller"),
		FieldManager: "kustomize-controller",
		AppliesAs:    "kustomize-controller",
		Mark:         "labels",
		Applies:      true,
		IsListed:     true,
		// checkDependencies (kustomize-controller v1.9.3 internal/controller/kustomization_controller.go)
		ComparesDependencies: true,
		// requestsForRevisionChangeOf, which reports it in its log only (internal/controller/kustomization_indexers.go:462)
		DropsCycles: true,
		WhenRefused: "Flux applies nothing of the Kustomization",
	}
}

// Revision returns the last applied Git revision, if the source records one.
func (Engine) Revision(u *unstructured.Unstructured) string {
	return kinds.GitRevision(kinds.Text(u, "status", "lastAppliedRevision"), kinds.Text(u, "status", "lastAppliedOriginRevision"))
}

// RunTime returns spec.timeout, which defaults to spec.interval (kustomize-controller v1.9.3 api/v1/kustomization_types.go,
// GetTimeout).
func (e Engine) RunTime(u *unstructured.Unstructured) time.Duration {
	return cmp.Or(engine.Duration(u, "timeout", "interval"), e.Object.RunTime(u))
}

// AppliedBy reads the labels that kustomize-controller sets on all objects that it applies.
func (Engine) AppliedBy(u *unstructured.Unstructured) []facts.Ref {
	return flux.LabeledBy(u, kinds.FluxKustomize, kinds.FluxKustomize, "Kustomization")
}

// Sources returns spec.sourceRef.
func (Engine) Sources(u *unstructured.Unstructured) []facts.Ref {
	return flux.SourceAt(u, "spec", "sourceRef")
}

// Contents returns spec.path, for the cluster of spec.kubeConfig, which names a Secret or ConfigMap in the namespace of u. An object without a source is only a patch for one
// (kustomize-controller v1.9.3 api/v1/kustomization_types.go: sourceRef is required).
func (Engine) Contents(u *unstructured.Unstructured) []engine.Content {
	if kinds.Text(u, "spec", "sourceRef", "name") == "" {
		return nil
	}
	cluster := cmp.Or(kinds.Text(u, "spec", "kubeConfig", "secretRef", "name"), kinds.Text(u, "spec", "kubeConfig", "configMapRef", "name"))
	if cluster != "" && u.GetNamespace() != "" {
		cluster = u.GetNamespace() + "/" + cluster
	}
	return []engine.Content{{Path: kinds.Text(u, "spec", "path"), Field: "spec.path", Cluster: cluster}}
}

// HasPrunedAll reports whether the last run of a Kustomization that has ended applied nothing, an earlier run applied something, and it
// prunes. Ready does not matter: while it runs again, or waits for a dependency, the inventory is that of the last run that applied (kustomize-controller v1.9.3 kustomization_controller.go; fluxcd/pkg kustomize/kustomize_generator.go:206).
func (e Engine) HasPrunedAll(u *unstructured.Unstructured) bool {
	return kinds.Bool(u, "spec", "prune") && !kinds.Bool(u, "spec", "suspend") &&
		kinds.Text(u, "status", "lastAppliedRevision") != "" && kinds.Annotation(u, kinds.AnnotationInventoryEntries) == "" &&
		len(e.Inventory(u)) == 0 && !alwaysEmpty(u)
}

// digestOfNothing is the digest of a build without objects.
const digestOfNothing = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// alwaysEmpty reports whether every build in the history of a Kustomization was empty (kustomize-controller v1.9.3
// status.history, at most five). Before Flux 2.7 there is no history, so it is unknown.
func alwaysEmpty(u *unstructured.Unstructured) bool {
	history := kinds.Items(u, "status", "history")
	for _, build := range history {
		if kinds.String(build, "digest") != digestOfNothing {
			return false
		}
	}
	return len(history) > 0
}
