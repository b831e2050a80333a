package cmdutil

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// ClusterArgs are the flags of a command line that choose a cluster and what is read from it, for another command. The namespace is the
// one that was read.
func (r *Reader) ClusterArgs(flags *pflag.FlagSet) []string {
	other := &cobra.Command{}
	reader := NewReader(r.Streams)
	reader.AddClusterFlags(other)
	var args []string
	flags.Visit(func(f *pflag.Flag) {
		if other.Flags().Lookup(f.Name) == nil || f.Name == "namespace" {
			return
		}
		values := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		for _, value := range values {
			args = append(args, "--"+f.Name+"="+value)
		}
	})
	return append(args, "--namespace="+r.Subject.Namespace)
}
