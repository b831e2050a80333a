package trace

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/components"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/target"
	"github.com/kubectl-choreo/kubectl-choreo/internal/resolve"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
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

// checkOverview refuses an overview of several components that is watched, probed, or in a format of one trace.
func (o *options) checkOverview(found resolve.Result) error {
	if !o.watch && !o.probe.On && slices.Contains([]string{"tree", "wide", "json", "yaml"}, o.output.Format) {
		return nil
	}
	return target.NameOne(found)
}

// overview prints several components as status does, with the exit code of the worst of them.
func (o *options) overview(ctx context.Context, several []facts.Subject) error {
	reader := components.NewReader(o.streams)
	reader.Reader = o.reader
	if err := reader.Open(); err != nil {
		return err
	}
	for i := range several {
		several[i].Contexts, several[i].Planes, several[i].API = reader.Subject.Contexts, reader.Subject.Planes, reader.Subject.API
		if len(o.reader.Subject.Environments) > 0 {
			several[i].Environments = o.reader.Subject.Environments
		}
	}
	if err := reader.RequirePlanes(ctx, reader.Source, facts.New(several[0], time.Now())); err != nil {
		return err
	}
	report, err := reader.ReadOverviewOf(ctx, several)
	if err != nil {
		return err
	}
	options := tui.Terminal(o.streams, o.color)
	options.Now = report.Ended
	format := map[string]string{"tree": "table"}[o.output.Format]
	if err := report.Print(o.streams.Out, cmp.Or(format, o.output.Format), options); err != nil {
		return err
	}
	return cmdutil.DecisionError(report.Decision())
}
