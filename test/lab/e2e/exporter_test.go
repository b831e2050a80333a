package e2e

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestExporterShowsFault expects a fault in the metrics at most five seconds after the trace reports it, and that SIGTERM ends the exporter.
func TestExporterShowsFault(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 12*time.Minute)
	defer cancel()
	n := scenario{name: "exporter" + *suffix}.healthyTenant(ctx, t)
	metrics, end := n.exporter(ctx, t)
	waitUntil(ctx, t, func() bool { return strings.Contains(metrics(), "choreo_exporter_components 1") })

	n.merge(ctx, t, "crash", release("crash"))
	n.runAndActOnStdout(ctx, t, "CrashLoopBackOff", func(*os.Process) {}, "trace", "greeter-service", "-e", "development", "-w", "--until", "settled", "-o", "json")
	begun := time.Now()
	waitUntil(ctx, t, func() bool {
		return strings.Contains(metrics(), `choreo_component_failing{code="CrashLoopBackOff",component="greeter-service",environment="development"`)
	})
	if late := time.Since(begun); late > 5*time.Second {
		t.Errorf("the exporter reports the fault %s after the trace, want at most 5s", late)
	}
	if !strings.Contains(metrics(), `choreo_transitions_total{code="CrashLoopBackOff",rung="pod",state="Failed"}`) {
		t.Error("the transition was not counted")
	}
	if exit := end(); exit != 143 {
		t.Errorf("exit %d, want 143", exit)
	}
}

// exporter starts the program for the tenant. metrics returns what it exports, and end terminates it.
func (n *tenant) exporter(ctx context.Context, t *testing.T) (metrics func() string, end func() int) {
	t.Helper()
	cmd := command(ctx, n.Repo.Dir, shared.lab.Kubeconfig(""), "exporter", "-n", n.Namespace, "--address", "127.0.0.1:0")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	log := bufio.NewReader(stderr)
	line, err := log.ReadString('\n')
	_, address, found := strings.Cut(strings.TrimSpace(line), "listening on ")
	if err != nil || !found {
		t.Fatalf("the exporter printed %q: %v", line, err)
	}
	go func() { _, _ = io.Copy(io.Discard, log) }()
	metrics = func() string {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		r, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = r.Body.Close() }()
		text, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	return metrics, func() int {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
		return cmd.ProcessState.ExitCode()
	}
}
