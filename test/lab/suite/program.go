package suite

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"testing"
)

// Result is one run of the program.
type Result struct {
	Stdout, Stderr string
	Exit           int
}

// As runs the program as the user of a kubeconfig, in a folder that is no clone.
func (s *Suite) As(ctx context.Context, t *testing.T, kubeconfig string, args ...string) Result {
	t.Helper()
	return Run(ctx, t, s.Command(ctx, t.TempDir(), kubeconfig, args...))
}

// Again is As for what is read every second. With the race detector a trace takes three times the work, and the controllers that are
// waited for would get little of the machine.
func (s *Suite) Again(ctx context.Context, t *testing.T, kubeconfig string, args ...string) Result {
	t.Helper()
	cmd := s.Command(ctx, t.TempDir(), kubeconfig, args...)
	cmd.Path = s.Plain
	return Run(ctx, t, cmd)
}

// Run runs a command of the program.
func Run(ctx context.Context, t *testing.T, cmd *exec.Cmd) Result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) && ctx.Err() == nil {
		t.Fatalf("run kubectl-choreo: %v", err)
	}
	return Result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// Command is the program as the user of a kubeconfig, in a folder.
func (s *Suite) Command(ctx context.Context, dir, kubeconfig string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, s.Choreo, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "KUBECONFIG="+kubeconfig, "KUBECTL_CHOREO_CONFIG="+os.DevNull)
	return cmd
}
