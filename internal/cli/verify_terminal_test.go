//go:build linux

package cli

import (
	"strings"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/tui/tuitest"
)

// TestVerifyErasesItsProgress: on a terminal, only the result is left, also after Ctrl-C, and of few components as of many.
func TestVerifyErasesItsProgress(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		components int
		progress   string
		interrupt  bool
		exit       int
		leaves     string
	}{
		"One":       {0, "delivery", false, 0, "greeter-service  passed"},
		"Many":      {6, "6 components: 0 healthy, 0 failing, 0 unknown, 6 progressing", false, 0, "6 of 6 components passed"},
		"Interrupt": {0, "delivery", true, 130, "interrupted"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			terminal := tuitest.Open(t, 100, 50)
			g := gate(t, "healthy", c.components)
			finish := g.running()
			exit := runOn(t, terminal, map[string]string{"NO_COLOR": "1"},
				"verify", "-n", g.namespace, "--kubeconfig", g.kubeconfig, "--repo", t.TempDir(), "--stable-for", "0s", "--timeout", "1h")
			terminal.Await(t, c.progress)
			if c.interrupt {
				terminal.Press(t, "\x03")
			} else {
				finish()
			}
			if got := terminal.AwaitExit(t, exit); got != c.exit {
				t.Errorf("exit %d, want %d", got, c.exit)
			}
			terminal.CheckRestored(t)
			if shown := terminal.Shown(); !strings.Contains(shown, c.leaves) || strings.Contains(shown, c.progress) || strings.Contains(shown, "progressing") {
				t.Errorf("it left\n%s", shown)
			}
			if strings.Contains(terminal.Written(), tuitest.PageOpened) {
				t.Errorf("it opened a page of its own: %q", terminal.Written())
			}
		})
	}
}

// TestVerifyInAPipe has its progress as lines, and no escape sequence.
func TestVerifyInAPipe(t *testing.T) {
	t.Parallel()
	for name, components := range map[string]int{"One": 0, "Many": 6} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				g := gateInBubble(t, "healthy", components)
				time.AfterFunc(4*time.Second, g.running())
				stdout, stderr := g.holds(t, 0, []string{"passed"}, "--stable-for", "1s", "--timeout", "1m")
				if !strings.Contains(stderr, "progressing") || strings.Contains(stdout+stderr, "\x1b") {
					t.Errorf("stdout %q, stderr %q", stdout, stderr)
				}
			})
		})
	}
}
