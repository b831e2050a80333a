//go:build linux

// Package tuitest is a terminal for tests: what a program draws on it is read as a user sees it, cell by cell.
package tuitest

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/charmbracelet/x/vt"
	"golang.org/x/sys/unix"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
)

// These are the sequences that switch a terminal to a page of its own, and back.
const (
	PageOpened = "\x1b[?1049h"
	PageClosed = "\x1b[?1049l"
)

// Console is a pseudo-terminal. A test has its keyboard and its screen, a program the other end.
type Console struct {
	Program *os.File

	keyboard *os.File
	before   unix.Termios

	mu      sync.Mutex
	written strings.Builder
	screen  *vt.Emulator
	changed chan struct{} // closed at the next change
}

// Open opens a terminal of that size.
func Open(t *testing.T, columns, rows int) *Console {
	t.Helper()
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no terminal can be made here: %v", err)
	}
	t.Cleanup(func() { _ = keyboard.Close() })
	c := &Console{keyboard: keyboard, screen: vt.NewEmulator(columns, rows), changed: make(chan struct{})}
	number, err := unix.IoctlGetInt(int(keyboard.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(int(keyboard.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	c.setSize(t, columns, rows)
	if c.Program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0); err != nil {
		t.Fatal(err)
	}
	program := int(c.Program.Fd())
	t.Cleanup(func() { hangUp(t, program) })
	c.before = c.mode(t)
	go c.read()
	go func() { _, _ = io.Copy(keyboard, c.screen) }() // a terminal answers the queries of a program
	return c
}

// hangUp closes the side of the program. Its File stays, on /dev/null: the keyboard of a program that a panic has ended may still be read, and
// File.Close would be a data race with File.Fd.
func hangUp(t *testing.T, program int) {
	t.Helper()
	nothing, err := os.Open(os.DevNull)
	if err != nil {
		t.Error(err)
		return
	}
	defer func() { _ = nothing.Close() }()
	if err := unix.Dup3(int(nothing.Fd()), program, unix.O_CLOEXEC); err != nil {
		t.Error(err)
	}
}

func (c *Console) setSize(t *testing.T, columns, rows int) {
	t.Helper()
	if err := unix.IoctlSetWinsize(int(c.keyboard.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Col: uint16(columns), Row: uint16(rows)}); err != nil {
		t.Fatal(err)
	}
}

func (c *Console) mode(t *testing.T) unix.Termios {
	t.Helper()
	mode, err := unix.IoctlGetTermios(int(c.Program.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	return *mode
}

func (c *Console) read() {
	part := make([]byte, 4096)
	for {
		n, err := c.keyboard.Read(part)
		c.mu.Lock()
		c.written.Write(part[:n])
		_, _ = c.screen.Write(part[:n])
		close(c.changed)
		c.changed = make(chan struct{})
		c.mu.Unlock()
		if err != nil {
			_ = c.screen.InputPipe().(io.Closer).Close()
			return
		}
	}
}

// Streams are those of a program on the terminal.
func (c *Console) Streams(interrupt func(), environment map[string]string, args ...string) iostreams.IOStreams {
	return iostreams.IOStreams{
		Args: append([]string{"kubectl-choreo"}, args...), In: c.Program, Out: c.Program, Err: c.Program,
		Interrupt: interrupt, Getenv: func(name string) string { return environment[name] },
	}
}

// Press presses keys.
func (c *Console) Press(t *testing.T, keys string) {
	t.Helper()
	if _, err := c.keyboard.WriteString(keys); err != nil {
		t.Fatal(err)
	}
}

// Resize changes the size of the window. The kernel tells this only to those whose own terminal it is, so the test tells itself.
func (c *Console) Resize(t *testing.T, columns, rows int) {
	t.Helper()
	c.mu.Lock()
	c.screen.Resize(columns, rows)
	c.mu.Unlock()
	c.setSize(t, columns, rows)
	if err := unix.Kill(unix.Getpid(), unix.SIGWINCH); err != nil {
		t.Fatal(err)
	}
}

// Written is everything that was written to the terminal.
func (c *Console) Written() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.written.String()
}

// Shown is what the screen shows.
func (c *Console) Shown() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return strings.TrimRight(c.screen.String(), "\n")
}

// Left is what was written after the page was closed.
func (c *Console) Left() string {
	_, left, _ := strings.Cut(c.Written(), PageClosed)
	return left
}

// modes are the private modes of the terminal that a program sets (h) and resets (l).
var modes = regexp.MustCompile("\x1b\\[\\?([0-9]+)([hl])")

// CheckRestored fails the test where the terminal is not as it was: the mode of its line, the page, the cursor and whatever else was
// switched on. Call it after the program has ended.
func (c *Console) CheckRestored(t *testing.T) {
	t.Helper()
	if after := c.mode(t); after != c.before {
		t.Errorf("the mode of the line is %+v, was %+v", after, c.before)
	}
	c.drain(t)
	state := map[string]string{}
	for _, m := range modes.FindAllStringSubmatch(c.Written(), -1) {
		state[m[1]] = m[2]
	}
	const cursor = "25" // it is visible in the beginning
	if state[cursor] == "l" {
		t.Error("the cursor is hidden")
	}
	delete(state, cursor)
	for mode, set := range state {
		if set == "h" {
			t.Errorf("mode %s is still set: %q", mode, c.Written())
		}
	}
}

// drain waits until everything that was written has been read.
func (c *Console) drain(t *testing.T) {
	t.Helper()
	const mark = "\x1b]7777;drained\x07" // no terminal shows it
	if _, err := c.Program.WriteString(mark); err != nil {
		t.Fatal(err)
	}
	c.AwaitIn(t, c.Written, mark)
}
