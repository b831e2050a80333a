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

// RunAs runs the program as the user of a kubeconfig, in a folder outside of any Git clone.
func (s *Suite) RunAs(ctx context.Context, t *testing.T, kubeconfig string, args ...string) Result {
	t.Helper()
	return Run(ctx, t, s.Command(ctx, t.TempDir(), kubeconfig, args...))
}

// RunPlain is RunAs without the race detector, for polling: the detector triples the work of a trace, and takes the time from the controllers.
func (s *Suite) RunPlain(ctx context.Context, t *testing.T, kubeconfig string, args ...string) Result {
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

// Command returns a command that runs the program as the user of a kubeconfig, in a folder.
func (s *Suite) Command(ctx context.Context, dir, kubeconfig string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, s.Choreo, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "KUBECONFIG="+kubeconfig, "KUBECTL_CHOREO_CONFIG="+os.DevNull)
	return cmd
}
