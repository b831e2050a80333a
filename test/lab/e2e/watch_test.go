package e2e

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"
)

// TestWatch expects that trace --watch prints a change, and ends as requested by --until.
func TestWatch(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 12*time.Minute)
	defer cancel()
	n := scenario{name: "watch" + *suffix}.healthyTenant(ctx, t)
	at := []string{"trace", "greeter-service", "-e", "development", "-w"}

	t.Run("UntilHealthy", func(t *testing.T) {
		sha := n.push(ctx, t, "release 1.0.7", release("1.0.7"))
		r := n.runAndActOnStdout(ctx, t, "greeter-service  ", func(*os.Process) {
			if err := shared.lab.RequestReconcile(ctx, n.Source(), sha); err != nil {
				t.Error(err)
			}
		}, append(at, "--until", "healthy")...)
		for _, text := range []string{"behind", "source  ", "at " + sha[:7], "development: ", "→ healthy"} {
			if !strings.Contains(r.stdout, text) {
				t.Errorf("stdout does not contain %q", text)
			}
		}
		if r.exit != 0 || r.stderr != "" {
			t.Errorf("exit %d, want 0, stderr %q", r.exit, r.stderr)
		}
		t.Logf("stdout:\n%s", r.stdout)
	})
	t.Run("UntilSettled", func(t *testing.T) { n.testUntilSettled(ctx, t, append(at, "--until", "settled", "-o", "json")) })
	t.Run("Interrupted", func(t *testing.T) {
		r := n.runAndActOnStdout(ctx, t, "greeter-service  failed", func(tool *os.Process) { _ = tool.Signal(os.Interrupt) }, at...)
		if r.exit != 130 || r.stderr != "interrupted\n" {
			t.Errorf("exit %d, want 130, stderr %q", r.exit, r.stderr)
		}
	})
}

// testUntilSettled merges a release that crashes. It expects an event per line, the trace as the last line, and exit 2.
func (n *tenant) testUntilSettled(ctx context.Context, t *testing.T, args []string) {
	t.Helper()
	n.merge(ctx, t, "crash", release("crash"))
	r := n.runAndActOnStdout(ctx, t, `"kind":"TraceEvent"`, func(*os.Process) {}, args...)
	var last struct {
		Kind    string
		Failing struct{ Code string }
	}
	for line := range strings.Lines(r.stdout) {
		if err := json.Unmarshal([]byte(line), &last); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
	}
	if r.exit != 2 || last.Kind != "Trace" || last.Failing.Code != "CrashLoopBackOff" {
		t.Errorf("exit %d, want 2; the last line is %+v", r.exit, last)
	}
}

// runAndActOnStdout runs the program in the tenant's clone, and calls act when its standard output contains a text.
func (n *tenant) runAndActOnStdout(ctx context.Context, t *testing.T, text string, act func(*os.Process), args ...string) result {
	t.Helper()
	cmd := command(ctx, n.Repo.Dir, shared.lab.Kubeconfig(""), append(args, "-n", n.Namespace)...)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	output := readOutput(t, stdout, text, func() { act(cmd.Process) })
	_ = cmd.Wait()
	return result{output, stderr.String(), cmd.ProcessState.ExitCode()}
}

// TestWatchAcrossRestart expects that watches resume after a restart of the API server. It affects all tenants, so it does not run in
// parallel.
func TestWatchAcrossRestart(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	n := scenario{name: "watch-restart" + *suffix}.healthyTenant(ctx, t)
	sha := n.push(ctx, t, "run two", replicas(2))
	r := n.runAndActOnStdout(ctx, t, "greeter-service  ", func(*os.Process) {
		if err := shared.lab.Stop(ctx, "kube-apiserver"); err != nil {
			t.Error(err)
		}
		if err := shared.lab.Restart("kube-apiserver"); err != nil {
			t.Error(err)
		}
		waitUntil(ctx, t, func() bool { return shared.lab.RequestReconcile(ctx, n.Source(), sha) == nil })
	}, "trace", "greeter-service", "-e", "development", "-w", "--until", "healthy")
	if r.exit != 0 || !strings.Contains(r.stdout, "at "+sha[:7]) {
		t.Errorf("exit %d, want 0 and %s:\n%s%s", r.exit, sha[:7], r.stdout, r.stderr)
	}
	t.Logf("stdout:\n%s", r.stdout)
}
