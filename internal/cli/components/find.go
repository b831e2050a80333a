package components

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/notfound"
	"github.com/kubectl-choreo/kubectl-choreo/internal/collect"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// NotFoundError means that the command line selects no component.
type NotFoundError struct{ error }

// Find returns the components that the command line selects: those that it names without a request, or those of a list.
func (r *Reader) Find(ctx context.Context, source facts.Source) ([]facts.Subject, error) {
	subject := r.Subject
	if len(r.Names) > 0 {
		var subjects []facts.Subject
		for _, name := range r.Names {
			subject.Component = name
			subjects = append(subjects, subject)
		}
		return subjects, nil
	}
	scope := collect.Scope{Namespace: r.namespace(), Project: subject.Project}
	l, objects := source.List(ctx, facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: scope.Namespace})
	if err := ctx.Err(); err != nil {
		if l.Outcome == facts.Unreachable {
			return nil, fmt.Errorf("cannot list components: %w; before: %s", err, l.Reason)
		}
		return nil, fmt.Errorf("cannot list components: %w", err)
	}
	if l.Outcome == facts.Unreachable && scope.Namespace == "" && facts.IsOpenChoreoAPI(l.Reason) {
		return nil, errors.New("cannot list the components of all namespaces through OpenChoreo's API: use -n instead of -A")
	}
	if err := cmdutil.ReadError(l.Outcome, l.Reason, r.Host); err != nil {
		return nil, err
	}
	subjects, err := r.selected(objects, scope)
	if err == nil && len(subjects) == 0 {
		err = &NotFoundError{notfound.NoComponent(scope, r.Selector, objects, "names, -n, -p, -l or -A")}
	}
	return subjects, err
}

// namespace is that of all components, "" for those of several.
func (r *Reader) namespace() string {
	if r.AllNamespaces {
		return ""
	}
	return r.Subject.Namespace
}

func (r *Reader) selected(objects []facts.Object, scope collect.Scope) ([]facts.Subject, error) {
	selector, err := labels.Parse(r.Selector)
	if err != nil {
		return nil, fmt.Errorf("invalid --selector: %w", err)
	}
	var subjects []facts.Subject
	for _, o := range objects {
		project := kinds.Text(o.Body, "spec", "owner", "projectName")
		if (scope.Project == "" || project == scope.Project) && selector.Matches(labels.Set(o.Body.GetLabels())) {
			subjects = append(subjects, facts.Subject{
				Namespace: o.Ref.Namespace, Project: project, Component: o.Ref.Name, Environments: r.Subject.Environments,
				Contexts: r.Subject.Contexts, Planes: r.Subject.Planes, API: r.Subject.API,
			})
		}
	}
	return subjects, nil
}

// Undeclared refuses each component that nothing in the cluster knows, and an environment that none of the components can have.
// unknown and noEnvironment have an element for each component, nil where it is known.
func Undeclared(unknown, noEnvironment []error) error {
	if err := errors.Join(unknown...); err != nil {
		return err
	}
	if len(noEnvironment) == 0 || slices.Contains(noEnvironment, nil) {
		return nil
	}
	return noEnvironment[0] // one line of several that say the same of as many projects
}
