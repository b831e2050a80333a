// Package logs is the command that prints the log of a component's containers.
package logs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/target"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube/podlog"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
)

type options struct {
	streams iostreams.IOStreams
	reader  cmdutil.Reader
	target  *target.Target

	container     string
	allContainers bool
	allPods       bool
	prefix        bool
	previous      bool
	previousSet   bool // --previous is on the command line
	sinceTime     string
	tail          int64
	maxStreams    int
	log           podlog.Options
}

// NewCommand returns the command `logs`.
func NewCommand(w iostreams.IOStreams) *cobra.Command {
	o := &options{streams: w, reader: cmdutil.NewReader(w)}
	cmd := &cobra.Command{
		Use: "logs [COMPONENT | KIND/NAME]", Aliases: []string{"log"},
		Short: "Print the log of a component's container",
		Long: `Print the log of a container of a component in an environment. The pod and the container that fail are selected first. If the
container waits to be restarted, or has no output since its restart, print the log of its previous run.

The flags are those of kubectl logs: so -f follows the log, and -p is --previous. On a terminal, control characters are printed as
escapes, and colours are removed. In a pipe or a file, the log is unchanged.`,
		Example: `  kubectl choreo logs greeter-service -e development
  kubectl choreo logs greeter-service -e development -f --since 10m
  kubectl choreo logs greeter-service -e development --all-pods --tail 20
  kubectl choreo logs greeter-service -e development -c setup --previous`,
		Args: cobra.MaximumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.previousSet = cmd.Flags().Changed("previous")
			if err := o.complete(args); err != nil {
				return err
			}
			return o.run(cmd.Context())
		},
	}
	o.target = target.New(cmd, &o.reader)
	cmdutil.AddEnvironmentFlags(&o.reader, cmd, "")
	target.OneEnvironment(cmd)
	o.addFlags(cmd)
	return cmd
}

func (o *options) addFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVarP(&o.log.Follow, "follow", "f", false, "stream the log")
	f.BoolVarP(&o.previous, "previous", "p", false, "print the log of the previous run of the container (default: if the current one has no output)")
	f.StringVarP(&o.container, "container", "c", "", "container (default: the one that fails, else that of the component)")
	f.BoolVar(&o.allContainers, "all-containers", false, "print the logs of all containers of the pod")
	f.BoolVar(&o.allPods, "all-pods", false, "print the logs of all pods; sets --prefix")
	f.BoolVar(&o.prefix, "prefix", false, "begin each line with the names of the pod and the container")
	f.BoolVar(&o.log.Timestamps, "timestamps", false, "begin each line with its time")
	f.DurationVar(&o.log.Since, "since", 0, "print lines newer than this duration, such as 5s, 2m or 3h (default all)")
	f.StringVar(&o.sinceTime, "since-time", "", "print lines after this time (RFC 3339)")
	f.Int64Var(&o.tail, "tail", -1, "number of last lines to print; -1 prints all")
	f.IntVar(&o.maxStreams, "max-log-requests", 5, "maximum number of logs to follow at the same time")
	o.target.CompleteContainers(cmd, "container")
}

func (o *options) complete(args []string) error {
	switch {
	case o.container != "" && o.allContainers:
		return errors.New("cannot combine -c with --all-containers: use one of them")
	case o.log.Since < 0:
		return fmt.Errorf("invalid --since %s: it must not be negative", o.log.Since)
	case o.log.Since > 0 && o.sinceTime != "":
		return errors.New("cannot combine --since with --since-time: use one of them")
	case o.tail < -1:
		return fmt.Errorf("invalid --tail %d: use -1 or more", o.tail)
	case o.log.Follow && o.previous:
		return errors.New("cannot follow a previous run: use -f without --previous")
	case o.maxStreams < 1:
		return fmt.Errorf("invalid --max-log-requests %d: it must be greater than 0", o.maxStreams)
	}
	if o.sinceTime != "" {
		at, err := time.Parse(time.RFC3339, o.sinceTime)
		if err != nil {
			return fmt.Errorf("invalid --since-time %q: use RFC 3339, such as 2026-11-21T04:00:00Z", o.sinceTime)
		}
		o.log.SinceTime = at
	}
	if o.tail >= 0 {
		o.log.Tail = &o.tail
	}
	o.prefix = o.prefix || o.allPods
	if o.reader.Snapshot != "" && (o.log.Follow || o.log.Since > 0 || o.sinceTime != "" || o.log.Timestamps) {
		return errors.New("cannot use -f, --since, --since-time or --timestamps with --snapshot: the lines of a snapshot have no times")
	}
	return o.target.Complete(args)
}

func (o *options) run(ctx context.Context) error {
	r, err := o.target.Read(ctx)
	if err != nil {
		return err
	}
	e, err := r.Environment(o.streams.Err)
	if err != nil {
		return err
	}
	pods, err := podsOf(ctx, r, e)
	if err != nil {
		return err
	}
	chosen, err := o.sources(pods, e.Image)
	if err != nil {
		return err
	}
	p := &printer{out: o.streams.Out, escaped: tui.Terminal(o.streams, "never").Marks, prefixed: o.prefix}
	if r.Source == nil {
		return o.fromSnapshot(p, r.Snapshot, chosen)
	}
	return o.fromCluster(ctx, p, r.Source, chosen)
}

// note writes a line about what was selected.
func (o *options) note(format string, args ...any) {
	_, _ = fmt.Fprintln(o.streams.Err, printers.Escape(fmt.Sprintf(format, args...)))
}
