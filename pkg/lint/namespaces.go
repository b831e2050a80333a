package lint

import (
	"fmt"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// namespaces: where kubectl takes the namespace of its context, Flux refuses the object, and the Kustomization with it
// (fluxcd/pkg ssa v0.76 errors/errors.go: "namespace not specified").
func namespaces(w *index) {
	for i := range w.Objects {
		o := &w.Objects[i]
		kind, known := kinds.Lookup(o.Ref.Group, o.Ref.Kind)
		if !known || !kind.Namespaced || o.Ref.Namespace != "" {
			continue
		}
		at := slices.IndexFunc(o.AppliedBy, func(r facts.Ref) bool { return r.Group == kinds.FluxKustomize })
		if at < 0 {
			continue
		}
		w.report(o, "metadata", trace.Error, trace.Finding{
			Code: trace.CodeKustomizationApplyFailed, Message: fmt.Sprintf("%s has no namespace, and %s gives it none", o.Ref, o.AppliedBy[at]),
			Hint: "say metadata.namespace, or spec.targetNamespace of the Kustomization",
		})
	}
}
