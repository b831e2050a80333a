package target

import (
	"context"
	"slices"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// CompleteContainers completes a flag with the names of the containers that the component of the line declares.
func (t *Target) CompleteContainers(cmd *cobra.Command, flag string) {
	t.completeRendered(cmd, flag, containersOf)
}

// CompleteEndpoints completes a flag with the names of the component's endpoints that have a route.
func (t *Target) CompleteEndpoints(cmd *cobra.Command, flag string) {
	t.completeRendered(cmd, flag, endpointsOf)
}

// completeRendered completes with names from the RenderedReleases of the component, which one request lists: those of pods are on the
// data planes.
func (t *Target) completeRendered(cmd *cobra.Command, flag string, names func(rendered facts.Object) []string) {
	// It fails only if there is no such flag.
	_ = cmd.RegisterFlagCompletionFunc(flag, func(cmd *cobra.Command, args []string, toComplete string) ([]string, cobra.ShellCompDirective) {
		if len(args) != 1 || t.Reader.Snapshot != "" || len(validation.IsDNS1123Subdomain(cmdutil.ComponentName(args[0]))) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		component := cmdutil.ComponentName(args[0])
		words := cmdutil.CompleteFrom(cmd.Context(), t.Reader, toComplete, func(ctx context.Context, source facts.Source) []string {
			q := facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "RenderedRelease", Namespace: t.Reader.Subject.Namespace}
			q.Labels = kinds.LabelComponent + "=" + component
			_, releases := source.List(ctx, q)
			var words []string
			for _, o := range releases {
				if wanted := t.Reader.Subject.Environments; len(wanted) == 0 || slices.Contains(wanted, kinds.Label(o.Body, kinds.LabelEnvironment)) {
					words = append(words, names(o)...)
				}
			}
			return words
		})
		return words, cobra.ShellCompDirectiveNoFileComp
	})
}

// containersOf are the containers of the workloads of a RenderedRelease, the init containers included.
func containersOf(rendered facts.Object) []string {
	var names []string
	for _, item := range kinds.Items(rendered.Body, "spec", "resources") {
		for _, template := range [][]string{{"spec", "template"}, {"spec", "jobTemplate", "spec", "template"}} {
			spec := kinds.Fields(kinds.Fields(item, "object"), append(template, "spec")...)
			for _, list := range []string{"containers", "initContainers"} {
				all, _ := spec[list].([]any)
				for _, one := range all {
					container, _ := one.(map[string]any)
					names = append(names, kinds.String(container, "name"))
				}
			}
		}
	}
	return names
}

// labelEndpoint is the label of a route with the name of its endpoint (openchoreo v1.2.3 internal/labels/labels.go).
const labelEndpoint = "openchoreo.dev/endpoint-name"

func endpointsOf(rendered facts.Object) []string {
	var names []string
	for _, item := range kinds.Items(rendered.Body, "spec", "resources") {
		names = append(names, kinds.String(kinds.Fields(item, "object"), "metadata", "labels", labelEndpoint))
	}
	return names
}
