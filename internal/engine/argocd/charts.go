package argocd

import (
	"cmp"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// Charts returns the charts of an Application, and of the template of an ApplicationSet. The URL of an OCI artifact names it.
func (Engine) Charts(u *unstructured.Unstructured) []engine.Chart {
	var spec []string
	switch u.GroupVersionKind().GroupKind() {
	case schema.GroupKind{Group: kinds.ArgoCD, Kind: "Application"}:
		spec = []string{"spec"}
	case schema.GroupKind{Group: kinds.ArgoCD, Kind: "ApplicationSet"}:
		spec = []string{"spec", "template", "spec"}
	default:
		return nil
	}
	sources := kinds.Items(u, slices.Concat(spec, []string{"sources"})...)
	sources = append(sources, kinds.Fields(u.Object, slices.Concat(spec, []string{"source"})...)) // which may be nil
	var all []engine.Chart
	for _, s := range sources {
		if name := cmp.Or(kinds.String(s, "chart"), kinds.String(s, "repoURL")); name != "" {
			all = append(all, engine.Chart{Name: name, Version: kinds.String(s, "targetRevision")})
		}
	}
	return all
}
