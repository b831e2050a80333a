package collect

import (
	"context"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect/request"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Rendered adds to a Snapshot of Run the rendered objects that a trace does not read, by their names: a trace takes them from
// OpenChoreo's report. It costs one round trip. No Secret is read.
func Rendered(ctx context.Context, src facts.Source, s *facts.Snapshot) error {
	return request.SendAll(ctx, src, s, func() ([]request.Request, request.Filter) {
		r := request.New(s)
		k := planes{subject: subject{r}, nodes: map[facts.Ref]bool{}}
		for _, name := range k.environmentNames() {
			if plane, known := k.requestPlane(name); known {
				k.requestRendered(name, plane)
			}
		}
		return r.Pending, nil
	})
}

// requestRendered requests all that was rendered for an environment but its workloads, which a label has found.
func (k planes) requestRendered(environment string, plane facts.Plane) {
	for _, release := range k.renderedIn(environment) {
		for _, item := range kinds.Items(release.Body, "spec", "resources") {
			object := &unstructured.Unstructured{Object: kinds.Fields(item, "object")}
			gvk := object.GroupVersionKind()
			if kind, known := kinds.Lookup(gvk.Group, gvk.Kind); known && !kinds.RunsPods(gvk.GroupKind()) {
				ref := facts.Ref{Plane: plane, Group: gvk.Group, Kind: gvk.Kind, Name: object.GetName()}
				if kind.Namespaced {
					ref.Namespace = object.GetNamespace()
				}
				k.RequestObject(ref)
			}
		}
	}
}

// Releases adds ComponentReleases to a Snapshot of Run.
func Releases(ctx context.Context, src facts.Source, s *facts.Snapshot, names ...string) error {
	return request.SendAll(ctx, src, s, func() ([]request.Request, request.Filter) {
		r := request.New(s)
		for _, name := range names {
			r.RequestObject(r.Ref("ComponentRelease", name))
		}
		return r.Pending, nil
	})
}
