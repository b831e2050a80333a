// Command kubectl-choreo traces an OpenChoreo component from its Git revision down to its pods.
package main

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"strconv"
	"syscall"

	"github.com/go-logr/logr"
	// This import registers the credential plugins of the large cloud providers.
	_ "k8s.io/client-go/plugin/pkg/client/auth"
	"k8s.io/klog/v2"
	"k8s.io/klog/v2/textlogger"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
)

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200) // a fleet has many short-lived objects: this saves processor time for more memory, see docs/performance.md
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(400 << 20) // soft: a fleet of 2,000 components stays below 500 MB, see docs/performance.md
	}
	klog.SetLogger(logr.Discard()) // outcomes already report client-go's errors
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		first := <-signals
		signal.Stop(signals) // the second signal ends the process at once
		if first == syscall.SIGTERM {
			cancel(cli.ErrTerminated)
		}
		cancel(nil)
	}()
	os.Exit(cli.Main(ctx, iostreams.IOStreams{
		Args: os.Args, In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv,
		Interrupt: func() { cancel(nil) }, Offline: prepareOffline, LogRequests: logRequests, ReserveOutput: reserveOutput,
	}))
}

// logRequests makes client-go log its requests. The level and the logger are global, so they are set only here.
func logRequests(level int) {
	var verbosity klog.Level
	_ = verbosity.Set(strconv.Itoa(level)) // fails only for text that is not a number
	klog.SetLogger(textlogger.NewLogger(textlogger.NewConfig(textlogger.Verbosity(level), textlogger.Output(printers.NewLogWriter(os.Stderr)))))
}

// reserveOutput keeps the standard output for a protocol: whatever a library prints there goes to the standard error.
func reserveOutput() { os.Stdout = os.Stderr }

// prepareOffline prepares the process for a command that reads a repository and makes no connection. All objects of the repository stay
// in memory until the end, so that a multiple of them is much: a limit, which only repositories of more than 50,000 files reach, see
// docs/performance.md. The limit is soft: above it, garbage is collected more often, for at most half of the time
// (go.dev/doc/gc-guide).
func prepareOffline() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(480 << 20)
	}
	goOffline()
}

// goOffline isolates libraries, such as kustomize, from the world: they make no connection, and do not print to standard error, which
// belongs to the command. Kustomize prints each deprecated field there (kustomize api v0.21.1 internal/target/kusttarget.go:71). A
// panic is still printed.
func goOffline() {
	http.DefaultTransport = offline{}
	log.SetOutput(io.Discard)
	if null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0); err == nil {
		os.Stderr = null
	}
}

// offline is the default transport of HTTP clients, such as those of the kustomize library. It makes no connection.
type offline struct{}

func (offline) RoundTrip(r *http.Request) (*http.Response, error) {
	return nil, errors.New("this command makes no connection, not to " + r.URL.Host)
}
