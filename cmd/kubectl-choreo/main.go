// Command kubectl-choreo traces an OpenChoreo component from its Git revision down to its pods.
package main

import (
	"context"
	"errors"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"strconv"
	"syscall"

	"github.com/go-logr/logr"
	// Clusters of the large providers are reached through plugins that obtain credentials.
	_ "k8s.io/client-go/plugin/pkg/client/auth"
	"k8s.io/klog/v2"
	"k8s.io/klog/v2/textlogger"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
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
		Interrupt: func() { cancel(nil) }, Offline: func() { http.DefaultTransport = offline{} }, LogRequests: logRequests,
	}))
}

// logRequests has client-go log its requests. The level and the logger are those of the whole process, so they are set here alone.
func logRequests(level int) {
	var verbosity klog.Level
	_ = verbosity.Set(strconv.Itoa(level)) // fails for what is no number
	klog.SetLogger(textlogger.NewLogger(textlogger.NewConfig(textlogger.Verbosity(level), textlogger.Output(printers.NewLogWriter(os.Stderr)))))
}

// offline is the transport of whatever brings none of its own, as the kustomize library does: it makes no connection.
type offline struct{}

func (offline) RoundTrip(r *http.Request) (*http.Response, error) {
	return nil, errors.New("this command makes no connection, not to " + r.URL.Host)
}
