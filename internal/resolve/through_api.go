package resolve

import (
	"cmp"
	"context"
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// planeOf is the data plane of an environment, "" with the reason if it is not known.
func planeOf(ctx context.Context, source facts.Source, namespace, environment string) (facts.Plane, string) {
	ref := facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Environment", Namespace: namespace, Name: environment}
	o := source.Get(ctx, ref)
	if o.Outcome != facts.Found {
		return "", cmp.Or(o.Reason, ref.String()+" was not read")
	}
	name := kinds.Text(o.Body, "spec", "dataPlaneRef", "name")
	switch {
	case kinds.Text(o.Body, "spec", "dataPlaneRef", "kind") == "ClusterDataPlane":
		return facts.Plane(name), ""
	case name != "":
		return facts.Plane(namespace + "/" + name), ""
	}
	own := facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "DataPlane", Namespace: namespace, Name: "default"}
	if source.Get(ctx, own).Outcome == facts.Found {
		return facts.Plane(namespace + "/default"), ""
	}
	return "default", ""
}

// Instead adds to the error for an object that was not found what to name in its place, where planes are read through OpenChoreo's API.
func Instead(err error) error {
	return fmt.Errorf("%w; through OpenChoreo's API, an object is found by what RenderedReleases declare: else use COMPONENT and -e ENVIRONMENT", err)
}

// instead is the error for an object that OpenChoreo's API does not lead to: what to name in its place.
func instead(n Name, of, reason string) error {
	what := kinds.ResourceName(n.Kinds[0].Group, n.Kinds[0].Kind)
	if of == "" {
		return fmt.Errorf("cannot find the component of %s %q through OpenChoreo's API: use COMPONENT and -e ENVIRONMENT instead (%s)", what, n.Name, reason)
	}
	return fmt.Errorf("cannot find %s %q through OpenChoreo's API: by its name it may be of %s; use these instead (%s)", what, n.Name, of, reason)
}
