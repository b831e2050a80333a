// Package verify is the command that waits until components pass a gate.
package verify

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/components"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/endpoints"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

type options struct {
	streams iostreams.IOStreams
	reader  *components.Reader

	timeout, grace, stableFor time.Duration

	require      []string
	allowUnknown bool
	failOn       string

	probe endpoints.Options

	cmdutil.Outputs
}

// NewCommand returns the command `verify`.
func NewCommand(w iostreams.IOStreams) *cobra.Command {
	o := &options{streams: w, reader: components.NewReader(w)}
	cmd := &cobra.Command{
		Use: "verify [COMPONENT...]", SuggestFor: []string{"wait", "check", "gate", "health"},
		Short: "Wait until components are healthy",
		Long: `Wait until components are healthy at the wanted revision. Without names, verify all components of a project (-p), of a
namespace, or of all namespaces (-A).

A permanent failure ends the wait after a few seconds. A recoverable failure, such as an unreachable server, ends it after --grace.
Components that are progressing are waited for until --timeout; with --timeout 0 they are checked once. Components that fail for
the same cause are reported together.

verify is read-only. Use "kubectl choreo reconcile" to trigger reconciliation.

` + verifyExitHelp,
		Example: `  kubectl choreo verify greeter-service --revision $SHA -e development
  kubectl choreo verify -p demo --require current,healthy,no-drift --report junit=report.xml
  kubectl choreo verify -A --timeout 0`,
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
	cmd.ValidArgsFunction = o.reader.Components(math.MaxInt)
	o.reader.AddFlags(cmd, "verify")
	f := cmd.Flags()
	f.DurationVar(&o.timeout, "timeout", 10*time.Minute, "maximum time to wait for all components; 0 checks once")
	f.DurationVar(&o.grace, "grace", cmdutil.DefaultGrace, "how long a recoverable failure may last before it counts")
	f.DurationVar(&o.stableFor, "stable-for", cmdutil.DefaultStable, "how long a component must stay healthy to pass")
	f.StringSliceVar(&o.require, "require", []string{string(verify.RequireCurrent), string(verify.RequireHealthy)}, "conditions to pass: "+strings.Join(requirements(), ", "))
	f.BoolVar(&o.allowUnknown, "allow-unknown", false, "pass components whose state cannot be read")
	f.StringVar(&o.failOn, "fail-on", "error", "lowest severity of a finding that fails a component: error or warning")
	o.probe.AddFlags(f, probeUsage)
	o.AddFlags(cmd, printers.VerifyFormats()...)
	cmdutil.CompleteWords(cmd, "require", requirements()...)
	cmdutil.CompleteWords(cmd, "fail-on", "error", "warning")
}

func requirements() []string {
	var words []string
	for _, r := range verify.Requirements() {
		words = append(words, string(r))
	}
	return words
}

func (o *options) complete(args []string) error {
	if err := o.reader.Complete(args); err != nil {
		return err
	}
	if err := o.checkGate(); err != nil {
		return err
	}
	return o.probe.Complete()
}

func (o *options) checkGate() error {
	for _, r := range o.require {
		if !slices.Contains(requirements(), r) {
			return fmt.Errorf("invalid --require %q: use one or more of %s", r, strings.Join(requirements(), ", "))
		}
	}
	for name, d := range map[string]time.Duration{"timeout": o.timeout, "grace": o.grace, "stable-for": o.stableFor} {
		if d < 0 {
			return fmt.Errorf("invalid --%s %s: it must not be negative", name, d)
		}
	}
	if o.failOn != "error" && o.failOn != "warning" {
		return fmt.Errorf("invalid --fail-on %q: use error or warning", o.failOn)
	}
	return o.Check()
}

func (o *options) gate() verify.Gate {
	g := verify.Gate{AllowUnknown: o.allowUnknown, FailOn: trace.Severity(o.failOn)}
	for _, r := range o.require {
		g.Require = append(g.Require, verify.Requirement(r))
	}
	return g
}

// run reads, waits where that may help, probes the endpoints, and prints the results.
func (o *options) run(ctx context.Context) error {
	chosen, err := o.reader.ChooseOrAll(ctx, o.reader.IsScoped())
	if err != nil {
		return err
	}
	if chosen {
		o.reader.Names = []string{o.reader.Subject.Component}
		o.reader.Subject.Component = ""
	}
	v := newVerifying(o)
	timed, cancel := ctx, context.CancelFunc(func() {})
	if o.timeout > 0 {
		timed, cancel = context.WithTimeout(ctx, o.timeout)
	}
	defer cancel()
	err = v.judge(timed)
	if err == nil {
		err = v.absent()
	}
	if err == nil {
		v.probeEndpoints(ctx, timed)
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, context.DeadlineExceeded):
		return cmdutil.WithCode(fmt.Errorf("timed out before any component was read: %w; use a longer --timeout", err), cmdutil.ExitUnsettled)
	case err != nil:
		return err
	}
	return v.answer()
}
