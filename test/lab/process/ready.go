package process

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

// FreePort returns an unused port from the kernel.
func FreePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// Running is a readiness check for parts without a server: it always succeeds.
func Running(context.Context) error { return nil }

// HTTPReady is a readiness check that expects status 200 of a URL.
func HTTPReady(url string) func(context.Context) error {
	return func(ctx context.Context) error {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return fmt.Errorf("GET %s: %w", url, err)
		}
		client := &http.Client{Timeout: 2 * time.Second}
		response, err := client.Do(request)
		if err != nil {
			return fmt.Errorf("GET %s: %w", url, err)
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusOK {
			return fmt.Errorf("GET %s: %s", url, response.Status)
		}
		return nil
	}
}

// TCPReady is a readiness check that connects to an address.
func TCPReady(address string) func(context.Context) error {
	return func(ctx context.Context) error {
		conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp", address)
		if err != nil {
			return fmt.Errorf("connect to %s: %w", address, err)
		}
		_ = conn.Close()
		return nil
	}
}

// LogContains is a readiness check that expects a text in the log of the part.
func (p *Part) LogContains(want string) func(context.Context) error {
	return func(context.Context) error {
		text, err := os.ReadFile(p.Log)
		if err != nil {
			return fmt.Errorf("read the log of %s: %w", p.Name, err)
		}
		if !strings.Contains(string(text), want) {
			return fmt.Errorf("the log does not contain %q", want)
		}
		return nil
	}
}
