// Package events is the command that prints the events about everything on the ladder of a component.
package events

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/target"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/eventlist"
)

type options struct {
	streams iostreams.IOStreams
	reader  cmdutil.Reader
	target  *target.Target
	output  cmdutil.Output
	color   string
	types   []string
	watch   bool
}

// NewCommand returns the command `events`.
func NewCommand(w iostreams.IOStreams) *cobra.Command {
	o := &options{streams: w, reader: cmdutil.NewReader(w)}
	cmd := &cobra.Command{
		Use: "events [COMPONENT | KIND/NAME]", Aliases: []string{"event"},
		Short: "Print the events of a component's objects",
		Long: `Print the events about everything on the ladder of a component, in the order of time: the sources and what applies them, the
objects of OpenChoreo, the rendered objects and the pods, also those that were deleted. They are read from the control plane and the
data planes. A Kubernetes cluster keeps events for one hour by default.

With -w, print further events as they are reported.

Exit codes:
  0    printed
  1    error: usage, no cluster, component not found
  4    some events could not be read
  130  interrupted
  143  terminated`,
		Example: `  kubectl choreo events greeter-service
  kubectl choreo events greeter-service -e development --types Warning
  kubectl choreo events greeter-service -w
  kubectl choreo events greeter-service -o json`,
		Args: cobra.MaximumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.complete(args); err != nil {
				return err
			}
			if o.watch {
				return o.follow(cmd.Context())
			}
			return o.run(cmd.Context())
		},
	}
	o.target = target.New(cmd, &o.reader)
	cmdutil.AddEnvironmentFlags(&o.reader, cmd, "p")
	o.output.AddFlags(cmd, eventlist.Formats()...)
	cmd.Flags().StringSliceVar(&o.types, "types", nil, "types of events to print: Normal, Warning (default all)")
	cmd.Flags().BoolVarP(&o.watch, "watch", "w", false, "watch for further events")
	cmd.Flags().StringVar(&o.color, "color", "auto", "colour output: auto, always or never")
	cmdutil.CompleteWords(cmd, "types", "Normal", "Warning")
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
	for i, word := range o.types {
		at := slices.IndexFunc([]string{"Normal", "Warning"}, func(t string) bool { return strings.EqualFold(t, word) })
		if at < 0 {
			return fmt.Errorf("invalid --types %q: use Normal or Warning", word)
		}
		o.types[i] = []string{"Normal", "Warning"}[at]
	}
	switch {
	case o.watch && o.reader.Snapshot != "":
		return errors.New("cannot watch a snapshot: use -w without --snapshot")
	case o.watch && o.output.Format != "table" && o.output.Format != "json":
		return fmt.Errorf("cannot watch with output format %q: use table or json", o.output.Format)
	}
	return o.target.Complete(args)
}

func (o *options) run(ctx context.Context) error {
	r, err := o.target.Read(ctx)
	if err != nil {
		return err
	}
	l := held(r)
	if r.Source != nil {
		if l, err = read(ctx, r.Source, r); err != nil {
			return err
		}
	} else {
		o.note("the snapshot has only the Warning events that its trace has read")
	}
	l.Events = o.selected(l.Events)
	options := tui.Terminal(o.streams, o.color)
	options.Now = l.TakenAt
	if err := o.output.Print(o.streams.Out, l, refs(l.Events), options); err != nil {
		return err
	}
	if len(l.Events) == 0 && o.output.Format == "table" {
		o.note("no event about %s was found", l.Subject.Component)
	}
	return o.reportUnread(l.Unread)
}

// selected are the events of --types.
func (o *options) selected(all []eventlist.Event) []eventlist.Event {
	return slices.DeleteFunc(all, func(e eventlist.Event) bool { return len(o.types) > 0 && !slices.Contains(o.types, e.Type) })
}

// refs are the objects that -o name prints.
func refs(all []eventlist.Event) []facts.Ref {
	var objects []facts.Ref
	for _, e := range all {
		objects = append(objects, e.Object)
	}
	return objects
}

// reportUnread names the lists that could not be read, and returns their exit code.
func (o *options) reportUnread(all []eventlist.Unread) error {
	if len(all) == 0 {
		return nil
	}
	for _, u := range all {
		where := "namespace " + u.Namespace
		if u.Plane != facts.Control {
			where += " of data plane " + string(u.Plane)
		}
		o.note("warning: cannot read the events in %s: %s", where, u.Reason)
	}
	return &cmdutil.VerdictError{Code: cmdutil.ExitUndecided}
}

// note writes a line for people.
func (o *options) note(format string, args ...any) {
	_, _ = fmt.Fprintln(o.streams.Err, printers.Escape(fmt.Sprintf(format, args...)))
}
