package view

import (
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// RenderedBy is the RenderedRelease that a ProjectReleaseBinding owns: it makes the namespace.
func RenderedBy(p *Environment, binding facts.Ref) facts.Ref {
	for _, o := range p.Of(facts.Control, kinds.OpenChoreo, "RenderedRelease") {
		for _, owner := range o.Body.GetOwnerReferences() {
			if owner.Kind == binding.Kind && owner.Name == binding.Name {
				return o.Ref
			}
		}
	}
	return facts.Ref{}
}
