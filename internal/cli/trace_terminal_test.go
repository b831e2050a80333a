//go:build linux

package cli

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
)

// console is a terminal of which a test is the other side.
type console struct {
	keyboard, program *os.File

	mu    sync.Mutex
	shown strings.Builder
}

func openConsole(t *testing.T, columns, rows uint16) *console {
	t.Helper()
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no terminal can be made here: %v", err)
	}
	t.Cleanup(func() { _ = keyboard.Close() })
	fd := int(keyboard.Fd())
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Col: columns, Row: rows}); err != nil {
		t.Fatal(err)
	}
	program, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = program.Close() })
	c := &console{keyboard: keyboard, program: program}
	go c.read()
	return c
}

func (c *console) read() {
	part := make([]byte, 4096)
	for {
		n, err := c.keyboard.Read(part)
		if err != nil {
			return
		}
		c.mu.Lock()
		c.shown.Write(part[:n])
		c.mu.Unlock()
	}
}

func (c *console) text() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.shown.String()
}

// left is what was shown after the page was closed.
func (c *console) left() string {
	_, left, _ := strings.Cut(c.text(), pageClosed)
	return left
}

// hung is how long a busy machine may take for anything that a test waits for.
const hung = 3 * time.Minute

// await waits until some words are shown.
func await(t *testing.T, shown func() string, words string) {
	t.Helper()
	ticks := time.NewTicker(10 * time.Millisecond)
	defer ticks.Stop()
	late := time.NewTimer(hung)
	defer late.Stop()
	for !strings.Contains(shown(), words) {
		select {
		case <-ticks.C:
		case <-late.C:
			t.Fatalf("it was never shown %q:\n%q", words, shown())
		}
	}
}

func (c *console) press(t *testing.T, key string) {
	t.Helper()
	if _, err := c.keyboard.WriteString(key); err != nil {
		t.Fatal(err)
	}
}

// watchOn runs trace -w on a terminal. The exit code comes when it ends.
func (g gated) watchOn(t *testing.T, c *console, environment map[string]string, args ...string) (exit chan int) {
	t.Helper()
	ctx, interrupt := context.WithCancel(context.WithoutCancel(t.Context()))
	t.Cleanup(interrupt)
	exit = make(chan int, 1)
	args = append([]string{"kubectl-choreo", "trace", "greeter-service", "-w", "-n", g.namespace, "--kubeconfig", g.kubeconfig, "--repo", t.TempDir()}, args...)
	go func() {
		exit <- Main(ctx, iostreams.IOStreams{
			Args: args, In: c.program, Out: c.program, Err: c.program, Interrupt: interrupt,
			Getenv: func(name string) string { return environment[name] },
		})
	}()
	return exit
}

const (
	pageOpened = "\x1b[?1049h"
	pageClosed = "\x1b[?1049l"
)

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
			terminal := openConsole(t, 80, 50)
			before, err := unix.IoctlGetTermios(int(terminal.program.Fd()), unix.TCGETS)
			if err != nil {
				t.Fatal(err)
			}
			exit := gate(t, c.scenario, 0).watchOn(t, terminal, c.environment)
			await(t, terminal.text, "q quit")
			terminal.press(t, c.key)
			if got := <-exit; got != c.exit {
				t.Errorf("exit %d, want %d", got, c.exit)
			}
			await(t, terminal.left, c.leaves)
			drawn, left, closed := strings.Cut(terminal.text(), pageClosed)
			if !strings.Contains(drawn, pageOpened) || !closed || strings.Contains(left, c.not) || !strings.Contains(left, c.leaves) {
				t.Errorf("it drew\n%q\nand left\n%q", drawn, left)
			}
			after, err := unix.IoctlGetTermios(int(terminal.program.Fd()), unix.TCGETS)
			if err != nil || *after != *before {
				t.Errorf("the terminal is %+v, was %+v, %v", after, before, err)
			}
		})
	}
}

// TestTraceWatchEndsOnATerminal by itself, without a key.
func TestTraceWatchEndsOnATerminal(t *testing.T) {
	t.Parallel()
	terminal := openConsole(t, 200, 60)
	g := gate(t, "healthy", 0)
	finish := g.running()
	exit := g.watchOn(t, terminal, nil, "--until", "healthy")
	await(t, terminal.text, "ends when healthy; ? help, q quit")
	finish()
	if got := <-exit; got != 0 {
		t.Errorf("exit %d, want 0", got)
	}
	await(t, terminal.left, "delivery  progressing → ok")
	left := terminal.left()
	for _, words := range []string{" in development, staging at ", "Changes\r\n", "delivery  progressing → ok"} {
		if !strings.Contains(left, words) {
			t.Errorf("it left no %q:\n%s", words, left)
		}
	}
}

// TestTraceWatchBesideALog: where the log of requests goes to a terminal, nothing is drawn over it. Each change is a line.
func TestTraceWatchBesideALog(t *testing.T) {
	t.Parallel()
	terminal := openConsole(t, 80, 50)
	exit := gate(t, "healthy", 0).watchOn(t, terminal, nil, "--until", "healthy", "-v", "6")
	if got := <-exit; got != 0 {
		t.Errorf("exit %d, want 0", got)
	}
	await(t, terminal.text, "greeter-service  healthy")
	if strings.Contains(terminal.text(), pageOpened) {
		t.Errorf("it drew %q", terminal.text())
	}
}
