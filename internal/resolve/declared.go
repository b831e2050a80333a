package resolve

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Source is a Source of which some data planes are read through OpenChoreo's API.
type Source interface {
	facts.Source
	facts.Searcher
	// IsReadByAnother reports whether a plane was read through the API.
	IsReadByAnother(plane facts.Plane) bool
}

// declared is an object that a RenderedRelease declares, or a workload that it declares and that may own the object.
type declared struct {
	release facts.Object // the RenderedRelease
	ref     facts.Ref    // of the declared object
	exact   bool         // it is the object itself
}

// FindDeclared finds an object of a plane that is read through OpenChoreo's API. The API returns objects by component only, so the
// RenderedReleases lead to it: they declare the object, or the workload whose name its name begins with. It is false if none does, or if
// the plane is read from a cluster.
func FindDeclared(ctx context.Context, source Source, n Name) (r Result, found bool, err error) {
	all, err := declaredAs(ctx, source, &n)
	if err != nil {
		return Result{}, false, err
	}
	var here []declared
	for _, d := range all {
		if n.Anywhere || d.ref.Namespace == "" || d.ref.Namespace == n.Namespace {
			here = append(here, d)
		}
	}
	if len(here) == 0 {
		here = all
	}
	var results []Result
	var unconfirmed error
	for _, d := range here {
		r, ok, err := confirm(ctx, source, d, n)
		if err != nil {
			unconfirmed = cmp.Or(unconfirmed, err)
		} else if ok {
			results = append(results, r)
		}
	}
	switch {
	case len(results) == 0:
		return Result{}, false, unconfirmed
	case len(results) == 1 && (n.Anywhere || results[0].Object.Ref.Namespace == n.Namespace || results[0].Object.Ref.Namespace == ""):
		return results[0], true, nil
	}
	var objects []facts.Object
	for _, r := range results {
		objects = append(objects, r.Object)
	}
	return Result{}, false, elsewhere(n, objects)
}

// isOfPlane reports whether objects of a kind may be on a data plane.
func isOfPlane(kind kinds.Kind) bool {
	_, delivers := engines.All().Of(facts.Ref{Plane: facts.Control, Group: kind.Group, Kind: kind.Kind})
	return kind.Group != kinds.OpenChoreo && !delivers
}

// declaredAs searches the RenderedReleases: those of all namespaces, else those of the components of the namespace whose name is part of
// that of the object. Then the namespace of the name is that of the components.
func declaredAs(ctx context.Context, source Source, n *Name) ([]declared, error) {
	var all []declared
	q := facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "RenderedRelease"}
	l, _ := source.Search(ctx, q, func(e facts.Encoded) (facts.Object, bool) {
		o := e.Object()
		found := declaredBy(o, *n)
		all = append(all, found...)
		return o, len(found) > 0
	})
	switch l.Outcome {
	case facts.Found:
		return all, nil
	case facts.Forbidden, facts.Unreachable:
	case facts.NotAsked, facts.Absent, facts.NoKind, facts.Invalid:
		return nil, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("cannot read the object: %w", err)
	}
	n.Anywhere = true
	names, err := componentsLike(ctx, source, *n)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		q.Namespace, q.Labels = n.Namespace, kinds.LabelComponent+"="+name
		l, releases := source.List(ctx, q)
		if l.Outcome != facts.Found {
			return nil, instead(*n, "", l.Reason)
		}
		for _, o := range releases {
			all = append(all, declaredBy(o, *n)...)
		}
		if len(all) > 0 {
			return all, nil
		}
	}
	return nil, nil
}

// maxComponents bounds the components whose RenderedReleases are read one by one.
const maxComponents = 3

// componentsLike are the components of the namespace whose name is part of that of the object, the longest name first.
func componentsLike(ctx context.Context, source facts.Source, n Name) ([]string, error) {
	l, _ := source.List(ctx, facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: n.Namespace, Names: true})
	if l.Outcome != facts.Found {
		return nil, instead(n, "", l.Reason)
	}
	var names []string
	for _, ref := range l.Items {
		if strings.Contains(n.Name, ref.Name) && reference.Name(ref.Name) == nil {
			names = append(names, ref.Name)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	return names[:min(len(names), maxComponents)], nil
}

// declaredBy are the objects of a RenderedRelease that may be the named one, or own it.
func declaredBy(rendered facts.Object, n Name) []declared {
	var all []declared
	for _, item := range kinds.Items(rendered.Body, "spec", "resources") {
		object := kinds.Fields(item, "object")
		group, _, grouped := strings.Cut(kinds.String(object, "apiVersion"), "/")
		if !grouped {
			group = ""
		}
		kind, known := kinds.Lookup(group, kinds.String(object, "kind"))
		ref := facts.Ref{Group: group, Kind: kind.Kind, Namespace: kinds.String(object, "metadata", "namespace"), Name: kinds.String(object, "metadata", "name")}
		if !known || reference.Object(ref) != nil {
			continue
		}
		exact := ref.Name == n.Name && slices.ContainsFunc(n.Kinds, func(k kinds.Kind) bool { return k.Group == ref.Group && k.Kind == ref.Kind })
		owns := kinds.RunsPods(kind.GroupKind()) && strings.HasPrefix(n.Name, ref.Name+"-") && slices.ContainsFunc(n.Kinds, isOwned)
		if exact || owns {
			all = append(all, declared{rendered, ref, exact})
		}
	}
	return all
}

// isOwned reports whether a workload creates objects of a kind.
func isOwned(k kinds.Kind) bool {
	switch k.Group + "/" + k.Kind {
	case kinds.Core + "/Pod", kinds.Apps + "/ReplicaSet", kinds.Batch + "/Job":
		return true
	}
	return false
}

// confirm reads the object from its plane. It is false if a cluster is that plane: the cluster has been searched. A declared object that
// the API leaves out still leads to its component.
func confirm(ctx context.Context, source Source, d declared, n Name) (Result, bool, error) {
	labels := labels(d.release)
	plane, reason := planeOf(ctx, source, d.release.Ref.Namespace, labels[kinds.LabelEnvironment])
	of := "component " + labels[kinds.LabelComponent] + " in environment " + labels[kinds.LabelEnvironment]
	if plane == "" {
		return Result{}, false, instead(n, of, reason)
	}
	o := d.object(ctx, source, plane, n, labels)
	if !source.IsReadByAnother(plane) {
		return Result{}, false, nil
	}
	if o.Outcome != facts.Found && !d.exact {
		return Result{}, false, instead(n, of, o.Reason)
	}
	subjects, err := resolving{source}.declaredSubjects(ctx, d.release.Ref.Namespace, labels)
	if err != nil {
		return Result{}, false, err
	}
	for _, s := range subjects {
		if err := check(s); err != nil {
			return Result{}, false, fmt.Errorf("cannot use the owner of %s: %w", o.Ref, err)
		}
	}
	return Result{Object: o, Subjects: unite(subjects)}, true, nil
}

// object is the object on its plane. One that a workload owns is found in the tree of that workload, which is requested by a list.
func (d declared) object(ctx context.Context, source facts.Source, plane facts.Plane, n Name, labels map[string]string) facts.Object {
	ref := d.ref
	ref.Plane = plane
	if d.exact {
		return source.Get(ctx, ref)
	}
	kind := n.Kinds[slices.IndexFunc(n.Kinds, isOwned)]
	ref.Group, ref.Kind, ref.Name = kind.Group, kind.Kind, n.Name
	q := facts.Query{Plane: plane, Group: ref.Group, Kind: ref.Kind, Namespace: ref.Namespace, Fields: "metadata.name=" + ref.Name}
	q.Labels = kinds.LabelComponent + "=" + labels[kinds.LabelComponent] + "," + kinds.LabelEnvironment + "=" + labels[kinds.LabelEnvironment]
	if l, objects := source.List(ctx, q); l.Outcome == facts.Found && len(objects) == 1 {
		return objects[0]
	}
	return source.Get(ctx, ref)
}

// declaredSubjects are the components of a RenderedRelease: that of its labels, or those of a project for a cell.
func (r resolving) declaredSubjects(ctx context.Context, namespace string, labels map[string]string) ([]facts.Subject, error) {
	if labels[kinds.LabelComponent] != "" {
		return []facts.Subject{in(labels[kinds.LabelEnvironment], namespace, labels[kinds.LabelComponent])}, nil
	}
	return r.ofProject(ctx, namespace, labels[kinds.LabelProject], labels[kinds.LabelEnvironment])
}
