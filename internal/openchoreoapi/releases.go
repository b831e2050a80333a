package openchoreoapi

import (
	"slices"
	"sync"

	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// release is what is known of a RenderedRelease: which ReleaseBinding to ask the API for, and whose objects it then has.
type release struct {
	facts.Ref
	binding binding
	labels  labels.Set // that its objects have
	cells   []string   // the namespaces of its objects
	status  []reported
}

// reported is an object that OpenChoreo has applied. The API looks up exactly these on the plane (openchoreo v1.2.3
// internal/openchoreo-api/services/k8sresources/service.go, buildResourceTreeNodes).
type reported struct{ group, kind, namespace, name string }

// releases are the RenderedReleases that were read from the control plane. A request to a plane has no name of a ReleaseBinding, and
// they lead from its labels or its namespace to one.
type releases struct {
	mu  sync.Mutex
	all map[facts.Ref]release
}

// note remembers a RenderedRelease for a data plane.
func (r *releases) note(o facts.Object) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if seen, ok := releaseOf(o); ok {
		r.all[o.Ref] = seen
		return
	}
	delete(r.all, o.Ref)
}

func releaseOf(o facts.Object) (release, bool) {
	target := kinds.Text(o.Body, "spec", "targetPlane")
	if o.Outcome != facts.Found || target != "" && target != "dataplane" {
		return release{}, false
	}
	r := release{Ref: o.Ref, labels: labels.Set{}}
	for _, owner := range o.Body.GetOwnerReferences() {
		if owner.Kind == "ReleaseBinding" && owner.Controller != nil && *owner.Controller {
			r.binding = binding{o.Ref.Namespace, owner.Name}
		}
	}
	for _, key := range []string{kinds.LabelProject, kinds.LabelComponent, kinds.LabelEnvironment} {
		r.labels[key] = kinds.Label(o.Body, key)
	}
	r.labels[kinds.LabelRenderedReleaseUID] = string(o.Body.GetUID())
	for _, item := range kinds.Items(o.Body, "spec", "resources") {
		metadata := kinds.Fields(item, "object", "metadata")
		if namespace := kinds.String(metadata, "namespace"); namespace != "" && !slices.Contains(r.cells, namespace) {
			r.cells = append(r.cells, namespace)
		}
		if uid := kinds.String(kinds.Fields(metadata, "labels"), kinds.LabelEnvironmentUID); uid != "" {
			r.labels[kinds.LabelEnvironmentUID] = uid
		}
	}
	r.status = reportedBy(o.Body.Object)
	return r, r.binding != (binding{})
}

func reportedBy(rendered map[string]any) []reported {
	var all []reported
	items, _ := kinds.Fields(rendered, "status")["resources"].([]any)
	for _, item := range items {
		entry, _ := item.(map[string]any)
		all = append(all, reported{kinds.String(entry, "group"), kinds.String(entry, "kind"), kinds.String(entry, "namespace"), kinds.String(entry, "name")})
	}
	return all
}

// selected returns the releases with objects in a namespace that a selector may select. An empty namespace means all.
func (r *releases) selected(namespace string, selector labels.Selector) []release {
	r.mu.Lock()
	defer r.mu.Unlock()
	var found []release
	for _, one := range r.all {
		if (namespace == "" || slices.Contains(one.cells, namespace)) && selector.Matches(one.labels) {
			found = append(found, one)
		}
	}
	slices.SortFunc(found, func(a, b release) int { return a.Compare(b.Ref) })
	return found
}
