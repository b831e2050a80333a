package lab

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/process"
)

func (s *starter) startGit(ctx context.Context) error {
	s.state.GitDir = filepath.Join(s.state.Dir, "git")
	if err := os.MkdirAll(s.state.GitDir, 0o755); err != nil {
		return fmt.Errorf("create the Git folder: %w", err)
	}
	port, err := process.FreePort()
	if err != nil {
		return err
	}
	program, err := s.copyProgram()
	if err != nil {
		return err
	}
	address := fmt.Sprintf("127.0.0.1:%d", port)
	s.state.GitURL = "http://" + address
	return s.Run(ctx, &process.Part{Name: "git-server", Path: program, Args: []string{serveGit, s.state.GitDir, address}, Env: []string{ServeEnv + "=1"}, Address: address},
		10*time.Second, process.TCPReady(address))
}

// startFlux runs both controllers as administrator, with short retry intervals for fast tests.
func (s *starter) startFlux(ctx context.Context) error {
	storage, err := process.FreePort()
	if err != nil {
		return err
	}
	data := filepath.Join(s.state.Dir, "artifacts")
	if err := os.MkdirAll(data, 0o755); err != nil {
		return fmt.Errorf("create the artifact folder: %w", err)
	}
	address := fmt.Sprintf("127.0.0.1:%d", storage)
	if err := s.controller(ctx, "source-controller", "--storage-path="+data, "--storage-addr="+address, "--storage-adv-addr="+address,
		"--min-retry-delay=1s", "--max-retry-delay=10s"); err != nil {
		return err
	}
	return s.controller(ctx, "kustomize-controller", "--requeue-dependency=2s", "--concurrent=8")
}

func (s *starter) controller(ctx context.Context, name string, args ...string) error {
	health, err := process.FreePort()
	if err != nil {
		return err
	}
	tmp := filepath.Join(s.state.Dir, "tmp", name)
	if err := os.MkdirAll(tmp, 0o755); err != nil {
		return fmt.Errorf("create a folder for %s: %w", name, err)
	}
	address := fmt.Sprintf("127.0.0.1:%d", health)
	args = append(args, "--health-addr="+address, "--metrics-addr=0", "--events-addr=", "--interval-jitter-percentage=0", "--log-encoding=console")
	return s.Run(ctx, &process.Part{
		Name: name, Address: address, Args: args,
		Env: []string{"KUBECONFIG=" + s.state.Planes[""].Kubeconfig, "RUNTIME_NAMESPACE=flux-system", "TMPDIR=" + tmp},
	}, time.Minute, process.HTTPReady("http://"+address+"/readyz"))
}
