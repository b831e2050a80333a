package trace

import (
	"context"

	component "github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/reasons"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// leftOut finds the file of an object of the component that is missing in the cluster: nothing applies it at the wanted revision, or only
// another branch has it.
func (o *options) leftOut(ctx context.Context, v *component.Component, f *trace.Failure, build build) []facts.UnappliedFile {
	if f.Object.Group != kinds.OpenChoreo || f.Object.Name != "" && v.Object(f.Object).Outcome != facts.Absent {
		return nil
	}
	clone, ok := build()
	if !ok {
		return nil
	}
	return reasons.New(clone, applied(v)).LeftOut(ctx, o.reader.Repo, f.Object, v.ComponentName)
}
