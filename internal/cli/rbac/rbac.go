// Package rbac is the command that prints the roles and bindings that a trace needs.
package rbac

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
)

type options struct {
	subject    string // of --for
	namespaces []string
	plane      bool
}

// NewCommand returns the command `rbac`.
func NewCommand(w iostreams.IOStreams) *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:   "rbac --for USER",
		Short: "Print the roles and bindings that a trace needs",
		Long: `Print the ClusterRole that a trace needs, and its binding for a user, a group or a service account. The role grants get and list
only, and no Secret. No cluster is read or changed: review the output, then apply it as administrator.`,
		Example: `  # Grant dora everything that a trace reads
  kubectl choreo rbac --for dora >choreo-rbac.yaml

  # After a review, apply it as administrator
  kubectl apply -f choreo-rbac.yaml

  # Grant a group what it needs for the components of one namespace
  kubectl choreo rbac --for group:payments -n payments

  # Grant a service account what it needs on the cluster of a data plane
  kubectl choreo rbac --for serviceaccount:ci/deployer --plane`,
		Args: cobra.NoArgs, ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(*cobra.Command, []string) error { return run(w.Out, o) },
	}
	cmd.Flags().StringVar(&o.subject, "for", "", "who gets the rights: a user, group:NAME or serviceaccount:NAMESPACE/NAME")
	cmd.Flags().StringSliceVarP(&o.namespaces, "namespace", "n", nil, "grant namespaced rights in this namespace only; may be repeated (default all)")
	cmd.Flags().BoolVar(&o.plane, "plane", false, "only the rights on the cluster of a data plane")
	for _, flag := range []string{"for", "namespace"} {
		_ = cmd.RegisterFlagCompletionFunc(flag, cobra.NoFileCompletions)
	}
	return cmd
}

func run(out io.Writer, o options) error {
	s, err := parseSubject(o.subject)
	if err != nil {
		return err
	}
	for _, namespace := range o.namespaces {
		if err := reference.Namespace(namespace); err != nil || namespace == "" {
			return fmt.Errorf("read --namespace %q: it is no name of a namespace", namespace)
		}
	}
	text, err := manifest(objects(s, o))
	if err != nil {
		return err
	}
	head := "# Everything that a trace reads.\n"
	if self := command.Format("kubectl choreo rbac --for %s", o.subject); self != "" && len(o.namespaces) == 0 && !o.plane {
		head = "# Everything that a trace reads. Review this file, then apply it as administrator:\n#   " + self + " >choreo-rbac.yaml\n#   kubectl apply -f choreo-rbac.yaml\n"
	}
	if _, err := io.WriteString(out, head+text); err != nil {
		return fmt.Errorf("write the roles: %w", err)
	}
	return nil
}
