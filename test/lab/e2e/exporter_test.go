package e2e

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// latest is how much later than the trace the exporter may show a fault.
const latest = 5 * time.Second

// TestExporterShowsFault expects a fault in the metrics at most five seconds after the trace reports it, and that SIGTERM ends the exporter.
func TestExporterShowsFault(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 12*time.Minute)
	defer cancel()
	n := scenario{name: "exporter" + *suffix}.healthyTenant(ctx, t)
	e := startExporter(ctx, t, command(ctx, n.Repo.Dir, shared.lab.Kubeconfig(""), "exporter", "-n", n.Namespace))
	waitUntil(ctx, t, func() bool { return strings.Contains(e.metrics(ctx, t), "choreo_exporter_components 1") })

	n.merge(ctx, t, "crash", release("crash"))
	n.runAndActOnStdout(ctx, t, "CrashLoopBackOff", func(*os.Process) {}, "trace", "greeter-service", "-e", "development", "-w", "--until", "settled", "-o", "json")
	begun := time.Now()
	waitUntil(ctx, t, func() bool {
		return strings.Contains(e.metrics(ctx, t), `choreo_component_failing{code="CrashLoopBackOff",component="greeter-service",environment="development"`)
	})
	if late := time.Since(begun); late > latest {
		t.Errorf("the exporter reports the fault %s after the trace, want at most %s", late, latest)
	}
	if !strings.Contains(e.metrics(ctx, t), `choreo_transitions_total{code="CrashLoopBackOff",rung="pod",state="Failed"}`) {
		t.Error("the transition was not counted")
	}
	if exit := e.end(); exit != 143 {
		t.Errorf("exit %d, want 143", exit)
	}
}

// runningExporter is an exporter with a port of its own.
type runningExporter struct {
	cmd     *exec.Cmd
	address string
	log     *logged
}

// logged is what a program writes, which the test reads while it runs.
type logged struct {
	mu     sync.Mutex
	buffer bytes.Buffer // not embedded: its ReadFrom would write without the lock
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buffer.Write(p)
}

func (l *logged) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buffer.String()
}

var listens = regexp.MustCompile(`listening on (http://\S+)\n`)

// startExporter starts the program on a free port, and waits until it listens.
func startExporter(ctx context.Context, t *testing.T, cmd *exec.Cmd) *runningExporter {
	t.Helper()
	e := &runningExporter{cmd: cmd, log: &logged{}}
	cmd.Args = append(cmd.Args, "--address", "127.0.0.1:0")
	cmd.Stderr = e.log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.end() })
	starting, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	waitUntil(starting, t, func() bool {
		found := listens.FindStringSubmatch(e.log.text())
		if found != nil {
			e.address = found[1]
		}
		return found != nil
	})
	return e
}

// end terminates the exporter, and returns its exit code.
func (e *runningExporter) end() int {
	if e.cmd.ProcessState == nil {
		_ = e.cmd.Process.Signal(syscall.SIGTERM)
		_ = e.cmd.Wait()
	}
	return e.cmd.ProcessState.ExitCode()
}

// metrics is what the exporter exports.
func (e *runningExporter) metrics(ctx context.Context, t *testing.T) string {
	t.Helper()
	text, err := e.scrape(ctx)
	if err != nil {
		t.Fatalf("%v; the exporter printed %s", err, e.log.text())
	}
	return text
}

func (e *runningExporter) scrape(ctx context.Context) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, e.address, nil)
	if err != nil {
		return "", err
	}
	r, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer func() { _ = r.Body.Close() }()
	text, err := io.ReadAll(r.Body)
	return string(text), err
}
