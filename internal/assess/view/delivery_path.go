package view

import (
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Applier is one object of an engine on the way of the subject, such as a Kustomization.
type Applier struct {
	Object      facts.Object
	Direct      bool // it applies one of the component's own objects; else something that needs it does
	ProjectOnly bool // only the project needs it: the component comes by others, or by hand
}

// DeliveryPath is how the component comes from Git. All rungs ask for it, so it is found once.
type DeliveryPath struct {
	Direct      []facts.Ref // the appliers of the component's own objects, the Component's first
	Appliers    []Applier   // these and what they need, causes first; what only the project needs is last
	OfComponent []Applier   // without what only the project needs
	Sources     []Source    // of ours, each before what it takes its content from
	Leading     Origin      // whose revision is wanted, where no other one is requested
}

// Origin is where an applier takes its content from: a source, or the applier that reads the repository itself.
type Origin struct {
	Object   facts.Object
	Revision string
}

// Source is one source, and how far it is from what uses it: 0 for the source of an applier itself.
type Source struct {
	Ref   facts.Ref
	Depth int
}
