package resolve

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
	"github.com/kubectl-choreo/kubectl-choreo/internal/suggest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Name is an object as the command line names it.
type Name struct {
	Kinds     []kinds.Kind // that its kind may mean
	Name      string
	Namespace string
	Anywhere  bool // the user chose no namespace: an object elsewhere is meant if it is the only one of its name
}

// Parse reads the kind, as kubectl takes it (pod, pods, po, deployment.apps), and the name of an object.
func Parse(kind, name string) (Name, error) {
	found := kinds.ByResource(kind)
	if len(found) == 0 {
		return Name{}, fmt.Errorf("unknown kind %q%s", kind, suggest.DidYouMean(kinds.Resources(), strings.ToLower(kind)))
	}
	if err := reference.Name(name); err != nil {
		return Name{}, err
	}
	return Name{Kinds: found, Name: name}, nil
}

// Find reads the object of a name: on the control plane, else on one of the data planes. It fails if there is none, if several
// are meant, or if the cluster does not say.
func Find(ctx context.Context, source facts.Source, planes []facts.Plane, n Name) (facts.Object, error) {
	var refused error
	for _, plane := range append([]facts.Plane{facts.Control}, planes...) {
		for _, kind := range n.Kinds {
			o := source.Get(ctx, n.in(plane, kind))
			switch {
			case o.Outcome == facts.Found:
				return o, nil
			case o.Outcome != facts.Absent && o.Outcome != facts.NoKind && refused == nil:
				refused = unread(o.Ref.String(), o.Reason)
			}
		}
	}
	if err := ctx.Err(); err != nil {
		return facts.Object{}, fmt.Errorf("cannot read the object: %w", err)
	}
	if refused != nil {
		return facts.Object{}, refused
	}
	return findElsewhere(ctx, source, planes, n)
}

// In is the object of the first kind on a plane.
func (n Name) In(plane facts.Plane) facts.Ref { return n.in(plane, n.Kinds[0]) }

// MayBeOnPlane reports whether the object may be on a data plane.
func (n Name) MayBeOnPlane() bool { return slices.ContainsFunc(n.Kinds, isOfPlane) }

func (n Name) in(plane facts.Plane, kind kinds.Kind) facts.Ref {
	ref := facts.Ref{Plane: plane, Group: kind.Group, Kind: kind.Kind, Name: n.Name}
	if kind.Namespaced {
		ref.Namespace = n.Namespace
	}
	return ref
}

// findElsewhere searches the other namespaces: the names of cells on a data plane are generated and long.
func findElsewhere(ctx context.Context, source facts.Source, planes []facts.Plane, n Name) (facts.Object, error) {
	var found []facts.Object
	for _, plane := range append([]facts.Plane{facts.Control}, planes...) {
		for _, kind := range n.Kinds {
			if !kind.Namespaced {
				continue
			}
			_, objects := source.List(ctx, facts.Query{Plane: plane, Group: kind.Group, Kind: kind.Kind, Fields: "metadata.name=" + n.Name})
			found = append(found, objects...)
		}
	}
	if len(found) == 1 && n.Anywhere {
		return found[0], nil
	}
	return facts.Object{}, elsewhere(n, found)
}

// elsewhere is the error for an object that is not in the namespace of its name, with the namespaces where it was found.
func elsewhere(n Name, found []facts.Object) error {
	missing := fmt.Sprintf("%s %q not found", kinds.ResourceName(n.Kinds[0].Group, n.Kinds[0].Kind), n.Name)
	if n.Kinds[0].Namespaced {
		missing += " in namespace " + n.Namespace
	}
	switch {
	case len(found) > 0:
		return fmt.Errorf("%s; it exists in namespace %s: use -n", missing, strings.Join(namespaces(found), ", in "))
	case n.Kinds[0].Namespaced:
		return fmt.Errorf("%s; use -n", missing)
	}
	return errors.New(missing)
}

// maxNamed is how many namespaces an error lists.
const maxNamed = 3

func namespaces(objects []facts.Object) []string {
	var names []string
	for _, o := range objects[:min(len(objects), maxNamed)] {
		names = append(names, o.Ref.Namespace)
	}
	return names
}
