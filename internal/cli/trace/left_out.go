package trace

import (
	"context"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	component "github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/reasons"
	revisions "github.com/kubectl-choreo/kubectl-choreo/internal/checkout/revision"
	"github.com/kubectl-choreo/kubectl-choreo/internal/compare"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// buildTimeout bounds the build of a clone: a trace does without it.
const buildTimeout = 10 * time.Second

// leftOut finds the file of an object of the component that is missing in the cluster: nothing applies it at the wanted revision, or only
// another branch has it.
func (o *options) leftOut(ctx context.Context, s *facts.Snapshot, f *trace.Failure) []facts.UnappliedFile {
	if f == nil || f.Object.Group != kinds.OpenChoreo || f.Object.Name != "" && s.Object(f.Object).Outcome != facts.Absent {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, buildTimeout)
	defer cancel()
	v := delivery.Resolve(component.New(s, s.TakenAt, engines.All()))
	clone, err := revisions.Load(ctx, checkout.Options{Dir: o.reader.Repo}, s.Wanted.Commit, applied(v))
	if err != nil {
		return nil
	}
	if _, unbuilt := compare.Unbuilt(v, clone.Repository); unbuilt {
		return nil
	}
	return reasons.New(clone, applied(v)).LeftOut(ctx, o.reader.Repo, f.Object, v.ComponentName)
}

// applied are what delivers the component in the cluster, with its sources.
func applied(v *component.Component) []*unstructured.Unstructured {
	var all []*unstructured.Unstructured
	for _, a := range v.Delivery.Appliers {
		if a.Object.Body != nil {
			all = append(all, a.Object.Body)
		}
	}
	for _, source := range v.Delivery.Sources {
		if o := v.Object(source.Ref); o.Body != nil {
			all = append(all, o.Body)
		}
	}
	return all
}
