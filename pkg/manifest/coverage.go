package manifest

import (
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Coverage reports what of a repository was read, and what was not. A nil list is not known.
type Coverage struct {
	// Clusters are the names of the clusters that the objects are for. A repository without Kustomizations is for one, "".
	Clusters []string
	// Deliveries are the objects that apply folders of a repository: Kustomizations and Applications.
	Deliveries []Delivery
	// Objects are those that would be applied, by their family.
	Objects map[Family]int
	// NotApplied is the number of objects in files that nothing applies.
	NotApplied int
	// Against is what an API server has checked; nil if none was named.
	Against *Against
}

// Delivery is an object that applies a folder.
type Delivery struct {
	Ref     facts.Ref
	Cluster string
	Place   Place
	State   DeliveryState
	Reason  string // why it was skipped, such as "suspended"
}

// DeliveryState reports whether the folder of a Delivery was read.
type DeliveryState int

// The zero value means that the folder was not read, for an unknown reason.
const (
	NotRead         DeliveryState = iota
	Built                         // its objects are among those of the Repository
	BuildFailed                   // a Problem has the reason
	FromOtherSource               // it applies another repository
	NotReachable                  // it is in a file that nothing applies
	Skipped                       // it applies nothing now; see its Reason
)

// DeliveryStates are all states, in the order of reports.
func DeliveryStates() []DeliveryState {
	return []DeliveryState{Built, BuildFailed, FromOtherSource, NotReachable, Skipped, NotRead}
}

// Family is the project that an object's kind belongs to.
type Family string

// The families of kinds.
const (
	OpenChoreoFamily Family = "OpenChoreo"
	FluxFamily       Family = "Flux"
	KubernetesFamily Family = "Kubernetes"
	OtherFamily      Family = "other"
)

// Families are all families, in the order of reports.
func Families() []Family {
	return []Family{OpenChoreoFamily, FluxFamily, KubernetesFamily, OtherFamily}
}

// FamilyOf returns the family of an object. The groups of Kubernetes have no dot, or end in k8s.io, which no one else may use
// (github.com/kubernetes/enhancements/pull/1111).
func FamilyOf(r facts.Ref) Family {
	switch {
	case r.Group == kinds.OpenChoreo || strings.HasSuffix(r.Group, "."+kinds.OpenChoreo):
		return OpenChoreoFamily
	case strings.HasSuffix(r.Group, ".fluxcd.io") || r.Group == kinds.FluxOperator:
		return FluxFamily
	case !strings.Contains(r.Group, ".") || strings.HasSuffix(r.Group, ".k8s.io"):
		return KubernetesFamily
	}
	return OtherFamily
}

// Checked returns the Coverage of a Repository. What the loader has not recorded is counted.
func (r *Repository) Checked() Coverage {
	c := r.Coverage
	if c.Clusters == nil {
		c.Clusters = r.clusters()
	}
	if c.Objects == nil {
		c.Objects = map[Family]int{}
		for _, o := range r.Objects {
			c.Objects[FamilyOf(o.Ref)]++
		}
	}
	if c.NotApplied == 0 {
		c.NotApplied = len(r.Unapplied)
	}
	return c
}

func (r *Repository) clusters() []string {
	names := []string{}
	for _, o := range r.Objects {
		names = append(names, o.Cluster)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
