package cmdutil

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
)

// TestClusterArgs: flags that choose a cluster are passed on, each value of a list by itself; flags of the command are not.
func TestClusterArgs(t *testing.T) {
	t.Parallel()
	cmd := &cobra.Command{}
	r := NewReader(iostreams.IOStreams{})
	r.AddFlags(cmd)
	cmd.Flags().Bool("watch", false, "")
	err := cmd.ParseFlags([]string{
		"--watch", "--kubeconfig", "a b", "-n", "flag", "-e", "dev,staging", "-e", "prod", "--plane", "eu=x", "--as-group", "g", "--insecure-skip-tls-verify", "-p", "demo",
	})
	if err != nil {
		t.Fatal(err)
	}
	r.Subject.Namespace = "read"
	want := []string{
		"--as-group=g", "--environment=dev", "--environment=staging", "--environment=prod", "--insecure-skip-tls-verify=true",
		"--kubeconfig=a b", "--plane=eu=x", "--project=demo", "--namespace=read",
	}
	if diff := cmp.Diff(want, r.ClusterArgs(cmd.Flags())); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
