package component

import (
	"github.com/kubectl-choreo/kubectl-choreo/internal/collect"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Source returns the GitRepository from which the component is delivered; an Object without a body if none was read.
func Source(s *facts.Snapshot) facts.Object {
	for _, ref := range collect.Delivery(s) { // those that deliver the component itself come first
		for _, source := range engines.All().Sources(s.Object(ref)) {
			if o := s.Object(source); source.Group == kinds.FluxSource && source.Kind == "GitRepository" && o.Body != nil {
				return o
			}
		}
	}
	return facts.Object{}
}
