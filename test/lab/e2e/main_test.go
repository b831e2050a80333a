// Package e2e injects every supported fault into the real stack, and traces it.
package e2e

import (
	"context"
	"os"
	"os/exec"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/suite"
)

// shared is the lab and the program, with and without the race detector.
var shared struct {
	*suite.Suite
	lab           *lab.Lab
	choreo, plain string
}

func TestMain(m *testing.M) {
	os.Exit(suite.Main(m, suite.Options{
		Lab:    lab.Options{Name: "e2e", RemotePlane: true, RemoteGatewayAPI: "v1.4.0"},
		NoRace: func() bool { return *measure },
		Setup: func(s *suite.Suite) {
			shared.Suite, shared.lab, shared.choreo, shared.plain = s, s.Lab, s.Choreo, s.Plain
		},
	}))
}

// result is one run of the program.
type result struct {
	stdout, stderr string
	exit           int
}

// choreoAs runs the program as the user of a kubeconfig, in a folder outside of any Git clone.
func choreoAs(ctx context.Context, t *testing.T, kubeconfig string, args ...string) result {
	t.Helper()
	return choreoIn(ctx, t, t.TempDir(), kubeconfig, args...)
}

func choreoIn(ctx context.Context, t *testing.T, dir, kubeconfig string, args ...string) result {
	t.Helper()
	return run(ctx, t, command(ctx, dir, kubeconfig, args...))
}

// choreoPlainAs is choreoAs without the race detector, for polling.
func choreoPlainAs(ctx context.Context, t *testing.T, kubeconfig string, args ...string) result {
	t.Helper()
	return resultOf(shared.RunPlain(ctx, t, kubeconfig, args...))
}

func run(ctx context.Context, t *testing.T, cmd *exec.Cmd) result {
	t.Helper()
	return resultOf(suite.Run(ctx, t, cmd))
}

func resultOf(r suite.Result) result { return result{r.Stdout, r.Stderr, r.Exit} }

func command(ctx context.Context, dir, kubeconfig string, args ...string) *exec.Cmd {
	return shared.Command(ctx, dir, kubeconfig, args...)
}

type traceResult = suite.Trace

// parseTrace reads the JSON output.
func parseTrace(r result) (traceResult, error) {
	return suite.ParseTrace(suite.Result{Stdout: r.stdout, Stderr: r.stderr, Exit: r.exit})
}
