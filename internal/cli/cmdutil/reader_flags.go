package cmdutil

import (
	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/clone"
)

// AddFlags adds the flags that choose a cluster or a file, and what is read from it.
func (r *Reader) AddFlags(cmd *cobra.Command) {
	r.AddClusterFlags(cmd)
	addSnapshotFlag(r, cmd)
}

// AddClusterFlags adds those of a command that cannot do with a file.
func (r *Reader) AddClusterFlags(cmd *cobra.Command) {
	AddServerFlags(r, cmd, "p")
	clone.AddFlags(cmd, &r.Revision, &r.Repo)
}

// AddEnvironmentFlags adds those of a command about one environment, for which no clone is read. --project has that shorthand, or none
// if it is "".
func AddEnvironmentFlags(r *Reader, cmd *cobra.Command, projectShorthand string) {
	AddServerFlags(r, cmd, projectShorthand)
	addSnapshotFlag(r, cmd)
}

// AddServerFlags adds those of a command that reads clusters alone: no clone and no file.
func AddServerFlags(r *Reader, cmd *cobra.Command, projectShorthand string) {
	AddKubeconfigFlags(cmd, r.flags)
	cmd.Flags().StringVarP(&r.Subject.Project, "project", projectShorthand, "", "project of the component")
	cmd.Flags().StringSliceVarP(&r.Subject.Environments, "environment", "e", nil, "environment; may be repeated (default all)")
	cmd.Flags().StringArrayVar(&r.Planes, "plane", nil, "kubeconfig context of a data plane, as `NAME=CONTEXT`; NAME is a ClusterDataPlane, or the namespace/name\nof a DataPlane; CONTEXT may be openchoreo, for OpenChoreo's API; may be repeated")
	cmd.Flags().StringVar(&r.API, "openchoreo-api", "", "`URL` of OpenChoreo's API, for data planes without a context; the token is read from OPENCHOREO_TOKEN\n(default: the login of occ)")
	r.CompleteFlags(cmd)
}

func addSnapshotFlag(r *Reader, cmd *cobra.Command) {
	cmd.Flags().StringVar(&r.Snapshot, "snapshot", "", "read this snapshot file instead of a cluster")
}
