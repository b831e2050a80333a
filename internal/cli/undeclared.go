package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// checkSubject refuses a component or an environment that is only in the command line.
func checkSubject(s *facts.Snapshot) error {
	if err := explainAbsence(s); err != nil {
		return err
	}
	return undeclaredEnvironment(s)
}

// undeclaredEnvironment refuses an environment that nothing in the cluster names: no Environment, no pipeline and no
// ReleaseBinding of the component. Where one of these could not be read, nothing is claimed.
func undeclaredEnvironment(s *facts.Snapshot) error {
	if len(s.Subject.Environments) == 0 {
		return nil
	}
	project, declared, complete := declaredEnvironments(s)
	if !complete {
		return nil
	}
	for _, name := range s.Subject.Environments {
		if !slices.Contains(declared, name) {
			return fmt.Errorf("no environment %q in project %s%s", name, project, suggest(declared, name))
		}
	}
	return nil
}

// suggest names those that a slip may have meant, else all of a few.
func suggest(names []string, slip string) string {
	const few = 10
	near := nearest(names, slip)
	switch {
	case len(near) > 0:
		for i, name := range near {
			near[i] = fmt.Sprintf("%q", name)
		}
		return "; did you mean " + strings.Join(near, " or ") + "?"
	case len(names) > 0 && len(names) <= few:
		return "; choose from " + strings.Join(names, ", ")
	}
	return ""
}

// declaredEnvironments are those that the component's namespace, pipeline and bindings name, in that order.
func declaredEnvironments(s *facts.Snapshot) (project string, names []string, complete bool) {
	add := func(name string) {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if project = projectOf(s); project == "" {
		return "", nil, false
	}
	pipeline, known := pipelineOf(s, project)
	for _, name := range pipeline {
		add(name)
	}
	environments := s.Listed(facts.Control, kinds.OpenChoreo, "Environment", s.Subject.Namespace)
	for _, ref := range environments.Items {
		add(ref.Name)
	}
	bindings := s.List(facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "ReleaseBinding", Namespace: s.Subject.Namespace, Owner: s.Subject.Component})
	complete = known && whole(environments) && whole(bindings)
	for _, ref := range bindings.Items {
		binding := s.Object(ref)
		add(kinds.Text(binding.Body, "spec", "environment"))
		// One of another environment is not read (collect, wantedBinding).
		complete = complete && (binding.Outcome == facts.Found || binding.Outcome == facts.Absent || binding.Outcome == facts.NotAsked)
	}
	for _, rendered := range s.Of(facts.Control, kinds.OpenChoreo, "RenderedRelease") {
		if kinds.Text(rendered.Body, "spec", "owner", "componentName") == s.Subject.Component {
			add(kinds.Text(rendered.Body, "spec", "environmentName"))
		}
	}
	return project, names, complete
}

// whole reports whether a list has all that there is.
func whole(l facts.List) bool { return l.Outcome == facts.Found && !l.Truncated }

func projectOf(s *facts.Snapshot) string {
	component := s.Object(facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: s.Subject.Namespace, Name: s.Subject.Component})
	if project := kinds.Text(component.Body, "spec", "owner", "projectName"); project != "" {
		return project
	}
	return s.Subject.Project
}

// pipelineOf are the environments of the project's pipeline; known is false where they could not be read.
func pipelineOf(s *facts.Snapshot, project string) (environments []string, known bool) {
	ref := facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Project", Namespace: s.Subject.Namespace, Name: project}
	owner := s.Object(ref)
	ref.Kind, ref.Name = "DeploymentPipeline", kinds.Text(owner.Body, "spec", "deploymentPipelineRef", "name")
	if owner.Outcome != facts.Found || ref.Name == "" {
		return nil, owner.Outcome == facts.Found || owner.Outcome == facts.Absent
	}
	pipeline := s.Object(ref)
	return kinds.PipelineEnvironments(pipeline.Body), pipeline.Outcome == facts.Found || pipeline.Outcome == facts.Absent
}

// undeclaredPlane refuses a plane of --plane that nothing in the cluster names: no object, and no Environment of the
// namespace. The settings file may name planes of other clusters. What s has is not asked for again; source is nil where
// there is only a file.
func (r *reader) undeclaredPlane(ctx context.Context, source facts.Source, s *facts.Snapshot) error {
	planes, err := flagPlanes(r.planes)
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
			for _, word := range r.planeNames(ctx) {
				named = append(named, strings.TrimSuffix(word, "="))
			}
		}
		slices.Sort(named)
		return fmt.Errorf("no data plane %q%s", p.plane, suggest(slices.Compact(named), string(p.plane)))
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
	return names, whole(l) && !l.Query.Names
}

// planeRef is the object by whose name a plane goes.
func planeRef(plane facts.Plane) facts.Ref {
	ref := facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "ClusterDataPlane", Name: string(plane)}
	if namespace, name, namespaced := strings.Cut(string(plane), "/"); namespaced {
		ref.Kind, ref.Namespace, ref.Name = "DataPlane", namespace, name
	}
	return ref
}

// undeclaredIn refuses an environment that nothing in a scope names. It asks only where somebody has chosen environments.
func undeclaredIn(ctx context.Context, source facts.Source, scope collect.Scope, environments []string) error {
	if len(environments) == 0 {
		return nil
	}
	var declared []string
	for _, kind := range []string{"Environment", "DeploymentPipeline", "ReleaseBinding"} {
		l, objects := source.List(ctx, facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: kind, Namespace: scope.Namespace})
		if !whole(l) {
			return nil
		}
		for _, o := range objects {
			switch kind {
			case "Environment":
				declared = append(declared, o.Ref.Name)
			case "DeploymentPipeline":
				declared = append(declared, kinds.PipelineEnvironments(o.Body)...)
			case "ReleaseBinding":
				declared = append(declared, kinds.Text(o.Body, "spec", "environment"))
			}
		}
	}
	slices.Sort(declared)
	declared = slices.Compact(declared)
	for _, name := range environments {
		if !slices.Contains(declared, name) {
			return fmt.Errorf("no environment %q %s%s", name, scopeWords(scope, ""), suggest(declared, name))
		}
	}
	return nil
}
