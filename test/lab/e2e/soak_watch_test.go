package e2e

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// watch traces one component every second.
type watch struct {
	t                    *testing.T
	dir, kubeconfig      string
	component, namespace string
	plane                []string
	runs, healthy        int
	alarms               map[string]bool // reported kinds of false alarms

	mu   sync.Mutex
	goal *goal
}

// goal is the commit that every second trace requests, until it is reached.
type goal struct {
	component, commit string
	reached           chan struct{}
}

// begin traces until the returned function is called.
func (w *watch) begin(ctx context.Context) (end func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ticks := time.NewTicker(time.Second)
		defer ticks.Stop()
		for ctx.Err() == nil {
			w.traceOnce(ctx)
			select {
			case <-ctx.Done():
			case <-ticks.C:
			}
		}
	}()
	return func() {
		cancel()
		<-done
		w.t.Logf("%d traces, %d of them Healthy", w.runs, w.healthy)
	}
}

// traceOnce traces alternately without a revision, like a developer, and for the newest commit, like CI.
func (w *watch) traceOnce(ctx context.Context) {
	w.mu.Lock()
	g := w.goal
	w.mu.Unlock()
	w.runs++
	if g == nil || w.runs%2 == 0 {
		w.trace(ctx, w.component)
		return
	}
	got := w.trace(ctx, g.component, append([]string{"--revision", g.commit}, w.plane...)...)
	if got.Verdict == "Healthy" && got.Current != nil && *got.Current {
		w.mu.Lock()
		w.goal = nil
		w.mu.Unlock()
		close(g.reached)
	}
}

func (w *watch) trace(ctx context.Context, component string, args ...string) traceResult {
	args = append([]string{component, "-n", w.namespace}, args...)
	r := w.choreo(ctx, append([]string{"trace", "-o", "json"}, args...)...)
	if ctx.Err() != nil {
		return traceResult{}
	}
	got, err := parseTrace(r)
	if got.Verdict == "Healthy" {
		w.healthy++
	}
	// A new component is not found before Flux applies it.
	isNew := component != w.component && r.exit == 1 && contains(r.stderr, "not found in namespace")
	if !isNew && (err != nil || got.Verdict == "Failed" || got.Verdict == "Unknown" || (r.exit != 0 && r.exit != 3)) {
		w.alarm(ctx, r, got, args)
	}
	return got
}

// alarm reports each kind of false alarm once, with the trace and a later snapshot.
func (w *watch) alarm(ctx context.Context, r result, got traceResult, args []string) {
	w.t.Helper()
	kind := fmt.Sprintf("exit %d, verdict %s", r.exit, got.Verdict)
	if got.Failing != nil {
		kind += fmt.Sprintf(", %s of %s %s", got.Failing.Code, got.Failing.Object.Kind, got.Failing.Object.Name)
	}
	if w.alarms[kind] {
		return
	}
	w.alarms[kind] = true
	snapshot := w.choreo(ctx, append([]string{"snapshot"}, args...)...)
	file := filepath.Join(w.dir, "snapshot.yaml")
	tree := result{stderr: "no snapshot"}
	if err := os.WriteFile(file, []byte(snapshot.stdout), 0o600); err == nil {
		tree = w.choreo(ctx, "trace", "--snapshot", file)
	}
	w.t.Errorf("false alarm of trace %v: %s\n%s%s\nlater snapshot:\n%s%s\n%s%s", args, kind, r.stdout, r.stderr, tree.stdout, tree.stderr, snapshot.stdout, snapshot.stderr)
}

// choreo runs the program. Unlike choreoIn, it may be called outside of the test's goroutine.
func (w *watch) choreo(ctx context.Context, args ...string) result {
	cmd := command(ctx, w.dir, w.kubeconfig, args...)
	cmd.Path = shared.plain // faster, for more traces
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		return result{stderr: err.Error(), exit: -1}
	}
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// until waits until a trace of the component at a commit is healthy and current.
func (w *watch) until(ctx context.Context, component, commit string) error {
	g := &goal{component: component, commit: commit, reached: make(chan struct{})}
	w.mu.Lock()
	w.goal = g
	w.mu.Unlock()
	select {
	case <-g.reached:
		return nil
	case <-ctx.Done():
		last := w.choreo(context.WithoutCancel(ctx), "trace", component, "-n", w.namespace, "--revision", commit)
		return fmt.Errorf("wait for %s at %s: %w\n%s%s", component, commit, ctx.Err(), last.stdout, last.stderr)
	}
}
