// Package options is the command that lists the flags which all commands have in common with kubectl.
package options

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"k8s.io/cli-runtime/pkg/genericclioptions"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
)

// NewCommand returns the command `options`.
func NewCommand(w iostreams.IOStreams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "options",
		Short: "List the flags that all commands share",
		Long: `List the flags by which a cluster, a user and an output template are chosen. They are those of kubectl, and every command that
reads a cluster takes them.`,
		Example: `  kubectl choreo options
  kubectl choreo trace greeter-service --context staging --as dora`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(w.Out, "The following flags can be passed to any command that reads a cluster:\n\n%s",
				Shared(cmd).FlagUsagesWrapped(tui.Terminal(w, "never").Width))
			if err != nil {
				return fmt.Errorf("write: %w", err)
			}
			return nil
		},
	}
	flags := genericclioptions.NewConfigFlags(true)
	timeout := cmdutil.RequestTimeout
	flags.Timeout = &timeout
	cmdutil.AddKubeconfigFlags(cmd, flags)
	genericclioptions.NewKubeTemplatePrintFlags().AddFlags(cmd)
	cmdutil.MarkShared(cmd.Flags(), "allow-missing-template-keys", "template", "namespace")
	return cmd
}

// Shared are the flags of a command that it has in common with all others.
func Shared(cmd *cobra.Command) *pflag.FlagSet {
	shared := pflag.NewFlagSet("", pflag.ContinueOnError)
	for _, flags := range []*pflag.FlagSet{cmd.NonInheritedFlags(), cmd.InheritedFlags()} {
		flags.VisitAll(func(f *pflag.Flag) {
			if cmdutil.IsShared(f) {
				shared.AddFlag(f)
			}
		})
	}
	return shared
}
