// Package process runs the programs of the lab, each in a separate session and with a log file.
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
	Started string   `json:"started"` // start time of PID from the kernel, to detect a reused PID
	Address string   `json:"address,omitempty"`

	EndsWithParent bool `json:"-"` // the kernel kills it when the process that started it ends
}

// Start runs the part in a new session, so that it keeps running after this process ends, unless EndsWithParent.
func (p *Part) Start() error {
	log, err := os.OpenFile(p.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("open the log of %s: %w", p.Name, err)
	}
	defer func() { _ = log.Close() }()
	cmd := exec.Command(p.Path, p.Args...)
	// With the default GOGC of 100, garbage collection takes a fifth of the API server's CPU time.
	cmd.Env = append(append(os.Environ(), "GOGC=400", "GOMEMLIMIT=1500MiB"), p.Env...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if p.EndsWithParent {
		// The kernel sends the signal when the forking thread ends. Go ends a thread only if a goroutine is locked to it.
		cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", p.Name, err)
	}
	p.PID = cmd.Process.Pid
	p.Started = startTime(p.PID)
	go func() { _ = cmd.Wait() }() // reaps it; Alive reads the process table
	return nil
}

// Alive reports whether the process is running.
func (p *Part) Alive() bool {
	return p.PID > 0 && p.Started != "" && startTime(p.PID) == p.Started
}

// startTime returns field 22 of /proc/PID/stat, or "" if the process has ended or is a zombie.
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
		return fmt.Errorf("signal %s: it is not running; its log is %s", p.Name, p.Log)
	}
	if err := syscall.Kill(p.PID, s); err != nil {
		return fmt.Errorf("signal %s: %w", p.Name, err)
	}
	return nil
}

// Stop terminates the part with SIGTERM, and after 8 seconds with SIGKILL.
func (p *Part) Stop(ctx context.Context) error {
	if !p.Alive() {
		return nil
	}
	_ = syscall.Kill(p.PID, syscall.SIGCONT)
	_ = syscall.Kill(p.PID, syscall.SIGTERM)
	ended := func(context.Context) (bool, error) { return !p.Alive(), nil }
	if wait.PollUntilContextTimeout(ctx, 50*time.Millisecond, 8*time.Second, true, ended) == nil {
		return nil
	}
	_ = syscall.Kill(p.PID, syscall.SIGKILL)
	if err := wait.PollUntilContextTimeout(ctx, 50*time.Millisecond, 5*time.Second, true, ended); err != nil {
		return fmt.Errorf("stop %s (pid %d): %w", p.Name, p.PID, err)
	}
	return nil
}

// WaitReady waits until ready succeeds. If the process ends or the limit expires, the error has the last lines of its log.
func (p *Part) WaitReady(ctx context.Context, limit time.Duration, ready func(context.Context) error) error {
	var last error
	err := wait.PollUntilContextTimeout(ctx, 100*time.Millisecond, limit, true, func(ctx context.Context) (bool, error) {
		if !p.Alive() {
			return false, fmt.Errorf("the process ended")
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
	return fmt.Errorf("start %s: %w\nlast lines of %s:\n%s", p.Name, err, p.Log, p.tail(25))
}

func (p *Part) tail(lines int) string {
	text, err := os.ReadFile(p.Log)
	if err != nil {
		return err.Error()
	}
	return LastLines(string(text), lines)
}

// LastLines returns the last n lines of a text.
func LastLines(text string, n int) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if len(lines) > n {
		lines = lines[len(lines)-n:]
	}
	return strings.Join(lines, "\n")
}
