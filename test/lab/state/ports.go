package state

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/build"
)

// fixedPorts returns the two ports that cannot be configured: cluster-gateway's health on :8080 (openchoreo v1.2.3
// internal/cluster-gateway/server.go:180) and the manager's webhooks on :9443 (cmd/main.go:339, controller-runtime's default). So only
// one lab can run in a network namespace.
func fixedPorts() []int { return []int{8080, 9443} }

// ClaimPorts claims the fixed ports. If another lab holds them, it waits, or fails unless mayWait.
func (s *State) ClaimPorts(ctx context.Context, mayWait bool) error {
	cache, err := build.CacheDir()
	if err != nil {
		return err
	}
	file := filepath.Join(cache, "fixed-ports.json")
	holder := func() string { return fixedPortHolder(file, s.Dir) }
	if name := holder(); name != "" && !mayWait {
		return fmt.Errorf("start lab %s: %s holds the fixed ports %v of OpenChoreo; stop it with lab down, or wait with --wait", s.Name, name, fixedPorts())
	}
	err = wait.PollUntilContextCancel(ctx, time.Second, true, func(context.Context) (bool, error) { return holder() == "", nil })
	if err != nil {
		return fmt.Errorf("wait for ports %v, held by %s: %w", fixedPorts(), holder(), err)
	}
	text, err := json.Marshal(map[string]string{"dir": s.Dir})
	if err != nil {
		return fmt.Errorf("record the holder of the fixed ports: %w", err)
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return fmt.Errorf("record the holder of the fixed ports: %w", err)
	}
	return nil
}

// fixedPortHolder returns the lab or program that listens on a fixed port, or "".
func fixedPortHolder(file, own string) string {
	var holder struct{ Dir string }
	if text, err := os.ReadFile(file); err == nil && json.Unmarshal(text, &holder) == nil && holder.Dir != own {
		if s, err := Load(holder.Dir); err == nil && s != nil && s.AnyAlive() {
			return "lab " + s.Name + " in " + s.Dir
		}
	}
	for _, port := range fixedPorts() {
		l, err := net.Listen("tcp", fmt.Sprintf(":%d", port))
		if err != nil {
			return fmt.Sprintf("another program on port %d", port)
		}
		_ = l.Close()
	}
	return ""
}
