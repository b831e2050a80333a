package e2e

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"
)

// TestWatch: a push shows in a trace that is watched, which ends when it was told to.
func TestWatch(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 12*time.Minute)
	defer cancel()
	n := scenario{name: "watch" + *suffix}.healthyTenant(ctx, t)
	at := []string{"trace", "greeter-service", "-e", "development", "-w"}

	t.Run("UntilHealthy", func(t *testing.T) {
		sha := n.push(ctx, t, "release 1.0.7", release("1.0.7"))
		r := n.watched(ctx, t, "greeter-service  ", func(*os.Process) {
			if err := shared.lab.Poke(ctx, n.Source(), sha); err != nil {
				t.Error(err)
			}
		}, append(at, "--until", "healthy")...)
		for _, words := range []string{"behind", "source  ", "at " + sha[:7], "development: ", "→ healthy"} {
			if !strings.Contains(r.stdout, words) {
				t.Errorf("it does not say %q", words)
			}
		}
		if r.exit != 0 || r.stderr != "" {
			t.Errorf("exit %d, want 0, stderr %q", r.exit, r.stderr)
		}
		t.Logf("it said:\n%s", r.stdout)
	})
	t.Run("UntilSettled", func(t *testing.T) { n.watchedToFail(ctx, t, append(at, "--until", "settled", "-o", "json")) })
	t.Run("Interrupted", func(t *testing.T) {
		r := n.watched(ctx, t, "greeter-service  failed", func(tool *os.Process) { _ = tool.Signal(os.Interrupt) }, at...)
		if r.exit != 130 || r.stderr != "interrupted\n" {
			t.Errorf("exit %d, want 130, stderr %q", r.exit, r.stderr)
		}
	})
}

// watchedToFail merges a release that crashes: each line is an event, the last one the trace, and the code that of a failure.
func (n *tenant) watchedToFail(ctx context.Context, t *testing.T, args []string) {
	t.Helper()
	n.merge(ctx, t, "crash", release("crash"))
	r := n.watched(ctx, t, `"kind":"TraceEvent"`, func(*os.Process) {}, args...)
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

// watched runs the program in the tenant's clone, and acts when it has said the words on the standard output.
func (n *tenant) watched(ctx context.Context, t *testing.T, words string, act func(*os.Process), args ...string) result {
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
	said := untilSaid(t, stdout, words, func() { act(cmd.Process) })
	_ = cmd.Wait()
	return result{said, stderr.String(), cmd.ProcessState.ExitCode()}
}

// TestWatchAcrossRestart: the watches break with the API server, and go on when it is back. It breaks what all tenants share, so it
// runs alone.
func TestWatchAcrossRestart(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	n := scenario{name: "watch-restart" + *suffix}.healthyTenant(ctx, t)
	sha := n.push(ctx, t, "run two", replicas(2))
	r := n.watched(ctx, t, "greeter-service  ", func(*os.Process) {
		if err := shared.lab.Stop(ctx, "kube-apiserver"); err != nil {
			t.Error(err)
		}
		if err := shared.lab.Restart("kube-apiserver"); err != nil {
			t.Error(err)
		}
		waitUntil(ctx, t, func() bool { return shared.lab.Poke(ctx, n.Source(), sha) == nil })
	}, "trace", "greeter-service", "-e", "development", "-w", "--until", "healthy")
	if r.exit != 0 || !strings.Contains(r.stdout, "at "+sha[:7]) {
		t.Errorf("exit %d, want 0 and %s:\n%s%s", r.exit, sha[:7], r.stdout, r.stderr)
	}
	t.Logf("it said:\n%s", r.stdout)
}
