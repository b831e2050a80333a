package facts

import (
	"cmp"
	"strings"
)

// Plane is the name of the cluster of an object in OpenChoreo.
type Plane string

// Control is the cluster that holds the OpenChoreo and Flux objects. Any other Plane is the name of a
// ClusterDataPlane, or "<namespace>/<name>" of a DataPlane.
const Control Plane = "control"

// Ref is the identity of one object. It has no version, because the API server serves the same object in several. The zero value
// names nothing.
type Ref struct {
	Plane     Plane  `json:"plane"`
	Group     string `json:"group"`
	Kind      string `json:"kind"`
	Namespace string `json:"namespace,omitempty"` // empty for cluster-scoped kinds
	Name      string `json:"name"`
}

// String returns "Kind namespace/name", or "Kind name" for a cluster-scoped object. Without a name it means any object of the
// kind.
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

// Compare defines the order of refs in all output: by plane, group, kind, namespace, name.
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

// Query is one list request. Equal queries are the same request.
type Query struct {
	Plane     Plane  `json:"plane"`
	Group     string `json:"group"`
	Kind      string `json:"kind"`
	Namespace string `json:"namespace,omitempty"` // empty: all namespaces, or a cluster-scoped kind
	Labels    string `json:"labels,omitempty"`    // label selector as in kubectl -l
	Fields    string `json:"fields,omitempty"`    // field selector
	// Owner keeps only the objects with this spec.owner.componentName, or for ProjectReleaseBindings, which no component owns,
	// with this spec.owner.projectName. The API server cannot filter by it, so the owners come from the kind's printer columns,
	// and the list holds references without bodies.
	Owner string `json:"owner,omitempty"`
	// Names requests names only: the list holds references without bodies.
	Names bool `json:"names,omitempty"`
	// Limit is the maximum number of items: a longer list is Truncated and has no items. 0 means no limit.
	Limit int `json:"limit,omitempty"`
}

// Compare defines the order of queries in the file form.
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

// LogQuery requests the last lines of one container's log.
type LogQuery struct {
	Pod       Ref    `json:"pod"`
	Container string `json:"container"`
	Previous  bool   `json:"previous,omitempty"` // of the run before the last restart
}

// Compare defines the order of log queries in the file form.
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
