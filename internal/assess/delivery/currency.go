package delivery

import (
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// ApplierCurrency reports whether what an applier has applied includes the wanted revision. Each is assessed once, as all that
// a component consists of needs the same; one that is found again on the way to itself adds nothing.
func ApplierCurrency(v *view.Component, o facts.Object) trace.Currency {
	if known, seen := v.Currencies[o.Ref]; seen {
		return known
	}
	v.Currencies[o.Ref] = trace.CurrencyUnknown
	if a, known := assessorOf(v, o.Ref); known && o.Outcome == facts.Found {
		v.Currencies[o.Ref] = a.Currency(v, o)
	}
	return v.Currencies[o.Ref]
}

// RepositoryOf is the repository that a revision of an artifact is one of, as far as Flux shows; else the source itself.
func RepositoryOf(v *view.Component, source facts.Object, revision string) facts.Object {
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
