//go:build linux

package cli

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"

	"github.com/kubectl-choreo/kubectl-choreo/internal/tui/tuitest"
)

// TestOpenOnATerminal: a URL of http or https is opened, as one argument and without a shell; another is only printed.
func TestOpenOnATerminal(t *testing.T) {
	folder := t.TempDir()
	opened := filepath.Join(folder, "opened")
	if err := os.WriteFile(filepath.Join(folder, "xdg-open"), []byte("#!/bin/sh\nprintf '%s' \"$#:$1\" >"+opened+".part\n/bin/mv "+opened+".part "+opened+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", folder)
	for address, want := range map[string]struct{ opens, prints, args string }{
		"http://a.example/$(id)&x":       {opens: "1:http://a.example/$(id)&x", prints: "http://a.example/$(id)&x"},
		"http://b.example":               {prints: "http://b.example", args: "--print"},
		"javascript:alert(1)://x":        {prints: "not opened: it is not a URL of http or https"},
		"http://a.dp.svc.cluster.local/": {prints: "to forward a port, use kubectl port-forward"},
	} {
		_ = os.Remove(opened)
		terminal := tuitest.Open(t, 200, 20)
		args := []string{"open", "greeter-service", "-n", "healthy", "-e", "development", "--kubeconfig", withEndpoints(t, "http external "+address)}
		if want.args != "" {
			args = append(args, want.args)
		}
		exit := runOn(t, terminal, map[string]string{"DISPLAY": ":0"}, args...)
		if got := terminal.AwaitExit(t, exit); got != 0 {
			t.Errorf("%s: exit %d", address, got)
		}
		terminal.AwaitIn(t, terminal.Written, want.prints)
		if want.opens != "" {
			awaitFile(t, opened, want.opens)
			continue
		}
		if text, err := os.ReadFile(opened); err == nil {
			t.Errorf("%s was opened: %s", address, text)
		}
	}
}

// awaitFile waits until another process has written a file.
func awaitFile(t *testing.T, file, want string) {
	t.Helper()
	var text []byte
	err := wait.PollUntilContextTimeout(t.Context(), 10*time.Millisecond, 30*time.Second, true, func(context.Context) (bool, error) {
		var err error
		text, err = os.ReadFile(file)
		return err == nil, nil
	})
	if err != nil || string(text) != want {
		t.Errorf("%q, %v; want %q", text, err, want)
	}
}
