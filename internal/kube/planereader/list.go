package planereader

import (
	"context"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// list answers a query. A watch of one object begins with a list of that name, and OpenChoreo's API has no lists of some kinds of the control
// plane: the object is read.
func list(ctx context.Context, r facts.Source, q facts.Query) (facts.List, []facts.Object) {
	name, isOne := strings.CutPrefix(q.Fields, "metadata.name=")
	if !isOne || strings.Contains(name, ",") || q.Plane != facts.Control || q.Labels != "" || q.Owner != "" {
		return r.List(ctx, q)
	}
	o := r.Get(ctx, facts.Ref{Plane: q.Plane, Group: q.Group, Kind: q.Kind, Namespace: q.Namespace, Name: name})
	l := facts.List{Query: q, Outcome: o.Outcome, Reason: o.Reason}
	switch o.Outcome {
	case facts.Found:
		l.Items = []facts.Ref{o.Ref}
		return l, []facts.Object{o}
	case facts.Absent:
		l.Outcome = facts.Found
	case facts.NotAsked, facts.Forbidden, facts.NoKind, facts.Unreachable, facts.Invalid:
	}
	return l, nil
}
