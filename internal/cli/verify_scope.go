package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// scope finds the components that are meant.
func (v *verifying) scope(ctx context.Context, source facts.Source) ([]facts.Subject, error) {
	subject := v.reader.subject
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
			return nil, fmt.Errorf("list components: %w; before: %s", err, l.Reason)
		}
		return nil, fmt.Errorf("list components: %w", err)
	}
	if err := unread(l.Outcome, l.Reason, v.host); err != nil {
		return nil, err
	}
	subjects, err := v.selected(objects, scope)
	if err == nil && len(subjects) == 0 {
		err = noComponent(scope, v.selector, objects, "names, -n, -p, -l or -A")
	}
	return subjects, err
}

// namespace is that of all components, "" for those of several.
func (v *verifying) namespace() string {
	if v.allNamespaces {
		return ""
	}
	return v.reader.subject.Namespace
}

func (v *verifying) selected(objects []facts.Object, scope collect.Scope) ([]facts.Subject, error) {
	selector, err := labels.Parse(v.selector)
	if err != nil {
		return nil, fmt.Errorf("read --selector: %w", err)
	}
	var subjects []facts.Subject
	for _, o := range objects {
		project := kinds.Text(o.Body, "spec", "owner", "projectName")
		if (scope.Project == "" || project == scope.Project) && selector.Matches(labels.Set(o.Body.GetLabels())) {
			subjects = append(subjects, facts.Subject{
				Namespace: o.Ref.Namespace, Project: project, Component: o.Ref.Name, Environments: v.reader.subject.Environments,
			})
		}
	}
	return subjects, nil
}

// noComponent says what of a scope is wrong: its project, where none of the components and Projects names that, else all of it.
func noComponent(s collect.Scope, selector string, objects []facts.Object, choices string) error {
	var projects []string
	for _, o := range objects {
		project := kinds.Text(o.Body, "spec", "owner", "projectName")
		if o.Ref.Kind == "Project" {
			project = o.Ref.Name
		}
		if project != "" && !slices.Contains(projects, project) {
			projects = append(projects, project)
		}
	}
	if s.Project == "" || slices.Contains(projects, s.Project) {
		return fmt.Errorf("there is no component %s; choose with %s", scopeWords(s, selector), choices)
	}
	slices.Sort(projects)
	return fmt.Errorf("there is no component %s%s", scopeWords(s, selector), cmp.Or(suggest(projects, s.Project), "; choose with "+choices))
}

func scopeWords(s collect.Scope, selector string) string {
	where := "in any namespace"
	if s.Namespace != "" {
		where = "in namespace " + s.Namespace
	}
	if s.Project != "" {
		where = "in project " + s.Project + ", " + where
	}
	if selector != "" {
		where = "with labels " + selector + " " + where
	}
	return where
}
