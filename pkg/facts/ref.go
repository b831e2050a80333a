package facts

import (
	"cmp"
	"strings"
)

// Plane names the cluster that an object lives on, as seen by OpenChoreo.
type Plane string

// Control is the cluster that holds the OpenChoreo and Flux objects. Any other Plane is the name of a
// ClusterDataPlane, or "<namespace>/<name>" of a DataPlane.
const Control Plane = "control"

// Ref is the identity of one object. It has no version: the same object is served in several.
// The zero value names nothing.
type Ref struct {
	Plane     Plane  `json:"plane"`
	Group     string `json:"group"`
	Kind      string `json:"kind"`
	Namespace string `json:"namespace,omitempty"` // empty for cluster-scoped kinds
	Name      string `json:"name"`
}

// String is "Kind namespace/name", or "Kind name" for a cluster-scoped object. Without a name it is any of the kind.
func (r Ref) String() string {
	if r.Name == "" {
		return strings.TrimSuffix(r.Kind+" in namespace "+r.Namespace, " in namespace ")
	}
	if r.Namespace == "" {
		return r.Kind + " " + r.Name
	}
	return r.Kind + " " + r.Namespace + "/" + r.Name
}

// IsZero reports whether r names nothing.
func (r Ref) IsZero() bool { return r == Ref{} }

// Compare orders refs for every list that is printed or written: by plane, group, kind, namespace, name.
func (r Ref) Compare(other Ref) int {
	switch {
	case r.Plane != other.Plane:
		return strings.Compare(string(r.Plane), string(other.Plane))
	case r.Group != other.Group:
		return strings.Compare(r.Group, other.Group)
	case r.Kind != other.Kind:
		return strings.Compare(r.Kind, other.Kind)
	case r.Namespace != other.Namespace:
		return strings.Compare(r.Namespace, other.Namespace)
	}
	return strings.Compare(r.Name, other.Name)
}

// Query is one list request. Two equal queries are the same question.
type Query struct {
	Plane     Plane  `json:"plane"`
	Group     string `json:"group"`
	Kind      string `json:"kind"`
	Namespace string `json:"namespace,omitempty"` // empty: all namespaces, or a cluster-scoped kind
	Labels    string `json:"labels,omitempty"`    // label selector as in kubectl -l
	Fields    string `json:"fields,omitempty"`    // field selector
	// Owner keeps only the objects whose spec.owner.componentName is this; of ProjectReleaseBindings, which no component
	// owns, those whose spec.owner.projectName is. The cluster cannot filter on it, so the owners are read from the
	// kind's printer columns and the answer holds references without bodies.
	Owner string `json:"owner,omitempty"`
	// Names asks for names alone: the answer holds references without bodies.
	Names bool `json:"names,omitempty"`
	// Limit asks for the list only where it has at most so many items: a longer one is Truncated and comes without items.
	// 0: however long it is.
	Limit int `json:"limit,omitempty"`
}

// Compare orders queries for the file form.
func (q Query) Compare(other Query) int {
	return cmp.Or(
		strings.Compare(string(q.Plane), string(other.Plane)),
		strings.Compare(q.Group, other.Group),
		strings.Compare(q.Kind, other.Kind),
		strings.Compare(q.Namespace, other.Namespace),
		strings.Compare(q.Labels, other.Labels),
		strings.Compare(q.Fields, other.Fields),
		strings.Compare(q.Owner, other.Owner),
		compareBool(q.Names, other.Names),
		cmp.Compare(q.Limit, other.Limit),
	)
}

// LogQuery asks for the last lines of one container's log.
type LogQuery struct {
	Pod       Ref    `json:"pod"`
	Container string `json:"container"`
	Previous  bool   `json:"previous,omitempty"` // of the run before the last restart
}

// Compare orders log queries for the file form.
func (q LogQuery) Compare(other LogQuery) int {
	return cmp.Or(
		q.Pod.Compare(other.Pod),
		strings.Compare(q.Container, other.Container),
		compareBool(q.Previous, other.Previous),
	)
}

func compareBool(a, b bool) int {
	order := map[bool]int{true: 1}
	return cmp.Compare(order[a], order[b])
}
