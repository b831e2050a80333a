package process

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// sleeper returns a part that runs a shell script.
func sleeper(t *testing.T, script string) *Part {
	t.Helper()
	return &Part{Name: "sleeper", Path: "/bin/sh", Args: []string{"-c", script}, Log: filepath.Join(t.TempDir(), "log")}
}

func TestPartIsStoppedAndKnownToBe(t *testing.T) {
	t.Parallel()
	p := sleeper(t, "exec sleep 600")
	if p.Alive() {
		t.Error("Alive is true before Start")
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	if !p.Alive() {
		t.Error("Alive is false after Start")
	}
	reused := *p
	reused.Started = "1"
	if reused.Alive() {
		t.Error("Alive is true for a reused PID")
	}
	if err := p.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if p.Alive() {
		t.Error("Alive is true after Stop")
	}
}

func TestPartThatIgnoresTheSignalIsKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 8 seconds")
	}
	t.Parallel()
	p := sleeper(t, "trap '' TERM; while :; do sleep 1; done")
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	if err := p.Stop(t.Context()); err != nil || p.Alive() {
		t.Errorf("alive %v, error %v", p.Alive(), err)
	}
}

func TestPartThatDiesIsReportedWithItsLog(t *testing.T) {
	t.Parallel()
	p := sleeper(t, "echo the port is taken; exit 3")
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	err := p.WaitReady(t.Context(), 3*time.Minute, func(context.Context) error { return errors.New("not ready") })
	if err == nil || !strings.Contains(err.Error(), "the process ended") || !strings.Contains(err.Error(), "the port is taken") {
		t.Errorf("error %v", err)
	}
}
