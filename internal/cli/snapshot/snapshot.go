// Package snapshot is the command that writes what a trace reads to a file.
package snapshot

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/notfound"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts/snapshotfile"
)

type options struct {
	streams iostreams.IOStreams
	reader  cmdutil.Reader
	file    string
	write   snapshotfile.WriteOptions
}

// NewCommand returns the command `snapshot`.
func NewCommand(w iostreams.IOStreams) *cobra.Command {
	o := &options{streams: w, reader: cmdutil.NewReader(w)}
	cmd := &cobra.Command{
		Use:   "snapshot [COMPONENT]",
		Short: "Write the objects that a trace reads to a file",
		Long: `Write the objects that a trace of the component reads to a file. The file can be sent to somebody else. Every command that
reads a cluster reads the file with --snapshot.

Environment values, entries of ConfigMaps and Secrets that were rendered, and credentials in URLs are masked; equal
values get equal masks. Secrets are never read. Log lines are left out unless --logs is given. The head of the file lists what
was masked.`,
		Example: `  kubectl choreo snapshot greeter-service -f case.yaml
  kubectl choreo trace --snapshot case.yaml`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.reader.Complete(args); err != nil {
				return err
			}
			if err := o.reader.Choose(cmd.Context()); err != nil {
				return err
			}
			return o.run(cmd.Context())
		},
	}
	cmd.ValidArgsFunction = o.reader.Components(1)
	o.reader.AddFlags(cmd)
	cmd.Flags().StringVarP(&o.file, "filename", "f", "-", "file to write; - for standard output")
	cmd.Flags().BoolVar(&o.write.IncludeValues, "include-values", false, "do not mask values")
	cmd.Flags().BoolVar(&o.reader.History, "history", false, "include what the command history reads, with the commits of the clone")
	cmd.Flags().BoolVar(&o.write.Logs, "logs", false, "include the last log lines of containers that crashed")
	return cmd
}

func (o *options) run(ctx context.Context) error {
	s, err := o.reader.Read(ctx)
	if err != nil {
		return err
	}
	if err := notfound.Subject(s); err != nil {
		return err
	}
	if o.file == "-" {
		return snapshotfile.Write(o.streams.Out, s, o.write)
	}
	if err := writeFile(o.file, s, o.write); err != nil {
		return err
	}
	_, err = fmt.Fprintf(o.streams.Err, "wrote %s\n", o.file)
	return err
}

// writeFile never leaves half a file behind, and no other user can read the file.
func writeFile(name string, s *facts.Snapshot, o snapshotfile.WriteOptions) error {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return fmt.Errorf("cannot write snapshot: %w", err)
	}
	defer func() { _ = os.Remove(f.Name()) }()
	if err := snapshotfile.Write(f, s, o); err != nil {
		_ = f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("cannot write snapshot: %w", err)
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return fmt.Errorf("cannot write snapshot: %w", err)
	}
	return nil
}
