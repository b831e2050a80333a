package trace

import (
	"context"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	component "github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout"
	revisions "github.com/kubectl-choreo/kubectl-choreo/internal/checkout/revision"
	"github.com/kubectl-choreo/kubectl-choreo/internal/compare"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// buildTimeout bounds the build of a clone: a trace does without it.
const buildTimeout = 10 * time.Second

// build returns the wanted revision of the clone; ok is false if what applies the component cannot be built.
type build func() (clone revisions.Clone, ok bool)

// buildOnce returns a build that does its work at the first call.
func (o *options) buildOnce(ctx context.Context, v *component.Component) build {
	return sync.OnceValues(func() (revisions.Clone, bool) {
		clone, err := revisions.Load(ctx, checkout.Options{Dir: o.reader.Repo}, v.Wanted.Commit, applied(v))
		if err != nil {
			return revisions.Clone{}, false
		}
		_, unbuilt := compare.Unbuilt(v, clone.Repository)
		return clone, !unbuilt
	})
}

// resolved is the component of a Snapshot, with what delivers it.
func resolved(s *facts.Snapshot) *component.Component {
	return delivery.Resolve(component.New(s, s.TakenAt, engines.All()))
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
