package trace

import (
	"context"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	component "github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/reasons"
	"github.com/kubectl-choreo/kubectl-choreo/internal/compare"
	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// maxSet bounds the fields that are recorded.
const maxSet = 200

// set finds the fields of the component's objects that a patch or a variable sets. The clone is built only if it, or what applies the component,
// has patches or variables.
func (o *options) set(ctx context.Context, v *component.Component, build build) []facts.SetField {
	changes := slices.ContainsFunc(applied(v), changesObjects)
	if !changes && !gitrev.Contains(ctx, o.reader.Repo, v.Wanted.Commit, "patches", "postBuild") {
		return nil
	}
	clone, ok := build()
	if !ok {
		return nil
	}
	finder := reasons.New(clone, applied(v))
	var all []facts.SetField
	for _, object := range compare.Comparable(v, clone.Repository) {
		if object.Ref.Group == kinds.OpenChoreo {
			all = append(all, finder.SetFields(*object, v.Object(object.Ref).Body)...)
		}
	}
	return all[:min(len(all), maxSet)]
}

func changesObjects(applier *unstructured.Unstructured) bool {
	return len(kinds.Items(applier, "spec", "patches")) > 0 || len(kinds.Fields(applier.Object, "spec", "postBuild")) > 0
}
