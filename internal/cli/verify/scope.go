package verify

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/notfound"
	"github.com/kubectl-choreo/kubectl-choreo/internal/collect"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// scope finds the components that are meant.
func (v *verifying) scope(ctx context.Context, source facts.Source) ([]facts.Subject, error) {
	subject := v.reader.Subject
	if len(v.components) > 0 {
		var subjects []facts.Subject
		for _, name := range v.components {
			subject.Component = name
			subjects = append(subjects, subject)
		}
		return subjects, nil
	}
	scope := collect.Scope{Namespace: v.namespace(), Project: subject.Project}
	l, objects := source.List(ctx, facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: scope.Namespace})
	if err := ctx.Err(); err != nil {
		if l.Outcome == facts.Unreachable {
			return nil, fmt.Errorf("cannot list components: %w; before: %s", err, l.Reason)
		}
		return nil, fmt.Errorf("cannot list components: %w", err)
	}
	if err := cmdutil.ReadError(l.Outcome, l.Reason, v.host); err != nil {
		return nil, err
	}
	subjects, err := v.selected(objects, scope)
	if err == nil && len(subjects) == 0 {
		err = notfound.NoComponent(scope, v.selector, objects, "names, -n, -p, -l or -A")
	}
	return subjects, err
}

// namespace is that of all components, "" for those of several.
func (v *verifying) namespace() string {
	if v.allNamespaces {
		return ""
	}
	return v.reader.Subject.Namespace
}

func (v *verifying) selected(objects []facts.Object, scope collect.Scope) ([]facts.Subject, error) {
	selector, err := labels.Parse(v.selector)
	if err != nil {
		return nil, fmt.Errorf("invalid --selector: %w", err)
	}
	var subjects []facts.Subject
	for _, o := range objects {
		project := kinds.Text(o.Body, "spec", "owner", "projectName")
		if (scope.Project == "" || project == scope.Project) && selector.Matches(labels.Set(o.Body.GetLabels())) {
			subjects = append(subjects, facts.Subject{
				Namespace: o.Ref.Namespace, Project: project, Component: o.Ref.Name, Environments: v.reader.Subject.Environments,
				Contexts: v.reader.Subject.Contexts, Planes: v.reader.Subject.Planes,
			})
		}
	}
	return subjects, nil
}
