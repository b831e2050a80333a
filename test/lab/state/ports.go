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

// fixedPorts returns the two ports that cannot be configured: cluster-gateway serves its health on :8080 (openchoreo v1.2.3
// internal/cluster-gateway/server.go:180), and the manager its webhooks on :9443 (cmd/main.go:339, controller-runtime's
// default). So only one lab runs at a time on a machine, or in a network namespace.
func fixedPorts() []int { return []int{8080, 9443} }

// ClaimPorts waits until no other lab holds the fixed ports; unless patient, it fails with the name of that lab.
func (s *State) ClaimPorts(ctx context.Context, patient bool) error {
	cache, err := build.CacheDir()
	if err != nil {
		return err
	}
	note := filepath.Join(cache, "fixed-ports.json")
	holder := func() string { return fixedPortHolder(note, s.Dir) }
	if name := holder(); name != "" && !patient {
		return fmt.Errorf("start lab %s: %s holds ports %v, which OpenChoreo fixes; end it with lab down, or wait for it with --wait", s.Name, name, fixedPorts())
	}
	err = wait.PollUntilContextCancel(ctx, time.Second, true, func(context.Context) (bool, error) { return holder() == "", nil })
	if err != nil {
		return fmt.Errorf("wait for ports %v, held by %s: %w", fixedPorts(), holder(), err)
	}
	text, err := json.Marshal(map[string]string{"dir": s.Dir})
	if err != nil {
		return fmt.Errorf("note the holder of the fixed ports: %w", err)
	}
	if err := os.WriteFile(note, text, 0o644); err != nil {
		return fmt.Errorf("note the holder of the fixed ports: %w", err)
	}
	return nil
}

// fixedPortHolder names the process that listens on a fixed port, or "" if there is none.
func fixedPortHolder(note, own string) string {
	var holder struct{ Dir string }
	if text, err := os.ReadFile(note); err == nil && json.Unmarshal(text, &holder) == nil && holder.Dir != own {
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
