package resolve

import (
	"cmp"
	"context"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// ofOpenChoreo returns the components of an object on the control plane. spec.owner names the component of ReleaseBindings,
// ComponentReleases, Workloads and RenderedReleases (openchoreo v1.2.3 api/v1alpha1).
func (r resolving) ofOpenChoreo(ctx context.Context, o facts.Object) ([]facts.Subject, error) {
	component, project := kinds.Text(o.Body, "spec", "owner", "componentName"), kinds.Text(o.Body, "spec", "owner", "projectName")
	environment := cmp.Or(kinds.Text(o.Body, "spec", "environment"), kinds.Text(o.Body, "spec", "environmentName"))
	switch {
	case o.Ref.Kind == "Component":
		return []facts.Subject{{Namespace: o.Ref.Namespace, Component: o.Ref.Name}}, nil
	case component != "":
		return []facts.Subject{in(environment, o.Ref.Namespace, component)}, nil
	case o.Ref.Kind == "Project":
		return r.ofProject(ctx, o.Ref.Namespace, o.Ref.Name, "")
	case project != "":
		return r.ofProject(ctx, o.Ref.Namespace, project, environment)
	case o.Ref.Kind == "Environment":
		return r.boundIn(ctx, o.Ref.Namespace, o.Ref.Name, func(facts.Object) bool { return true })
	}
	return nil, nil
}

// in is a component, seen in one environment; in all if environment is "".
func in(environment, namespace, component string) facts.Subject {
	s := facts.Subject{Namespace: namespace, Component: component}
	if environment != "" {
		s.Environments = []string{environment}
	}
	return s
}

// ofProject returns the components of a project; with an environment, those that are bound there.
func (r resolving) ofProject(ctx context.Context, namespace, project, environment string) ([]facts.Subject, error) {
	owned := func(o facts.Object) bool { return kinds.Text(o.Body, "spec", "owner", "projectName") == project }
	if environment != "" {
		return r.boundIn(ctx, namespace, environment, owned)
	}
	components, err := r.list(ctx, kinds.OpenChoreo, "Component", namespace)
	if err != nil {
		return nil, err
	}
	var subjects []facts.Subject
	for _, c := range components {
		if owned(c) {
			subjects = append(subjects, in("", c.Ref.Namespace, c.Ref.Name))
		}
	}
	return subjects, nil
}

// boundIn returns the components whose ReleaseBindings name an environment.
func (r resolving) boundIn(ctx context.Context, namespace, environment string, wanted func(facts.Object) bool) ([]facts.Subject, error) {
	bindings, err := r.list(ctx, kinds.OpenChoreo, "ReleaseBinding", namespace)
	if err != nil {
		return nil, err
	}
	var subjects []facts.Subject
	for _, b := range bindings {
		component := kinds.Text(b.Body, "spec", "owner", "componentName")
		if component != "" && kinds.Text(b.Body, "spec", "environment") == environment && wanted(b) {
			subjects = append(subjects, in(environment, b.Ref.Namespace, component))
		}
	}
	return subjects, nil
}
