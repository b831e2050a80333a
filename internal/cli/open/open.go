// Package open is the command that prints the URL of an endpoint and opens it.
package open

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/target"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/suggest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

type options struct {
	streams  iostreams.IOStreams
	reader   cmdutil.Reader
	target   *target.Target
	endpoint string
	noOpen   bool
}

// NewCommand returns the command `open`.
func NewCommand(w iostreams.IOStreams) *cobra.Command {
	o := &options{streams: w, reader: cmdutil.NewReader(w)}
	cmd := &cobra.Command{
		Use: "open [COMPONENT | KIND/NAME]", Aliases: []string{"url", "browse"},
		Short: "Print and open the URL of an endpoint",
		Long: `Print the URL of an endpoint of a component in an environment. If the output is a terminal, also open it in the browser.

The URL is the one that OpenChoreo reports in the ReleaseBinding, the most public one of an endpoint. Only URLs of http and https are
opened, and none of a Service, which is reachable within its cluster only.`,
		Example: `  kubectl choreo open greeter-service -e development
  kubectl choreo open greeter-service -e development --endpoint http
  curl "$(kubectl choreo open greeter-service -e development)"`,
		Args: cobra.MaximumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.target.Complete(args); err != nil {
				return err
			}
			return o.run(cmd.Context())
		},
	}
	o.target = target.New(cmd, &o.reader)
	cmdutil.AddEnvironmentFlags(&o.reader, cmd, "p")
	target.OneEnvironment(cmd)
	cmd.Flags().StringVar(&o.endpoint, "endpoint", "", "name of the endpoint, if the component has several")
	cmd.Flags().BoolVar(&o.noOpen, "print", false, "only print the URL")
	o.target.CompleteEndpoints(cmd, "endpoint")
	return cmd
}

func (o *options) run(ctx context.Context) error {
	r, err := o.target.Read(ctx)
	if err != nil {
		return err
	}
	e, err := r.Environment(o.streams.Err)
	if err != nil {
		return err
	}
	address, err := o.choose(ctx, r, e)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(o.streams.Out, escape.Line(address.URL)); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	o.open(address)
	return nil
}

// choose returns the address of the endpoint that the user names, or of the only one.
func (o *options) choose(ctx context.Context, r target.Read, e trace.Environment) (trace.Address, error) {
	all := mostPublic(e.Endpoints)
	component := r.Trace.Subject.Component
	var names, lines []string
	for _, a := range all {
		if a.Name == o.endpoint {
			return a, nil
		}
		names = append(names, a.Name)
		lines = append(lines, a.Name+"  "+a.URL)
	}
	switch {
	case style.IsUnbound(e):
		return trace.Address{}, fmt.Errorf("%s is not deployed in %s", component, e.Name)
	case len(all) == 0:
		return trace.Address{}, fmt.Errorf("%s has no endpoint with a URL in %s%s", component, e.Name, why(r, e))
	case o.endpoint != "":
		return trace.Address{}, fmt.Errorf("no endpoint %q of %s in %s%s", o.endpoint, component, e.Name, suggest.DidYouMean(names, o.endpoint))
	case len(all) == 1:
		return all[0], nil
	case tui.CanPick(o.streams):
		at, err := tui.Pick(ctx, o.streams, "Endpoint of "+component+" in "+e.Name, lines)
		if err != nil {
			return trace.Address{}, err
		}
		return all[at], nil
	}
	return trace.Address{}, fmt.Errorf("name one of the endpoints of %s in %s with --endpoint:\n%s", component, e.Name, strings.Join(lines, "\n"))
}

// mostPublic is one address for each endpoint: one that a browser can open if there is one, else the first, as they are sorted by how
// public they are.
func mostPublic(addresses []trace.Address) []trace.Address {
	var all []trace.Address
	at := map[string]int{}
	for _, a := range addresses {
		i, known := at[a.Name]
		switch {
		case !known:
			at[a.Name] = len(all)
			all = append(all, a)
		case !style.IsWebAddress(all[i].URL) && style.IsWebAddress(a.URL):
			all[i] = a
		}
	}
	return all
}

// why is what the rung of the endpoints reports, and, unless the component declares none, what fails.
func why(r target.Read, e trace.Environment) string {
	words := ""
	for _, rung := range e.Rungs {
		if rung.ID != trace.RungEndpoint {
			continue
		}
		if words = " (" + rung.Summary + ")"; rung.State == trace.OK {
			return words
		}
	}
	return words + r.Why(e) + "; run kubectl choreo trace " + r.Trace.Subject.Component + " -e " + e.Name
}

// open opens the address if a user is at the terminal. That it cannot be opened is no error: the URL is printed.
func (o *options) open(a trace.Address) {
	err := errors.New("it is not a URL of http or https that is reachable outside of its cluster; to forward a port, use kubectl port-forward")
	switch {
	case o.noOpen, !tui.Terminal(o.streams, "never").Marks:
		return
	case style.IsWebAddress(a.URL):
		err = tui.OpenBrowser(o.streams.Getenv, a.URL)
	}
	if err != nil {
		_, _ = fmt.Fprintln(o.streams.Err, printers.Escape("not opened: "+err.Error()))
	}
}
