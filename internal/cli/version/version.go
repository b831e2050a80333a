// Package version is the command that prints the versions of this program, OpenChoreo and Flux.
package version

import (
	"context"
	"fmt"
	"sync"

	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine/flux"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube/controlplane"
	"github.com/kubectl-choreo/kubectl-choreo/internal/version"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/versions"
)

// versionTimeout is short: whoever requests a version often does so because something does not respond.
const versionTimeout = "3s"

// NewCommand returns the command `version`.
func NewCommand(w iostreams.IOStreams) *cobra.Command {
	flags := genericclioptions.NewConfigFlags(true)
	timeout := versionTimeout
	flags.Timeout = &timeout
	output := cmdutil.Output{NoObjects: true}
	var client bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the versions of client and cluster",
		Long: `Print the version of kubectl choreo, and the versions of OpenChoreo and Flux on the cluster, read from the Deployments of their
controllers. A version that cannot be read is reported and does not change the exit code.`,
		Example: `  kubectl choreo version
  kubectl choreo version --client -o json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := output.Check(); err != nil {
				return err
			}
			v := versions.Version{Client: versions.Build(version.Current())}
			if !client {
				v.OpenChoreo, v.Flux = controllers(cmd.Context(), flags)
			}
			if err := cmd.Context().Err(); err != nil {
				return err
			}
			return output.Print(w.Out, v, nil, printers.Options{})
		},
	}
	cmdutil.AddKubeconfigFlags(cmd, flags)
	output.AddFlags(cmd, versions.Formats()...)
	cmd.Flags().BoolVar(&client, "client", false, "print the version of the client only, without a request to the cluster")
	return cmd
}

// controllers reads both at once from the control plane's cluster.
func controllers(ctx context.Context, flags *genericclioptions.ConfigFlags) (openchoreo, installed *versions.Controller) {
	source, err := controlPlane(flags)
	if err != nil {
		failed := &versions.Controller{Error: err.Error()}
		return failed, failed
	}
	var both sync.WaitGroup
	both.Go(func() { openchoreo = controller(ctx, source, kinds.OpenChoreoController(), "openchoreo") })
	both.Go(func() { installed = controller(ctx, source, flux.Sources{}.Properties().Controller, "flux") })
	both.Wait()
	return openchoreo, installed
}

func controlPlane(flags *genericclioptions.ConfigFlags) (*kube.Source, error) {
	config, err := controlplane.Config(flags)
	if err != nil {
		return nil, err //nolint:wrapcheck // it says what to do
	}
	return kube.New(map[facts.Plane]*rest.Config{facts.Control: config}, kube.Options{})
}

// controller reads the Deployment of a controller. Both charts and `flux install` label it with the version of the
// whole, which the tag of the image need not be: source-controller counts by itself.
func controller(ctx context.Context, source facts.Source, c kinds.Controller, partOf string) *versions.Controller {
	o := source.Get(ctx, facts.Ref{Plane: facts.Control, Group: kinds.Apps, Kind: "Deployment", Namespace: c.Namespace, Name: c.Deployment})
	if o.Outcome == facts.Absent {
		o = installedElsewhere(ctx, source, c, partOf, o)
	}
	switch o.Outcome {
	case facts.Found:
		return &versions.Controller{Version: o.Body.GetLabels()["app.kubernetes.io/version"], Image: imageOf(o)}
	case facts.Absent:
		return &versions.Controller{Error: fmt.Sprintf("Deployment %s/%s not found", c.Namespace, c.Deployment)}
	case facts.Forbidden, facts.Unreachable, facts.NoKind, facts.NotAsked, facts.Invalid:
	}
	return &versions.Controller{Error: o.Reason}
}

// installedElsewhere returns the Deployment of a controller in another namespace or with another name, by the labels of OpenChoreo's chart and
// of `flux install` (openchoreo v1.2.3 install/helm/openchoreo-control-plane; flux2 v2.9.2 manifests/bases); otherwise absent.
func installedElsewhere(ctx context.Context, source facts.Source, c kinds.Controller, partOf string, absent facts.Object) facts.Object {
	labels := "app.kubernetes.io/component=" + c.Deployment + ",app.kubernetes.io/part-of=" + partOf
	_, found := source.List(ctx, facts.Query{Plane: facts.Control, Group: kinds.Apps, Kind: "Deployment", Labels: labels})
	if len(found) == 0 {
		return absent
	}
	return found[0]
}

func imageOf(deployment facts.Object) string {
	for _, container := range kinds.Items(deployment.Body, "spec", "template", "spec", "containers") {
		return kinds.String(container, "image")
	}
	return ""
}
