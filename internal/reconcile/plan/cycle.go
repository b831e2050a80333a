package plan

import (
	"fmt"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// CycleError reports that objects wait for each other. Flux reports this on no object. Events of the source no longer reach any
// Kustomization that uses it, while all stay Ready (kustomize-controller v1.9.3
// internal/controller/kustomization_indexers.go:462).
type CycleError struct {
	// Cycle starts and ends with the same object; each depends on the next.
	Cycle []facts.Ref
}

// Error prints the cycle as "a -> b -> a". It prints only names if all objects have one kind and namespace.
func (e *CycleError) Error() string {
	var names []string
	for _, ref := range e.Cycle {
		names = append(names, e.name(ref))
	}
	what := "objects"
	if len(e.Cycle) > 0 && e.alike() {
		what = fmt.Sprintf("%ss of namespace %s", e.Cycle[0].Kind, e.Cycle[0].Namespace)
	}
	return fmt.Sprintf("%s wait for each other: %s; take one of these out of spec.dependsOn or spec.include", what, strings.Join(names, " -> "))
}

func (e *CycleError) alike() bool {
	for _, ref := range e.Cycle {
		if ref.Kind != e.Cycle[0].Kind || ref.Namespace != e.Cycle[0].Namespace {
			return false
		}
	}
	return true
}

func (e *CycleError) name(ref facts.Ref) string {
	if e.alike() {
		return ref.Name
	}
	return ref.String()
}
