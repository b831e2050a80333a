package checkout

import (
	"encoding/json"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/build"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/generated"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// delivery is a folder that an object of an engine applies, such as a Kustomization. The object comes from a file or from the
// build of another delivery.
type delivery struct {
	build.Delivery
	source *source
	isOurs bool // its folder is in this repository
	// isInCircle means that it is applied by what it applies, and that a person applies it first.
	isInCircle bool
}

// deliveriesOf returns the folders that an object applies, itself or through the objects that its controller generates.
func (l *loader) deliveriesOf(o manifest.Object) []*delivery {
	if !l.mayApply(o.Ref) {
		return nil
	}
	var found []*delivery
	for _, made := range append([]*unstructured.Unstructured{o.Body}, generated.From(o.Body, l.tree)...) {
		ref := manifest.RefOf(made)
		for _, c := range engines.All().Contents(facts.Object{Ref: ref, Body: made}) {
			found = append(found, &delivery{Delivery: build.Delivery{Ref: ref, Body: made, Document: o.Document, Content: c}})
		}
	}
	return found
}

// mayApply reports whether objects of a kind apply others, or generate objects that do.
func (l *loader) mayApply(ref facts.Ref) bool {
	kind := schema.GroupKind{Group: ref.Group, Kind: ref.Kind}
	may, known := l.applies[kind]
	if !known {
		_, may = engines.All().Of(ref)
		may = may || generated.Generates(ref)
		l.applies[kind] = may
	}
	return may
}

// declared returns the deliveries of all objects in files.
func (l *loader) declared() []*delivery {
	var found []*delivery
	for _, name := range l.tree.Names {
		for _, d := range l.files.Documents[name] {
			if d.Ref.Group != kinds.OpenChoreo && !l.files.IsTestData(name) {
				found = append(found, l.deliveriesOf(manifest.Object{Ref: d.Ref, Body: d.Body, Document: d})...)
			}
		}
	}
	return found
}

// path returns the folder that d names, relative to the root of its source.
func (d *delivery) path() string { return tree.Clean(d.Content.Path) }

// isSuspended reports whether the engine ignores d.
func (d *delivery) isSuspended() bool {
	return engines.All().IsPaused(facts.Object{Ref: d.Ref, Body: d.Body})
}

// key identifies a delivery by all that decides what it applies.
func (d *delivery) key() string {
	spec, _ := json.Marshal(d.Body.Object["spec"]) // it was decoded from YAML
	return d.Ref.String() + "\x00" + d.Ref.Group + "\x00" + d.Folder + "\x00" + d.Content.Field + "\x00" + string(spec)
}

// target returns the cluster to which d applies its objects, if d itself is in cluster.
func (d *delivery) target(cluster string) string {
	if d.Content.Cluster == "" {
		return cluster
	}
	return strings.TrimPrefix(cluster+" → ", " → ") + d.Content.Cluster
}
