package cmdutil

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/suggest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Complete reports whether a list has all that there is.
func Complete(l facts.List) bool { return l.Outcome == facts.Found && !l.Truncated }

// RequirePlanes refuses a plane of --plane that nothing in the cluster names: no object, and no Environment of the
// namespace. The settings file may name planes of other clusters. What s has is not requested again; source is nil where
// there is only a file.
func (r *Reader) RequirePlanes(ctx context.Context, source facts.Source, s *facts.Snapshot) error {
	planes, err := flagPlanes(r.Planes)
	if err != nil {
		return err
	}
	for _, p := range planes {
		plane := s.Object(planeRef(p.plane))
		if plane.Outcome == facts.NotAsked && source != nil {
			plane = source.Get(ctx, plane.Ref)
		}
		if plane.Outcome != facts.Absent && (source != nil || plane.Outcome != facts.NotAsked) {
			continue
		}
		named, complete := namedPlanes(ctx, source, s)
		if !complete || slices.Contains(named, string(p.plane)) {
			continue
		}
		if source != nil {
			for _, word := range (completer{r}).planeNames(ctx) {
				named = append(named, strings.TrimSuffix(word, "="))
			}
		}
		slices.Sort(named)
		return fmt.Errorf("data plane %q not found%s", p.plane, suggest.DidYouMean(slices.Compact(named), string(p.plane)))
	}
	return nil
}

// namedPlanes are those that the Environments of the namespace run on.
func namedPlanes(ctx context.Context, source facts.Source, s *facts.Snapshot) (names []string, complete bool) {
	query := facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Environment", Namespace: s.Subject.Namespace}
	l, environments := s.Listed(query.Plane, query.Group, query.Kind, query.Namespace), s.Of(query.Plane, query.Group, query.Kind)
	unread := l.Outcome == facts.NotAsked || l.Truncated || l.Query.Names
	if unread && source != nil {
		l, environments = source.List(ctx, query)
	}
	for _, e := range environments {
		name := kinds.Text(e.Body, "spec", "dataPlaneRef", "name")
		switch kinds.Text(e.Body, "spec", "dataPlaneRef", "kind") {
		case "ClusterDataPlane":
			names = append(names, name)
		case "", "DataPlane":
			names = append(names, e.Ref.Namespace+"/"+cmp.Or(name, "default"))
			if name == "" {
				names = append(names, "default")
			}
		}
	}
	return names, Complete(l) && !l.Query.Names
}

// planeRef is the object by whose name a plane goes.
func planeRef(plane facts.Plane) facts.Ref {
	ref := facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "ClusterDataPlane", Name: string(plane)}
	if namespace, name, namespaced := strings.Cut(string(plane), "/"); namespaced {
		ref.Kind, ref.Namespace, ref.Name = "DataPlane", namespace, name
	}
	return ref
}
