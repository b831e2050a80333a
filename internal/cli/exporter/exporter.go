// Package exporter is the command that exports metrics of components for Prometheus until it is interrupted.
package exporter

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/components"
	"github.com/kubectl-choreo/kubectl-choreo/internal/exporter"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/version"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
)

// shutdownTime is how long scrapes under way may take after a signal. Main leaves a command behind after half a second.
const shutdownTime = 300 * time.Millisecond

type options struct {
	streams iostreams.IOStreams
	reader  *components.Reader
	address string
}

const exitHelp = `Exit codes:
  1    error: usage, no cluster, or the address cannot be used
  130  interrupted
  143  terminated`

// NewCommand returns the command `exporter`.
func NewCommand(w iostreams.IOStreams) *cobra.Command {
	o := &options{streams: w, reader: components.NewReader(w)}
	o.reader.NeedsCluster = true
	cmd := &cobra.Command{
		Use: "exporter", SuggestFor: []string{"metrics", "prometheus", "serve", "export"},
		Short: "Export metrics of components for Prometheus",
		Long: `Watch components and serve metrics about them over HTTP until it is interrupted: their health, what they fail with, transitions
and lead times. Select them as with "kubectl choreo status": a namespace, a project (-p), a label (-l), or all namespaces (-A).

  /metrics  metrics for Prometheus, as text or OpenMetrics
  /healthz  whether the process runs
  /readyz   whether the components were read, and can still be read

exporter is read-only. By default it listens on this machine only; in a cluster, use --address :9464. Without a kubeconfig, it uses
the service account of its pod. Metrics have no authentication: anyone who reaches the address reads them.

` + exitHelp,
		Example: `  # Export metrics of all namespaces
  kubectl choreo exporter -A

  # Export metrics of one project to other machines
  kubectl choreo exporter -n shop -p cart --address :9464`,
		Args: cobra.NoArgs, ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.complete(); err != nil {
				return err
			}
			if err := o.run(cmd.Context()); err != nil {
				return cmdutil.WithCode(err, cmdutil.ExitError)
			}
			return nil
		},
	}
	o.reader.AddServerFlags(cmd, "export metrics of")
	cmd.Flags().StringVar(&o.address, "address", "127.0.0.1:9464", "address to listen on; without a host, all addresses of this machine")
	_ = cmd.RegisterFlagCompletionFunc("address", cobra.NoFileCompletions)
	return cmd
}

func (o *options) complete() error {
	if _, _, err := net.SplitHostPort(o.address); err != nil {
		return fmt.Errorf("invalid --address: %w; use HOST:PORT or :PORT", err)
	}
	return o.reader.Complete(nil)
}

func (o *options) run(ctx context.Context) error {
	if err := o.reader.Open(); err != nil {
		return err
	}
	listener, err := o.listen(ctx)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w; use --address", o.address, err)
	}
	o.log("listening on http://" + listener.Addr().String() + "/metrics")
	e := exporter.New(exporter.Options{Version: version.Current().Version, Now: time.Now, Problem: o.newProblem()})
	following := o.reader.Follow(ctx, e.See)
	defer following.Close()
	running, stop := context.WithCancel(ctx)
	var assessing sync.WaitGroup
	assessing.Go(func() { e.Run(running, &follower{options: o, Following: following}) })
	err = serve(ctx, listener, e.Handler())
	stop()
	assessing.Wait()
	return err
}

// follower refuses planes that nothing in the cluster declares, as soon as the cluster answers.
type follower struct {
	*options
	*components.Following
	planesAreKnown bool
}

// Read assesses all components.
func (f *follower) Read(ctx context.Context) (printers.StatusReport, error) {
	if !f.planesAreKnown {
		if err := f.reader.RequirePlanes(ctx, f.reader.Source, facts.New(f.reader.Subject, time.Now())); err != nil {
			return printers.StatusReport{}, err
		}
		f.planesAreKnown = true
	}
	return f.Following.Read(ctx)
}

func (o *options) listen(ctx context.Context) (net.Listener, error) {
	if o.streams.Listen != nil {
		return o.streams.Listen(ctx, "tcp", o.address)
	}
	return new(net.ListenConfig).Listen(ctx, "tcp", o.address)
}

// serve answers requests until ctx ends, and then ends those under way.
func serve(ctx context.Context, l net.Listener, h http.Handler) error {
	server := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 1 << 16}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	if err := server.Shutdown(late); errors.Is(err, context.DeadlineExceeded) {
		_ = server.Close()
	}
	return ctx.Err()
}

// newProblem logs an error once, until another or a success follows.
func (o *options) newProblem() func(error) {
	last := ""
	return func(err error) {
		switch {
		case err == nil:
			last = ""
			o.log("components are read again")
		case err.Error() != last:
			last = err.Error()
			o.log(printers.Escape(last) + "; retrying")
		}
	}
}

func (o *options) log(line string) {
	_, _ = fmt.Fprintf(o.streams.Err, "%s  %s\n", time.Now().Format(time.TimeOnly), line)
}
