package trace

import (
	"context"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/endpoints"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/target"
	"github.com/kubectl-choreo/kubectl-choreo/internal/resolve"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// choose sets the component: that of the named objects, or the one that the user selects. It returns the components if the objects
// have several.
func (o *options) choose(ctx context.Context) (several []facts.Subject, err error) {
	found, err := o.target.Choose(ctx)
	if err != nil || len(found.Subjects) == 0 {
		return nil, err
	}
	return found.Subjects, o.checkOverview(found)
}

// checkOverview refuses what an overview of several components cannot be: watched, in a format of one trace, or of several namespaces.
func (o *options) checkOverview(found resolve.Result) error {
	format := o.output.Format
	sameNamespace := found.Subjects[0].Namespace == found.Subjects[len(found.Subjects)-1].Namespace
	if sameNamespace && !o.watch && (format == "tree" || slices.Contains([]string{"wide", "json", "yaml"}, format)) {
		return nil
	}
	return target.NameOne(found)
}

// overview prints several components, grouped by cause, as verify does.
func (o *options) overview(ctx context.Context, several []facts.Subject) error {
	args := []string{"verify", "--timeout=0"}
	if o.output.Format != "tree" {
		args = append(args, "--output="+o.output.Format)
	}
	o.reader.Subject.Namespace = several[0].Namespace
	environments := several[0].Environments
	for _, s := range several {
		args = append(args, s.Component)
		if !slices.Equal(s.Environments, environments) {
			environments = nil
		}
	}
	if len(o.reader.Subject.Environments) == 0 {
		for _, e := range environments {
			args = append(args, "--environment="+e)
		}
	}
	args = append(args, "--color="+o.color)
	args = append(args, endpoints.Args(o.flags)...)
	return o.runCommand(ctx, append(args, o.reader.ClusterArgs(o.flags)...), o.streams.Out, o.streams.Err)
}
