// Package trace is the command that shows the rungs of a component, once or with -w at each change.
package trace

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/endpoints"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/notfound"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/target"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts/snapshotfile"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/data"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

type options struct {
	streams iostreams.IOStreams
	reader  cmdutil.Reader
	output  cmdutil.Output
	color   string
	watch   bool
	until   string
	target  *target.Target
	probe   endpoints.Options

	allNamespaces bool

	flags      *pflag.FlagSet
	runCommand RunCommand
}

// NewCommand returns the command `trace`. While it watches, a key runs `reconcile`.
func NewCommand(w iostreams.IOStreams, run RunCommand) *cobra.Command {
	o := &options{streams: w, reader: cmdutil.NewReader(w), runCommand: run}
	cmd := &cobra.Command{
		Use: "trace [COMPONENT | KIND/NAME | -f FILE]", SuggestFor: []string{"describe", "show", "tree", "why"},
		Short: "Trace a component from Git to its pods",
		Long: `Print every rung between the Git revision and the pods of a component: what was fetched, applied, rendered and run, in
each environment. The last block names the rung that fails, its cause, and the command to run next.

Any other object leads to its component: a pod, a workload or a route of a data plane by its labels and owners, an object of
OpenChoreo by its owner, a Kustomization, an Application or a source by what is applied. The rung of the object is marked, and
only its environment is traced. If the object leads to several components, print an overview of them.

Without a name, trace the only component of the namespace, or select one from a list.

With -w, update the output when something changes. On a terminal, keys scroll, select an environment, show logs and events, copy
the next command, open an endpoint and reconcile: press ? for help and q to quit. In a pipe, print a line for each change.

` + cmdutil.ExitHelp,
		Example: `  kubectl choreo trace greeter-service
  kubectl choreo trace greeter-service -e development --revision HEAD
  kubectl choreo trace pod/greeter-service-development-5d4c-x2x8z
  kubectl choreo trace greeter-service -w --until healthy
  kubectl choreo trace greeter-service -e development --probe
  kubectl choreo trace greeter-service -o html >greeter-service.html
  kubectl choreo trace --snapshot case.yaml`,
		Args: cobra.MaximumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.complete(args); err != nil {
				return err
			}
			several, err := o.choose(cmd.Context())
			if err != nil {
				return err
			}
			if len(several) > 0 {
				return o.overview(cmd.Context(), several)
			}
			if o.watch {
				return o.follow(cmd.Context())
			}
			return o.run(cmd.Context())
		},
	}
	o.flags = cmd.Flags()
	o.target = target.New(cmd, &o.reader)
	o.reader.AddFlags(cmd)
	o.probe.AddFlags(cmd.Flags(), "also request the URL of each endpoint once; uses a port-forward where the URL is internal")
	o.output.AddFlags(cmd, printers.Formats()...)
	cmd.Flags().StringVarP(&o.target.File, "filename", "f", "", "trace the component of the objects in this file; - is the standard input")
	cmd.Flags().BoolVarP(&o.watch, "watch", "w", false, "watch for changes")
	cmd.Flags().StringVar(&o.until, "until", "", "condition that ends -w: healthy, or settled (healthy or permanently failed)")
	cmd.Flags().BoolVarP(&o.allNamespaces, "all-namespaces", "A", false, "")
	_ = cmd.Flags().MarkHidden("all-namespaces") // it exists to be answered
	cmd.Flags().StringVar(&o.color, "color", "auto", "colour output: auto, always or never")
	cmdutil.CompleteWords(cmd, "until", "healthy", "settled")
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
	if err := o.checkWatch(); err != nil {
		return err
	}
	if o.allNamespaces {
		return errors.New("trace shows one component: for an overview of all namespaces, run kubectl choreo status -A")
	}
	if err := o.checkProbe(); err != nil {
		return err
	}
	return o.target.Complete(args)
}

func (o *options) run(ctx context.Context) error {
	s, err := o.reader.Read(ctx)
	if err != nil {
		return err
	}
	if err := notfound.Subject(s); err != nil {
		return o.inClone(ctx, s, err)
	}
	if err := o.probeEndpoints(ctx, s); err != nil {
		return err
	}
	o.readPast(ctx, s)
	if s, err = o.shown(s); err != nil {
		return err
	}
	t := assess.Assess(s, s.TakenAt)
	if err := o.print(s, t); err != nil {
		return err
	}
	if code := cmdutil.ExitCode(t); code != cmdutil.ExitOK {
		return &cmdutil.VerdictError{Code: code}
	}
	return nil
}

// shown hides values where whole objects are shown: a page is made to be passed on, as a snapshot is.
func (o *options) shown(s *facts.Snapshot) (*facts.Snapshot, error) {
	if o.output.Format != "html" {
		return s, nil
	}
	return snapshotfile.Mask(s, snapshotfile.WriteOptions{Logs: true})
}

func (o *options) print(s *facts.Snapshot, t *trace.Trace) error {
	options := tui.Terminal(o.streams, o.color)
	options.Now, options.Snapshot = s.TakenAt, s
	return o.output.Print(o.streams.Out, report{t}, []facts.Ref{object(t)}, options)
}

// object is what -o name prints: what is to blame, where it has an address, else the component.
func object(t *trace.Trace) facts.Ref {
	if t.Failing != nil && cmdutil.HasAddress(t.Failing.Object) {
		return t.Failing.Object
	}
	return cmdutil.ComponentRef(t.Subject)
}

// report is a trace in every format.
type report struct{ *trace.Trace }

func (r report) Document() any { return data.OfTrace(r.Trace) }

func (r report) Print(w io.Writer, format string, o printers.Options) error {
	printer, err := printers.New(format, o)
	if err != nil {
		return err
	}
	return printer.Print(w, r.Trace)
}
