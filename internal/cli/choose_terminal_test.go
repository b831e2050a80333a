//go:build linux

package cli

import (
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/tui/tuitest"
)

// TestPickOnATerminal: trace offers the components of the namespace, verify also all of them. Esc leaves without a result.
func TestPickOnATerminal(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		command string
		keys    string
		exit    int
		prints  string
	}{
		"Trace":     {"trace", "0001\r", 0, "greeter-0001   project demo"},
		"TraceNone": {"trace", "\x1b", 1, "error: nothing selected"},
		"VerifyAll": {"verify", "\r", 0, "2 of 2 components passed"},
		"VerifyOne": {"verify", "0001\r", 0, "greeter-0001 passed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := gate(t, "healthy", 2)
			terminal := tuitest.Open(t, 100, 40)
			exit := runOn(t, terminal, map[string]string{"NO_COLOR": "1"}, c.command, "--kubeconfig", g.kubeconfig, "--repo", t.TempDir())
			terminal.Await(t, "type to filter")
			terminal.Press(t, c.keys)
			if got := terminal.AwaitExit(t, exit); got != c.exit {
				t.Errorf("exit %d, want %d", got, c.exit)
			}
			terminal.AwaitIn(t, terminal.Written, c.prints)
		})
	}
}
