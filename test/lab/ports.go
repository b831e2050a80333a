package lab

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
)

// freePort returns an unused port from the kernel.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// fixedPorts returns the two ports that cannot be configured: cluster-gateway serves its health on :8080 (openchoreo v1.2.3
// internal/cluster-gateway/server.go:180), and the manager its webhooks on :9443 (cmd/main.go:339, controller-runtime's
// default). So only one lab runs at a time on a machine, or in a network namespace.
func fixedPorts() []int { return []int{8080, 9443} }

// claim waits until no other lab holds the fixed ports; unless patient, it fails with the name of that lab.
func (l *Lab) claim(ctx context.Context, patient bool) error {
	cache, err := cacheDir()
	if err != nil {
		return err
	}
	note := filepath.Join(cache, "fixed-ports.json")
	holder := func() string { return fixedPortHolder(note, l.state.Dir) }
	if name := holder(); name != "" && !patient {
		return fmt.Errorf("start lab %s: %s holds ports %v, which OpenChoreo fixes; end it with lab down, or wait for it with --wait", l.state.Name, name, fixedPorts())
	}
	err = wait.PollUntilContextCancel(ctx, time.Second, true, func(context.Context) (bool, error) { return holder() == "", nil })
	if err != nil {
		return fmt.Errorf("wait for ports %v, held by %s: %w", fixedPorts(), holder(), err)
	}
	text, err := json.Marshal(map[string]string{"dir": l.state.Dir})
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
		if s, err := load(holder.Dir); err == nil && s != nil && s.anyAlive() {
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

func (s *state) anyAlive() bool {
	for _, p := range s.Parts {
		if p.Alive() {
			return true
		}
	}
	return false
}

// answers is a readiness check: the URL must respond with 200.
func answers(url string) func(context.Context) error {
	return func(ctx context.Context) error {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return fmt.Errorf("ask %s: %w", url, err)
		}
		client := &http.Client{Timeout: 2 * time.Second}
		response, err := client.Do(request)
		if err != nil {
			return fmt.Errorf("ask %s: %w", url, err)
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusOK {
			return fmt.Errorf("ask %s: %s", url, response.Status)
		}
		return nil
	}
}

// listens is a readiness check: the address must accept a connection.
func listens(address string) func(context.Context) error {
	return func(ctx context.Context) error {
		conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp", address)
		if err != nil {
			return fmt.Errorf("connect to %s: %w", address, err)
		}
		_ = conn.Close()
		return nil
	}
}
