// Command kubectl-choreo traces an OpenChoreo component from its Git revision down to its pods.
package main

import (
	"context"
	"errors"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/go-logr/logr"
	// Clusters of the large providers are reached through plugins that obtain credentials.
	_ "k8s.io/client-go/plugin/pkg/client/auth"
	"k8s.io/klog/v2"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
)

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200) // the objects of a fleet are many and soon gone: less processor time for more memory, see docs/performance.md
	}
	klog.SetLogger(logr.Discard()) // client-go's complaints are told once, as outcomes
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		first := <-signals
		signal.Stop(signals) // the second one ends the process at once
		if first == syscall.SIGTERM {
			cancel(cli.ErrTerminated)
		}
		cancel(nil)
	}()
	os.Exit(cli.Main(ctx, iostreams.IOStreams{
		Args: os.Args, In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv,
		Interrupt: func() { cancel(nil) }, Offline: func() { http.DefaultTransport = offline{} },
	}))
}

// offline is the transport of whatever brings none of its own, as the kustomize library does: it makes no connection.
type offline struct{}

func (offline) RoundTrip(r *http.Request) (*http.Response, error) {
	return nil, errors.New("this command makes no connection, not to " + r.URL.Host)
}
