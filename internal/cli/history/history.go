// Package history is the command that tells when the releases of a component took each step from Git to running pods.
package history

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/target"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/history"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/timeline"
)

type options struct {
	streams iostreams.IOStreams
	reader  cmdutil.Reader
	target  *target.Target
	output  cmdutil.Output
	color   string
	commit  string // of --for
}

// NewCommand returns the command `history`.
func NewCommand(w iostreams.IOStreams) *cobra.Command {
	o := &options{streams: w, reader: cmdutil.NewReader(w)}
	cmd := &cobra.Command{
		Use:   "history [COMPONENT | KIND/NAME]",
		Short: "Print when each release was delivered",
		Long: `Print a line for each release and environment of a component: the commit and its author, and when it was committed, merged,
fetched, applied, rendered, started and running. Commits are read from the clone of the GitOps repository, the other times from the
cluster. A time that nothing records is printed as ?, with the reason.

With --for, print what became of one commit.

Exit codes:
  0    printed
  1    error: usage, no cluster, component not found, commit not found
  130  interrupted
  143  terminated`,
		Example: `  kubectl choreo history greeter-service
  kubectl choreo history greeter-service -e production
  kubectl choreo history greeter-service --for 7040926
  kubectl choreo history greeter-service -o json`,
		Args: cobra.MaximumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.complete(args); err != nil {
				return err
			}
			return o.run(cmd.Context())
		},
	}
	o.target = target.New(cmd, &o.reader)
	o.reader.AddFlags(cmd)
	o.output.AddFlags(cmd, timeline.Formats()...)
	cmd.Flags().StringVar(&o.commit, "for", "", "print what became of this commit: a full or abbreviated name, or that of its merge")
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
	return o.target.Complete(args)
}

func (o *options) run(ctx context.Context) error {
	r, err := o.target.Read(ctx)
	if err != nil {
		return err
	}
	var source facts.Source
	if r.Source != nil {
		source = r.Source
	}
	if err := cmdutil.ReadPast(ctx, &o.reader, source, r.Snapshot); err != nil {
		return err
	}
	h := history.Build(r.Snapshot, r.Trace)
	if o.commit != "" {
		c, found := history.Find(r.Snapshot.Past, o.commit)
		if !found {
			return o.notFound(r.Snapshot)
		}
		var environments []string
		for _, e := range r.Trace.Environments {
			environments = append(environments, e.Name)
		}
		h.Life = h.LifeOf(c, environments)
	}
	shown := tui.Terminal(o.streams, o.color)
	shown.Now = h.TakenAt
	return o.output.Print(o.streams.Out, timeline.Report{History: h}, releases(h), shown)
}

// notFound reports what was searched, and what to do.
func (o *options) notFound(s *facts.Snapshot) error {
	past := s.Past
	if past.Head == "" {
		return fmt.Errorf("cannot find commit %q: %s", o.commit, past.Reason)
	}
	message := fmt.Sprintf("commit %q changes no object of %s in the history of %s", o.commit, s.Subject.Component, facts.Short(past.Head))
	if past.Reason != "" {
		message += " (" + past.Reason + ")"
	}
	return fmt.Errorf("%s: use at least seven characters of its name; run without --for to list the commits", printers.Escape(message))
}

// releases are the objects that -o name prints.
func releases(h *history.History) []facts.Ref {
	var refs []facts.Ref
	for _, row := range h.Rows {
		if row.Release != "" {
			refs = append(refs, facts.Ref{Plane: facts.Control, Group: "openchoreo.dev", Kind: "ComponentRelease", Namespace: h.Subject.Namespace, Name: row.Release})
		}
	}
	return refs
}
