package notfound

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/suggest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// NoComponent reports what of a scope is wrong: its project, where none of the components and Projects names that, else all of it.
func NoComponent(s collect.Scope, selector string, objects []facts.Object, choices string) error {
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
		return fmt.Errorf("no component found %s; use %s", scopeWords(s, selector), choices)
	}
	slices.Sort(projects)
	return fmt.Errorf("no component found %s%s", scopeWords(s, selector), cmp.Or(suggest.DidYouMean(projects, s.Project), "; use "+choices))
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
