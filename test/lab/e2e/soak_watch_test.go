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
	alarms               map[string]bool // the kinds that were shown

	mu   sync.Mutex
	goal *goal
}

// goal is what every other trace asks for, until it is reached.
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
			w.look(ctx)
			select {
			case <-ctx.Done():
			case <-ticks.C:
			}
		}
	}()
	return func() {
		cancel()
		<-done
		w.t.Logf("%d traces, of which %d said Healthy", w.runs, w.healthy)
	}
}

// look traces once: in turn for what the source has, as a developer does who waits, and for the newest commit, as CI does.
func (w *watch) look(ctx context.Context) {
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

func (w *watch) trace(ctx context.Context, component string, args ...string) traced {
	args = append([]string{component, "-n", w.namespace}, args...)
	r := w.choreo(ctx, append([]string{"trace", "-o", "json"}, args...)...)
	if ctx.Err() != nil {
		return traced{}
	}
	got, err := parse(r)
	if got.Verdict == "Healthy" {
		w.healthy++
	}
	// A component that is being added is not known before Flux has come to it.
	coming := component != w.component && r.exit == 1 && contains(r.stderr, "not found in namespace")
	if !coming && (err != nil || got.Verdict == "Failed" || got.Verdict == "Unknown" || (r.exit != 0 && r.exit != 3)) {
		w.alarm(ctx, r, got, args)
	}
	return got
}

// alarm shows each kind of false alarm once, with all that is known of it: what that run said, and what a later one saw.
func (w *watch) alarm(ctx context.Context, r result, got traced, args []string) {
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
	w.t.Errorf("false alarm of trace %v: %s\n%s%s\na moment later:\n%s%s\n%s%s", args, kind, r.stdout, r.stderr, tree.stdout, tree.stderr, snapshot.stdout, snapshot.stderr)
}

// choreo runs the program. Unlike choreoIn it may be called beside the test's own goroutine.
func (w *watch) choreo(ctx context.Context, args ...string) result {
	cmd := command(ctx, w.dir, w.kubeconfig, args...)
	cmd.Path = shared.plain // it is the number of traces that counts
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		return result{stderr: err.Error(), exit: -1}
	}
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// until waits until a trace of the component at that commit says that it is healthy and current.
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
