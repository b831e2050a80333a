// Package status is the command that shows an overview of components in their environments, once or with -w at each change.
package status

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/components"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

type options struct {
	streams iostreams.IOStreams
	reader  *components.Reader
	output  cmdutil.Output
	color   string
	watch   bool
}

const exitHelp = `Exit codes:
  0    the components were read, healthy or not
  1    error: usage, no cluster, a component or environment that was not found, or components that may not be read
  130  interrupted
  143  terminated`

// NewCommand returns the command `status`.
func NewCommand(w iostreams.IOStreams) *cobra.Command {
	o := &options{streams: w, reader: components.NewReader(w)}
	cmd := &cobra.Command{
		Use: "status [COMPONENT...]", SuggestFor: []string{"list", "ls", "get", "overview", "dashboard", "ps", "top"},
		Short: "Show an overview of components",
		Long: `Show components in their environments: state, release, running image, age and drift. What is in trouble comes first, with each
cause once and the command to run next. Without names, show all components of a project (-p), of a namespace, or of all
namespaces (-A).

With more than 30 rows, healthy components are only counted; -o wide lists all of them.

With -w, update the output when something changes: on a terminal in place, until q is pressed; in a pipe, a line for each change.

status is read-only, and it is no gate: its exit code does not depend on the state of a component. In a pipeline, use
"kubectl choreo verify". For one component, use "kubectl choreo trace".

` + exitHelp,
		Example: `  kubectl choreo status
  kubectl choreo status -A -w
  kubectl choreo status -p demo -e production -o wide
  kubectl choreo status -A -o prometheus`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.complete(args); err != nil {
				return err
			}
			run := o.run
			if o.watch {
				run = o.follow
			}
			if err := run(cmd.Context()); err != nil {
				return cmdutil.WithCode(err, cmdutil.ExitError)
			}
			return nil
		},
	}
	cmd.ValidArgsFunction = o.reader.Components(math.MaxInt)
	o.reader.AddFlags(cmd, "show")
	o.output.AddFlags(cmd, printers.StatusFormats()...)
	cmd.Flags().BoolVarP(&o.watch, "watch", "w", false, "watch for changes")
	cmd.Flags().StringVar(&o.color, "color", "auto", "colour output: auto, always or never")
	cmdutil.CompleteColor(cmd)
	return cmd
}

func (o *options) complete(args []string) error {
	if err := tui.CheckColor(o.color); err != nil {
		return err
	}
	if err := o.output.Check(); err != nil {
		return err
	}
	switch {
	case !o.watch:
	case o.reader.Snapshot != "":
		return errors.New("cannot watch a snapshot: use -w without --snapshot")
	case o.output.Format != "table" && o.output.Format != "json":
		return fmt.Errorf("cannot watch with output format %q: use table or json", o.output.Format)
	}
	return o.reader.Complete(args)
}

func (o *options) run(ctx context.Context) error {
	report, err := o.read(ctx)
	var nothing *components.NotFoundError
	switch {
	case errors.As(err, &nothing):
		_, _ = fmt.Fprintln(o.streams.Err, printers.Escape(nothing.Error()))
		if o.isForPeople() {
			return nil
		}
	case err != nil:
		return err
	}
	options := tui.Terminal(o.streams, o.color)
	options.Now = report.Ended
	return o.output.Print(o.streams.Out, report, inTrouble(report), options)
}

// isForPeople reports whether the format is text, which has nothing to print where there is no component.
func (o *options) isForPeople() bool {
	return o.output.Format == "table" || o.output.Format == "wide" || o.output.Format == "markdown"
}

func (o *options) read(ctx context.Context) (printers.StatusReport, error) {
	if o.reader.Snapshot != "" {
		s, err := o.reader.ReadFile(ctx)
		if err != nil {
			return printers.StatusReport{}, err
		}
		overview := o.reader.NewOverview(1)
		overview.Take(ctx, 0, s)
		return overview.Report()
	}
	if err := o.open(ctx); err != nil {
		return printers.StatusReport{}, err
	}
	report, err := o.reader.ReadOverview(ctx)
	o.reader.ReportSkew(o.reader.Source)
	return report, err
}

// open makes the clients, and refuses planes that nothing in the cluster declares.
func (o *options) open(ctx context.Context) error {
	if err := o.reader.Open(); err != nil {
		return err
	}
	return o.reader.RequirePlanes(ctx, o.reader.Source, facts.New(o.reader.Subject, time.Now()))
}

// inTrouble are the components that -o name prints: those that are not healthy and current.
func inTrouble(r printers.StatusReport) []facts.Ref {
	var refs []facts.Ref
	for _, one := range r.Results {
		if one.Decision != verify.Passed {
			refs = append(refs, cmdutil.ComponentRef(one.Trace.Subject))
		}
	}
	return refs
}
