package notfound

import (
	"context"
	"fmt"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/collect"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/suggest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Subject refuses a component or an environment that is only in the command line.
func Subject(s *facts.Snapshot) error {
	if err := Component(s); err != nil {
		return err
	}
	return Environment(s)
}

// Environment refuses an environment that nothing in the cluster names: no Environment, no pipeline and no
// ReleaseBinding of the component. Where one of these could not be read, nothing is claimed.
func Environment(s *facts.Snapshot) error {
	if len(s.Subject.Environments) == 0 {
		return nil
	}
	project, declared, complete := declaredEnvironments(s)
	if !complete {
		return nil
	}
	for _, name := range s.Subject.Environments {
		if !slices.Contains(declared, name) {
			return fmt.Errorf("no environment %q in project %s%s", name, project, suggest.DidYouMean(declared, name))
		}
	}
	return nil
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
	complete = known && cmdutil.Complete(environments) && cmdutil.Complete(bindings)
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

// EnvironmentIn refuses an environment that nothing in a scope names. It checks only environments that the user has chosen.
func EnvironmentIn(ctx context.Context, source facts.Source, scope collect.Scope, environments []string) error {
	if len(environments) == 0 {
		return nil
	}
	var declared []string
	for _, kind := range []string{"Environment", "DeploymentPipeline", "ReleaseBinding"} {
		l, objects := source.List(ctx, facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: kind, Namespace: scope.Namespace})
		if !cmdutil.Complete(l) {
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
			return fmt.Errorf("no environment %q %s%s", name, scopeWords(scope, ""), suggest.DidYouMean(declared, name))
		}
	}
	return nil
}
