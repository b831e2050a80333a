//go:build linux

package cli

import (
	"context"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
)

// TestTraceWatchKeys: each key shows its page on a real terminal; q closes the page and then ends.
func TestTraceWatchKeys(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		scenario string
		keys     []string // each with what must be shown after it
		exit     int
	}{
		"Help":         {"healthy", []string{"?", "copy the next command", "\x1b", "? help, q quit"}, 0},
		"Logs":         {"pod-crash-loop", []string{"l", "Logs"}, 2},
		"Events":       {"pod-crash-loop", []string{"e", "Warning events", "", "BackOff"}, 2},
		"Environments": {"healthy", []string{"f", "only development", "\x1b", "staging"}, 0},
		"Scroll":       {"healthy", []string{"j", "lines 1-"}, 0},
		"Copy":         {"pod-crash-loop", []string{"y", "sent to the terminal's clipboard: kubectl"}, 2},
		"Open":         {"healthy", []string{"o", "Press a number", "1", "no browser found"}, 0},
		"Refuse":       {"healthy", []string{"r", "Reconcile greeter-service? [y/N]", "n", "not reconciled"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			terminal := openConsole(t, 80, 20)
			g, flux := gateFluxed(t, c.scenario)
			exit := g.watchOn(t, terminal, nil)
			await(t, terminal.text, "? help, q quit")
			for i := 0; i < len(c.keys); i += 2 {
				seen := len(terminal.text())
				if terminal.press(t, c.keys[i]); c.keys[i] == "" {
					seen = 0
				}
				await(t, func() string { return terminal.text()[seen:] }, c.keys[i+1])
			}
			if got := terminal.leave(t, exit); got != c.exit || flux.written() != "" {
				t.Errorf("exit %d, want %d; annotated: %q", got, c.exit, flux.written())
			}
		})
	}
}

// leave presses q until the program ends: the first one may close a page.
func (c *console) leave(t *testing.T, exit chan int) int {
	t.Helper()
	ticks := time.NewTicker(100 * time.Millisecond)
	defer ticks.Stop()
	late := time.NewTimer(hung)
	defer late.Stop()
	for {
		c.press(t, "q")
		select {
		case code := <-exit:
			return code
		case <-ticks.C:
		case <-late.C:
			t.Fatalf("q does not end it:\n%q", c.text())
		}
	}
}

// clipboard is what a terminal was told to copy (OSC 52).
func (c *console) clipboard(t *testing.T) string {
	t.Helper()
	_, after, _ := strings.Cut(c.text(), "\x1b]52;c;")
	text, err := base64.StdEncoding.DecodeString(after[:max(strings.IndexAny(after, "\x07\x1b"), 0)])
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestTraceWatchCopies the first command that the trace prints.
func TestTraceWatchCopies(t *testing.T) {
	t.Parallel()
	terminal := openConsole(t, 200, 60)
	exit := gate(t, "pod-crash-loop", 0).watchOn(t, terminal, nil)
	await(t, terminal.text, "? help, q quit")
	terminal.press(t, "y")
	await(t, terminal.text, "\x1b]52;c;")
	terminal.leave(t, exit)
	await(t, terminal.left, "Next: ")
	_, next, _ := strings.Cut(terminal.left(), "Next: ")
	next, _, _ = strings.Cut(next[strings.Index(next, "kubectl "):], "\r\n")
	if got := terminal.clipboard(t); got != next || !strings.HasPrefix(got, "kubectl ") {
		t.Errorf("copied %q, want %q", got, next)
	}
}

// TestTraceWatchReconciles after y, as the command reconcile does, and shows its result. The watch goes on.
func TestTraceWatchReconciles(t *testing.T) {
	t.Parallel()
	terminal := openConsole(t, 100, 40)
	g, flux := gateFluxed(t, "healthy")
	exit := g.watchOn(t, terminal, nil)
	await(t, terminal.text, "? help, q quit")
	terminal.press(t, "r")
	await(t, terminal.text, "[y/N]")
	if flux.written() != "" {
		t.Errorf("annotated before the answer: %q", flux.written())
	}
	terminal.press(t, "y")
	await(t, terminal.text, "reconcile: Reconciled in ")
	if got := flux.written(); !strings.HasPrefix(got, "GitRepository ") {
		t.Errorf("annotated: %q", got)
	}
	if got := terminal.leave(t, exit); got != 0 {
		t.Errorf("exit %d, want 0", got)
	}
}

// TestTraceWatchInterruptedOnAPage: Ctrl-C ends on each page and in a question, and the terminal is as it was.
func TestTraceWatchInterruptedOnAPage(t *testing.T) {
	t.Parallel()
	for key, page := range map[string]string{"?": "Keys", "l": "Logs", "e": "Warning events", "r": "[y/N]"} {
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			terminal := openConsole(t, 80, 24)
			before, err := unix.IoctlGetTermios(int(terminal.program.Fd()), unix.TCGETS)
			if err != nil {
				t.Fatal(err)
			}
			exit := gate(t, "pod-crash-loop", 0).watchOn(t, terminal, nil)
			await(t, terminal.text, "? help, q quit")
			terminal.press(t, key)
			await(t, terminal.text, page)
			terminal.press(t, "\x03")
			if got := <-exit; got != 130 {
				t.Errorf("exit %d, want 130", got)
			}
			await(t, terminal.left, "interrupted")
			if after, err := unix.IoctlGetTermios(int(terminal.program.Fd()), unix.TCGETS); err != nil || *after != *before {
				t.Errorf("the terminal is %+v, was %+v, %v", after, before, err)
			}
		})
	}
}

// TestTraceWatchTerminated: SIGTERM restores the terminal as well.
func TestTraceWatchTerminated(t *testing.T) {
	t.Parallel()
	terminal := openConsole(t, 80, 24)
	g := gate(t, "healthy", 0)
	ctx, end := context.WithCancelCause(context.WithoutCancel(t.Context()))
	exit := make(chan int, 1)
	go func() {
		exit <- Main(ctx, iostreams.IOStreams{
			Args: []string{"kubectl-choreo", "trace", "greeter-service", "-w", "-n", g.namespace, "--kubeconfig", g.kubeconfig, "--repo", t.TempDir()},
			In:   terminal.program, Out: terminal.program, Err: terminal.program, Interrupt: func() { end(nil) }, Getenv: func(string) string { return "" },
		})
	}()
	await(t, terminal.text, "? help, q quit")
	end(ErrTerminated)
	if got := <-exit; got != 143 {
		t.Errorf("exit %d, want 143", got)
	}
	await(t, terminal.left, "terminated")
}

// TestTraceWatchResizes: a window that becomes longer shows the whole trace.
func TestTraceWatchResizes(t *testing.T) {
	t.Parallel()
	terminal := openConsole(t, 80, 20)
	exit := gate(t, "healthy", 0).watchOn(t, terminal, nil)
	await(t, terminal.text, "shortened")
	seen := len(terminal.text())
	if err := unix.IoctlSetWinsize(int(terminal.keyboard.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Col: 80, Row: 60}); err != nil {
		t.Fatal(err)
	}
	_ = unix.Kill(unix.Getpid(), unix.SIGWINCH) // the kernel sends it to whoever has the terminal as its own
	await(t, func() string { return terminal.text()[seen:] }, "GitRepository")
	terminal.leave(t, exit)
}
