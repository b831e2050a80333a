// Package process runs the programs of the lab: each in a session of its own, with a log, and found again by its start time.
package process

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
)

// Part is one process of the lab, as stored in the state file.
type Part struct {
	Name    string   `json:"name"`
	Path    string   `json:"path"`
	Args    []string `json:"args"`
	Env     []string `json:"env,omitempty"`
	Log     string   `json:"log"`
	PID     int      `json:"pid"`
	Started string   `json:"started"` // the kernel's start time of PID, so that another process with a reused PID does not match
	Address string   `json:"address,omitempty"`

	Tied bool `json:"-"` // it ends with the command that started it
}

// Start runs the part in a new session, so that it outlives the command that started it unless it is tied to that command.
func (p *Part) Start() error {
	log, err := os.OpenFile(p.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("open the log of %s: %w", p.Name, err)
	}
	defer func() { _ = log.Close() }()
	cmd := exec.Command(p.Path, p.Args...)
	// Rarely collected garbage: with Go's default of 100, a fifth of the processor time of the lab's API server went into it.
	cmd.Env = append(append(os.Environ(), "GOGC=400", "GOMEMLIMIT=1500MiB"), p.Env...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if p.Tied {
		// The kernel sends it when the thread that forked ends. Go ends a thread only if a goroutine is locked to it.
		cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", p.Name, err)
	}
	p.PID = cmd.Process.Pid
	p.Started = startTime(p.PID)
	go func() { _ = cmd.Wait() }() // reap it; the process table shows its end
	return nil
}

// Alive reports whether the process that was started still runs.
func (p *Part) Alive() bool {
	return p.PID > 0 && p.Started != "" && startTime(p.PID) == p.Started
}

// startTime returns field 22 of /proc/PID/stat, or "" for a process that has ended or is a zombie.
func startTime(pid int) string {
	text, err := os.ReadFile(filepath.Join("/proc", fmt.Sprint(pid), "stat"))
	if err != nil {
		return ""
	}
	_, rest, ok := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	if !ok || len(fields) < 20 || fields[0] == "Z" {
		return ""
	}
	return fields[19]
}

// Signal sends a signal to the part.
func (p *Part) Signal(s syscall.Signal) error {
	if !p.Alive() {
		return fmt.Errorf("signal %s: it does not run; its log is %s", p.Name, p.Log)
	}
	if err := syscall.Kill(p.PID, s); err != nil {
		return fmt.Errorf("signal %s: %w", p.Name, err)
	}
	return nil
}

// Stop ends the part, first with SIGTERM.
func (p *Part) Stop(ctx context.Context) error {
	if !p.Alive() {
		return nil
	}
	_ = syscall.Kill(p.PID, syscall.SIGCONT)
	_ = syscall.Kill(p.PID, syscall.SIGTERM)
	gone := func(context.Context) (bool, error) { return !p.Alive(), nil }
	if wait.PollUntilContextTimeout(ctx, 50*time.Millisecond, 8*time.Second, true, gone) == nil {
		return nil
	}
	_ = syscall.Kill(p.PID, syscall.SIGKILL)
	if err := wait.PollUntilContextTimeout(ctx, 50*time.Millisecond, 5*time.Second, true, gone); err != nil {
		return fmt.Errorf("end %s (pid %d): %w", p.Name, p.PID, err)
	}
	return nil
}

// Await waits until ready succeeds. It fails with the tail of the log if the process ends or the time limit expires.
func (p *Part) Await(ctx context.Context, limit time.Duration, ready func(context.Context) error) error {
	var last error
	err := wait.PollUntilContextTimeout(ctx, 100*time.Millisecond, limit, true, func(ctx context.Context) (bool, error) {
		if !p.Alive() {
			return false, fmt.Errorf("it ended")
		}
		last = ready(ctx)
		return last == nil, nil
	})
	if err == nil {
		return nil
	}
	if last != nil {
		err = fmt.Errorf("%w: %w", err, last)
	}
	return fmt.Errorf("start %s: %w\nthe end of %s:\n%s", p.Name, err, p.Log, p.tail(25))
}

func (p *Part) tail(lines int) string {
	text, err := os.ReadFile(p.Log)
	if err != nil {
		return err.Error()
	}
	return LastLines(string(text), lines)
}

// LastLines returns the end of a text.
func LastLines(text string, n int) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if len(lines) > n {
		lines = lines[len(lines)-n:]
	}
	return strings.Join(lines, "\n")
}
