package lab

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

// Part is one process of the lab, as it is kept in the state file.
type Part struct {
	Name    string   `json:"name"`
	Path    string   `json:"path"`
	Args    []string `json:"args"`
	Env     []string `json:"env,omitempty"`
	Log     string   `json:"log"`
	PID     int      `json:"pid"`
	Started string   `json:"started"` // the kernel's start time of PID, so that a reused number is never taken for ours
	Address string   `json:"address,omitempty"`

	tied bool // it dies with the command that started it
}

// start runs the part in a session of its own, so that it outlives the command that started it unless it is tied to it.
func (p *Part) start() error {
	log, err := os.OpenFile(p.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("open the log of %s: %w", p.Name, err)
	}
	defer func() { _ = log.Close() }()
	cmd := exec.Command(p.Path, p.Args...)
	cmd.Env = append(os.Environ(), p.Env...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if p.tied {
		// The kernel sends it when the thread that forked ends; Go ends no thread that no goroutine is locked to.
		cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", p.Name, err)
	}
	p.PID = cmd.Process.Pid
	p.Started = startTime(p.PID)
	go func() { _ = cmd.Wait() }() // reap it; its end is seen through the process table
	return nil
}

// Alive reports whether the very process that was started still runs.
func (p *Part) Alive() bool {
	return p.PID > 0 && p.Started != "" && startTime(p.PID) == p.Started
}

// startTime is field 22 of /proc/PID/stat, "" for a process that is gone or only waits to be reaped.
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

func (p *Part) signal(s syscall.Signal) error {
	if !p.Alive() {
		return fmt.Errorf("signal %s: it does not run; its log is %s", p.Name, p.Log)
	}
	if err := syscall.Kill(p.PID, s); err != nil {
		return fmt.Errorf("signal %s: %w", p.Name, err)
	}
	return nil
}

// stop ends the part, politely first.
func (p *Part) stop(ctx context.Context) error {
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

// await waits until ready says yes, and gives up with the tail of the log when the process ends or the time is over.
func (p *Part) await(ctx context.Context, limit time.Duration, ready func(context.Context) error) error {
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
	return lastLines(string(text), lines)
}
