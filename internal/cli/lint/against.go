package lint

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/dryrun"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube/controlplane"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/lint"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// against is the cluster of --against.
type against struct {
	isSet   bool
	context string
	cluster string // of the repository
	flags   *genericclioptions.ConfigFlags
	client  *kube.DryRunner
}

// addFlags adds the flags by which kubectl reaches a cluster, without --context and --cluster, which --against replaces.
func (a *against) addFlags(cmd *cobra.Command) {
	a.flags = genericclioptions.NewConfigFlags(true)
	timeout := cmdutil.RequestTimeout
	a.flags.Context, a.flags.ClusterName, a.flags.Namespace, a.flags.Timeout = nil, nil, nil, &timeout
	cmdutil.AddKubeconfigFlags(cmd, a.flags)
	f := cmd.Flags()
	f.StringVar(&a.context, "against", "", "kubeconfig context of a cluster: also send the objects that have changed since --base to it, as a dry-run")
	f.StringVar(&a.cluster, "against-cluster", "", "cluster of the repository that --against is for, such as clusters/prod (default: the only one)")
	_ = cmd.RegisterFlagCompletionFunc("against", a.contexts) // fails only without the flag
	cmdutil.CompleteWords(cmd, "against-cluster")
}

// contexts completes the contexts of the kubeconfig.
func (a *against) contexts(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	kubeconfig, err := a.flags.ToRawKubeConfigLoader().RawConfig()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return slices.Sorted(maps.Keys(kubeconfig.Contexts)), cobra.ShellCompDirectiveNoFileComp
}

// check refuses an empty context as well: a variable of a pipeline that is not set must not turn the check off.
func (a *against) check(base string) error {
	switch {
	case !a.isSet && a.cluster != "":
		return errors.New("--against-cluster requires --against CONTEXT")
	case !a.isSet:
		return nil
	case a.context == "":
		return errors.New("--against requires the name of a kubeconfig context; to list all, run kubectl config get-contexts")
	case base == "":
		return errors.New("--against requires --base: name the branch that the change will be merged into, such as --base origin/main")
	}
	return nil
}

// connect makes the client, and no request. It must run before the program goes offline: the client has the transport of that time.
func (a *against) connect(configure func(*rest.Config)) error {
	if !a.isSet {
		return nil
	}
	a.flags.Context = &a.context
	if kubeconfig, err := a.flags.ToRawKubeConfigLoader().RawConfig(); err == nil && kubeconfig.Contexts[a.context] == nil {
		return fmt.Errorf("cannot find context %q of --against in the kubeconfig; %s", a.context, controlplane.NoContext(kubeconfig))
	}
	config, err := a.flags.ToRESTConfig()
	if err != nil {
		return fmt.Errorf("cannot read kubeconfig: %w; use --kubeconfig", err)
	}
	if configure != nil {
		configure(config)
	}
	a.client, err = kube.NewDryRunner(config, "lint")
	return err
}

// dryRun returns the findings of the API server, and records in the repository what it has checked. o is how the repository was loaded.
func (a *against) dryRun(ctx context.Context, r *manifest.Repository, o checkout.Options) ([]lint.Finding, error) {
	if !a.isSet {
		return nil, nil
	}
	if r.Root != "" {
		o.Dir = filepath.FromSlash(r.Root)
	}
	before, err := checkout.LoadBase(ctx, o)
	if err != nil {
		return nil, err
	}
	changes, err := dryrun.Select(r, before, a.cluster)
	if err != nil {
		return nil, err
	}
	if r.Root != "" {
		changes = slices.DeleteFunc(changes, func(c dryrun.Change) bool { return !strings.HasPrefix(c.File, r.Folder+"/") })
	}
	found, counts := dryrun.Judge(a.context, r, changes, dryrun.Send(ctx, a.client, changes))
	r.Coverage.Against = &counts
	return found, ctx.Err()
}
