package cmdutil

import (
	"regexp"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// ComponentRef is the Component that a subject names.
func ComponentRef(s facts.Subject) facts.Ref {
	return facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: s.Namespace, Name: s.Component}
}

// addressPart is a kind, a group or a name. Names are those of DNS, with the colons of RBAC.
var addressPart = regexp.MustCompile(`^[A-Za-z0-9][-_.:A-Za-z0-9]*$`)

// HasAddress reports whether kubectl can get an object. A field that anybody may have written, such as spec.releaseName, can
// hold any text; what -o name prints becomes a word of a command.
func HasAddress(ref facts.Ref) bool {
	return addressPart.MatchString(ref.Kind) && addressPart.MatchString(ref.Name) && (ref.Group == "" || addressPart.MatchString(ref.Group))
}

// namedObjects are the objects as the printer of -o name takes them, each once, without those that have no address.
func namedObjects(refs []facts.Ref) *unstructured.UnstructuredList {
	list := &unstructured.UnstructuredList{}
	for i, ref := range refs {
		if !HasAddress(ref) || slices.Contains(refs[:i], ref) {
			continue
		}
		object := unstructured.Unstructured{Object: map[string]any{}}
		object.SetGroupVersionKind(schema.GroupVersionKind{Group: ref.Group, Kind: ref.Kind})
		object.SetName(ref.Name)
		list.Items = append(list.Items, object)
	}
	return list
}
