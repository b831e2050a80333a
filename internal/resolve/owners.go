package resolve

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// maxOwners bounds the way up: CronJob, Job and Pod are three, and operators add one or two.
const maxOwners = 5

// ofOwner follows the owner references of an object without OpenChoreo's labels, such as a pod whose template drops them, until an
// object has them. An owner that does not exist any more, or whose kind is not read, ends the way.
func (r resolving) ofOwner(ctx context.Context, o facts.Object) ([]facts.Subject, error) {
	for range maxOwners {
		ref, found := owner(o)
		if !found {
			return nil, nil
		}
		o = r.source.Get(ctx, ref)
		switch {
		case o.Outcome == facts.Absent || o.Outcome == facts.NoKind:
			return nil, nil
		case o.Outcome != facts.Found:
			return nil, unread(o.Ref.String(), o.Reason)
		case labelled(o, kinds.LabelComponent):
			return []facts.Subject{subject(o.Ref.Namespace, labels(o))}, nil
		}
	}
	return nil, nil
}

// owner is the controller of an object, in the same namespace or of the whole cluster.
func owner(o facts.Object) (facts.Ref, bool) {
	if o.Body == nil {
		return facts.Ref{}, false
	}
	for _, by := range o.Body.GetOwnerReferences() {
		if by.Controller == nil || !*by.Controller {
			continue
		}
		version, err := schema.ParseGroupVersion(by.APIVersion)
		kind, known := kinds.Lookup(version.Group, by.Kind)
		if err != nil || !known {
			return facts.Ref{}, false
		}
		ref := facts.Ref{Plane: o.Ref.Plane, Group: version.Group, Kind: by.Kind, Name: by.Name}
		if kind.Namespaced {
			ref.Namespace = o.Ref.Namespace
		}
		return ref, true
	}
	return facts.Ref{}, false
}

// list reads all objects of a kind on the control plane.
func (r resolving) list(ctx context.Context, group, kind, namespace string) ([]facts.Object, error) {
	l, objects := r.source.List(ctx, facts.Query{Plane: facts.Control, Group: group, Kind: kind, Namespace: namespace})
	switch {
	case l.Outcome == facts.NoKind:
		return nil, nil
	case l.Outcome != facts.Found:
		return nil, unread("the list of "+kinds.ResourceName(group, kind), l.Reason)
	case l.Truncated:
		return nil, unread("the list of "+kinds.ResourceName(group, kind), "it is too long")
	}
	return objects, nil
}

func unread(what, reason string) error { return fmt.Errorf("cannot read %s: %s", what, reason) }
