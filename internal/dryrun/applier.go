package dryrun

import (
	"cmp"
	"maps"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// noApplier is the field manager for an object whose applier is not known. A name that begins with kubectl would be taken over by
// kustomize-controller.
const noApplier = "choreo-lint"

// applied is an object as its applier sends it.
type applied struct {
	body    *unstructured.Unstructured
	manager string
	// recreates is true if the applier deletes and recreates the object if an immutable field has changed.
	recreates bool
}

// appliers finds the object that applies another one.
type appliers map[facts.Ref][]manifest.Kustomization

func newAppliers(r *manifest.Repository) appliers {
	all := appliers{}
	for _, k := range r.Kustomizations {
		all[k.Ref] = append(all[k.Ref], k)
	}
	return all
}

// of returns an object as its first applier sends it. kustomize-controller adds the labels of the Kustomization and its
// spec.commonMetadata, which a policy may require (v1.9.3 internal/controller/kustomization_controller.go, apply; fluxcd/pkg ssa
// manager.go, SetOwnerLabels).
func (all appliers) of(o *manifest.Object) applied {
	a := applied{body: o.Body.DeepCopy(), manager: noApplier, recreates: isForced(o.Body)}
	if len(o.AppliedBy) == 0 {
		return a
	}
	by := o.AppliedBy[0]
	a.manager = cmp.Or(engines.All().Properties(by).AppliesAs, noApplier)
	if by.Group == kinds.FluxKustomize {
		body := all.find(by, o.Cluster)
		labels, _, _ := unstructured.NestedStringMap(body.Object, "spec", "commonMetadata", "labels")
		annotations, _, _ := unstructured.NestedStringMap(body.Object, "spec", "commonMetadata", "annotations")
		addMetadata(a.body, labels, annotations)
		addMetadata(a.body, map[string]string{kinds.FluxKustomize + "/name": by.Name, kinds.FluxKustomize + "/namespace": by.Namespace}, nil)
		a.recreates = a.recreates || kinds.Bool(body, "spec", "force")
	}
	return a
}

// find returns the body of a Kustomization; one without fields if it is not in the repository.
func (all appliers) find(ref facts.Ref, cluster string) *unstructured.Unstructured {
	found := &unstructured.Unstructured{Object: map[string]any{}}
	for _, k := range all[ref] {
		if strings.HasPrefix(cluster, k.Cluster) { // that of the Kustomization, or one that it leads to
			found = k.Body
		}
	}
	return found
}

func addMetadata(u *unstructured.Unstructured, labels, annotations map[string]string) {
	if len(labels) > 0 {
		u.SetLabels(merged(u.GetLabels(), labels))
	}
	if len(annotations) > 0 {
		u.SetAnnotations(merged(u.GetAnnotations(), annotations))
	}
}

func merged(a, b map[string]string) map[string]string {
	if a == nil {
		a = map[string]string{}
	}
	maps.Copy(a, b)
	return a
}

// isForced reports whether an annotation or label tells Flux or Argo CD to recreate an object (fluxcd/pkg ssa v0.76.2
// manager_apply.go, shouldForceApply; argo-cd v3 docs/user-guide/sync-options.md).
func isForced(u *unstructured.Unstructured) bool {
	const key = kinds.FluxKustomize + "/force"
	options := u.GetAnnotations()["argocd.argoproj.io/sync-options"]
	return strings.EqualFold(u.GetAnnotations()[key], "enabled") || strings.EqualFold(u.GetLabels()[key], "enabled") ||
		strings.Contains(options, "Force=true") || strings.Contains(options, "Replace=true")
}
