// Command kubectl-choreo traces an OpenChoreo component from its Git revision down to its pods.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/go-logr/logr"
	// Clusters of the large providers are reached through plugins that obtain credentials.
	_ "k8s.io/client-go/plugin/pkg/client/auth"
	"k8s.io/klog/v2"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli"
)

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200) // the objects of a fleet are many and soon gone: less processor time for more memory, see docs/performance.md
	}
	klog.SetLogger(logr.Discard()) // client-go's complaints are told once, as outcomes
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cli.Main(ctx, cli.World{Args: os.Args, In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv, Interrupt: stop})
	stop()
	os.Exit(code)
}
