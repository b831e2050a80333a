//go:build linux

package cli

import (
	"context"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/tui/tuitest"
)

// watchOn runs trace -w on a terminal. The exit code comes when it ends.
func (g gated) watchOn(t *testing.T, c *tuitest.Console, environment map[string]string, args ...string) (exit chan int) {
	t.Helper()
	return runOn(t, c, environment, append([]string{"trace", "greeter-service", "-w", "-n", g.namespace, "--kubeconfig", g.kubeconfig, "--repo", t.TempDir()}, args...)...)
}

// unhurried lets a busy machine take its time: the clusters of these tests share it.
const unhurried = "--request-timeout=1h"

// runOn runs a command on a terminal. The exit code comes when it ends.
func runOn(t *testing.T, c *tuitest.Console, environment map[string]string, args ...string) (exit chan int) {
	t.Helper()
	ctx, interrupt := context.WithCancel(context.WithoutCancel(t.Context()))
	t.Cleanup(interrupt)
	exit = make(chan int, 1)
	go func() { exit <- Main(ctx, c.Streams(interrupt, environment, append(args, unhurried)...)) }()
	return exit
}

// TestTraceWatchOnATerminal: q leaves how things stood and ends with its code, Ctrl-C ends with 130; either way the terminal is as it was.
func TestTraceWatchOnATerminal(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		scenario, key string
		environment   map[string]string
		exit          int
		leaves        string
		not           string
	}{
		"Quit":       {"healthy", "q", nil, 0, " in development, staging at ", "interrupted"},
		"QuitFailed": {"pod-crash-loop", "q", nil, 2, "Failed at: ", "interrupted"},
		"NoColor":    {"healthy", "q", map[string]string{"NO_COLOR": "1"}, 0, " in development, staging at ", "\x1b[32m"},
		"Interrupt":  {"healthy", "\x03", nil, 130, "interrupted", " in development, staging at "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			terminal := tuitest.Open(t, 80, 50)
			exit := gate(t, c.scenario, 0).watchOn(t, terminal, c.environment)
			terminal.Await(t, "q quit")
			terminal.Press(t, c.key)
			if got := terminal.AwaitExit(t, exit); got != c.exit {
				t.Errorf("exit %d, want %d", got, c.exit)
			}
			terminal.AwaitIn(t, terminal.Left, c.leaves)
			drawn, left, closed := strings.Cut(terminal.Written(), tuitest.PageClosed)
			if !strings.Contains(drawn, tuitest.PageOpened) || !closed || strings.Contains(left, c.not) || !strings.Contains(left, c.leaves) {
				t.Errorf("it drew\n%q\nand left\n%q", drawn, left)
			}
			terminal.CheckRestored(t)
		})
	}
}

// TestTraceWatchEndsOnATerminal by itself, without a key.
func TestTraceWatchEndsOnATerminal(t *testing.T) {
	t.Parallel()
	terminal := tuitest.Open(t, 200, 60)
	g := gate(t, "healthy", 0)
	finish := g.running()
	exit := g.watchOn(t, terminal, nil, "--until", "healthy")
	terminal.Await(t, "ends when healthy; ? help, q quit")
	finish()
	if got := terminal.AwaitExit(t, exit); got != 0 {
		t.Errorf("exit %d, want 0", got)
	}
	terminal.AwaitIn(t, terminal.Left, "delivery  progressing → ok")
	left := terminal.Left()
	for _, words := range []string{" in development, staging at ", "Changes\r\n", "delivery  progressing → ok"} {
		if !strings.Contains(left, words) {
			t.Errorf("it left no %q:\n%s", words, left)
		}
	}
}

// TestTraceWatchBesideALog: where the log of requests goes to a terminal, nothing is drawn over it. Each change is a line.
func TestTraceWatchBesideALog(t *testing.T) {
	t.Parallel()
	terminal := tuitest.Open(t, 80, 50)
	exit := gate(t, "healthy", 0).watchOn(t, terminal, nil, "--until", "healthy", "-v", "6")
	if got := terminal.AwaitExit(t, exit); got != 0 {
		t.Errorf("exit %d, want 0", got)
	}
	terminal.AwaitIn(t, terminal.Written, "greeter-service  healthy")
	if strings.Contains(terminal.Written(), tuitest.PageOpened) {
		t.Errorf("it drew %q", terminal.Written())
	}
}
