// Package reconcile is the command that requests reconciliation in the order of dependencies. No other command writes.
package reconcile

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile/plan"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
)

type options struct {
	streams iostreams.IOStreams
	reader  cmdutil.Reader

	allNamespaces, wait, downstream, keepGoing, full, dryRun bool

	timeout time.Duration
	output  cmdutil.Output
	color   string
}

// NewCommand returns the command `reconcile`.
func NewCommand(w iostreams.IOStreams) *cobra.Command {
	o := &options{streams: w, reader: cmdutil.NewReader(w)}
	o.reader.NeedsCluster = true
	cmd := &cobra.Command{
		Use: "reconcile [COMPONENT]", SuggestFor: []string{"sync", "apply", "push", "refresh", "retry"},
		Short: "Reconcile a component in dependency order",
		Long: `Trigger the Flux and Argo CD objects that deliver a component, a project (-p), a namespace, or everything (-A): sources first,
parents before children, dependencies before their dependents. Each object is triggered when the objects before it are done. The
command ends when all of them have applied the latest revision of their sources.

With --wait, also wait until the components are healthy at that revision or have failed, and re-trigger OpenChoreo objects that do
not retry: a ReleaseBinding with a stale "not found", a RenderedRelease that backs off, an applied object that was deleted.

Only annotations are written: reconcile.fluxcd.io/requestedAt, argocd.argoproj.io/refresh and
kubectl-choreo.dev/requestedAt.

` + cmdutil.ExitHelp,
		Example: `  kubectl choreo reconcile greeter-service --wait
  kubectl choreo reconcile greeter-service -e staging --revision HEAD --wait
  kubectl choreo reconcile -p demo --dry-run`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.complete(args); err != nil {
				return err
			}
			return o.run(cmd.Context())
		},
	}
	o.addFlags(cmd)
	return cmd
}

func (o *options) addFlags(cmd *cobra.Command) {
	cmd.ValidArgsFunction = o.reader.Components(1)
	o.reader.AddClusterFlags(cmd)
	f := cmd.Flags()
	f.BoolVarP(&o.allNamespaces, "all-namespaces", "A", false, "reconcile the components of all namespaces")
	f.BoolVar(&o.wait, "wait", false, "wait until the components are healthy at the applied revision, or have failed")
	f.DurationVar(&o.timeout, "timeout", 5*time.Minute, "maximum time to wait")
	f.BoolVar(&o.downstream, "downstream", false, "also reconcile the objects that depend on these")
	f.BoolVar(&o.keepGoing, "keep-going", false, "continue with objects that do not depend on a failed one")
	f.BoolVar(&o.full, "full", false, "also trigger objects that are current, which reverts drift in the cluster")
	f.BoolVar(&o.dryRun, "dry-run", false, "print the plan and what blocks it, without writing")
	o.output.AddFlags(cmd, "tree", "json")
	f.StringVar(&o.color, "color", "auto", "colour output: auto, always or never")
	cmdutil.CompleteColor(cmd)
}

func (o *options) complete(args []string) error {
	if err := tui.CheckColor(o.color); err != nil {
		return err
	}
	if err := o.output.Check(); err != nil {
		return err
	}
	if o.timeout <= 0 {
		return fmt.Errorf("invalid --timeout %s: it must be greater than 0", o.timeout)
	}
	if len(args) == 1 && o.allNamespaces {
		return errors.New("cannot combine a component name with -A: use one of them")
	}
	if len(args) == 0 {
		return o.reader.CheckPlanes()
	}
	return o.reader.Complete(args)
}

// run plans, and requests the runs, unless only the plan was requested or there are blockers.
func (o *options) run(ctx context.Context) error {
	if _, err := o.reader.ChooseOrAll(ctx, o.allNamespaces); err != nil {
		return err
	}
	p, err := o.begin(ctx)
	if err != nil {
		return err
	}
	defer p.cluster.Close()
	if err := p.plan(ctx); err != nil {
		return err
	}
	p.reader.ReportSkew(p.cluster.kube)
	if o.dryRun || len(p.problems) > 0 {
		return p.printPlan()
	}
	return p.reconcileAndWait(ctx)
}

// obstacleCode: what cannot be read or written leaves the question open; all else is known to hold the revision back.
func obstacleCode(all []plan.Problem) int {
	code := cmdutil.ExitOK
	for _, p := range all {
		switch p.Obstacle {
		case plan.Suspended, plan.Terminating, plan.Missing, plan.Failing:
			return cmdutil.ExitFailed
		case plan.NoRight, plan.Unreadable, plan.ObstacleUnknown:
			code = cmdutil.ExitUndecided
		}
	}
	return code
}

// stateCode is what the delivery comes to.
func stateCode(r reconcile.Result) int {
	code := cmdutil.ExitOK
	for _, o := range r.Outcomes {
		switch o.State {
		case reconcile.Failed:
			return cmdutil.ExitFailed
		case reconcile.Done, reconcile.Current:
		case reconcile.Unknown, reconcile.Waiting, reconcile.Asked, reconcile.Running, reconcile.NotResponding, reconcile.NotAttempted:
			code = cmdutil.ExitUnsettled
		}
	}
	return code
}

// requestedAtAnnotation is the annotation by which OpenChoreo's controllers are triggered: they watch any change of an object's metadata.
const requestedAtAnnotation = "kubectl-choreo.dev/requestedAt"

// token differs from every one before.
func token() string { return time.Now().UTC().Format(time.RFC3339Nano) }
