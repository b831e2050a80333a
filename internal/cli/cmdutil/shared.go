package cmdutil

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"k8s.io/cli-runtime/pkg/genericclioptions"
)

// sharedAnnotation marks the flags that a command has in common with kubectl. As in kubectl, the help of a command leaves them
// to the command `options`.
const sharedAnnotation = "kubectl-choreo.dev/shared-flag"

// IsShared reports whether the command `options` lists a flag, and not the help of the command that has it.
func IsShared(f *pflag.Flag) bool { return f.Annotations[sharedAnnotation] != nil }

// MarkShared marks flags of a command as shared.
func MarkShared(flags *pflag.FlagSet, names ...string) {
	for _, name := range names {
		_ = flags.SetAnnotation(name, sharedAnnotation, []string{}) // fails only where there is no such flag
	}
}

// AddKubeconfigFlags adds the flags by which kubectl chooses a cluster, a user and a namespace.
func AddKubeconfigFlags(cmd *cobra.Command, from *genericclioptions.ConfigFlags) {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	from.AddFlags(flags)
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Name == "namespace" {
			f.Usage = "namespace of the component (default: that of the kubeconfig context)"
			return
		}
		MarkShared(flags, f.Name)
	})
	cmd.Flags().AddFlagSet(flags)
}
