package delivery

import (
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// repositoryOf is the repository that a revision of an artifact is one of, as far as Flux says; else the source itself.
func repositoryOf(v *view.Component, source facts.Object, revision string) facts.Object {
	from := source
	for range maxSourceDepth {
		if from.Ref.Kind == "GitRepository" && kinds.Commit(revision) != "" {
			return from
		}
		from = v.Object(v.Engines.SourceOf(from))
	}
	return source
}

// maxSourceDepth bounds the chain of what sources are made from, which may be a circle.
const maxSourceDepth = 5
