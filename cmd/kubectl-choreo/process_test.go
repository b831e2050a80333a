//go:build unix

package main

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestMain lets the test binary act as the program, so that a test can send signals to a separate process.
func TestMain(m *testing.M) {
	if os.Getenv("BE_KUBECTL_CHOREO") != "" {
		main()
	}
	os.Exit(m.Run())
}

// process is a running kubectl-choreo.
type process struct {
	*exec.Cmd
	stdin  io.WriteCloser
	output string // the folder of its stdout and stderr: a child process that outlives it may hold them open
}

func (p *process) said(stream string) string {
	text, _ := os.ReadFile(filepath.Join(p.output, stream))
	return string(text)
}

func start(t *testing.T, environment []string, args ...string) *process {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	p := &process{Cmd: exec.CommandContext(ctx, os.Args[0], args...), output: t.TempDir()}
	p.Env = append(append(os.Environ(), "BE_KUBECTL_CHOREO=1", "HOME="+t.TempDir(), "XDG_CONFIG_HOME="+t.TempDir()), environment...)
	for name, stream := range map[string]*io.Writer{"stdout": &p.Stdout, "stderr": &p.Stderr} {
		file, err := os.Create(filepath.Join(p.output, name))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = file.Close() })
		*stream = file
	}
	var err error
	if p.stdin, err = p.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	return p
}

// sign is closed when the command reaches the state in which the test interrupts it.
type sign struct {
	once sync.Once
	seen chan struct{}
}

func newSign() *sign { return &sign{seen: make(chan struct{})} }

func (s *sign) give() { s.once.Do(func() { close(s.seen) }) }

// pipe returns a FIFO and closes the sign when a process opens it for reading. It stays open and empty.
func pipe(t *testing.T, s *sign) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
	go func() {
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return
		}
		s.give()
		<-t.Context().Done()
		_ = f.Close()
	}()
	t.Cleanup(func() { // ends the goroutine if no process opened the FIFO
		if f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0); err == nil {
			_ = f.Close()
		}
	})
	return name
}

// program writes a shell script.
func program(t *testing.T, name, script string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	return file
}

// end waits until the command is in its state, sends it a signal, and returns how long the command ran on.
func (p *process) end(t *testing.T, ready *sign, s syscall.Signal) time.Duration {
	t.Helper()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = p.Wait()
	}()
	select {
	case <-ready.seen:
	case <-ended:
		t.Fatalf("it ended before a signal: %v\n%s%s", p.ProcessState, p.said("stdout"), p.said("stderr"))
	}
	begun := time.Now()
	if err := p.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
	<-ended
	return time.Since(begun)
}
