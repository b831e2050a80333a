package e2e

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
)

// TestSoak: whatever is pushed in an ordinary day, no trace cries wolf. Two healthy tenants, one of each layout and
// topology, take ten changes each, while a trace every second says Healthy or Progressing and nothing else.
func TestSoak(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes minutes")
	}
	t.Parallel()
	program := plainProgram(t)
	for _, s := range []*soak{
		{name: "soak", component: "greeter-service", options: lab.TenantOptions{Components: []string{"greeter-service"}}},
		// The definitions of the Gateway API on that plane may be too old for greeter-service: see TestRemotePlane.
		{name: "soak-apart", component: "ledger", options: lab.TenantOptions{BindingsApart: true, DataPlane: "prod", Components: []string{}}, plane: []string{"--plane", "prod=" + remoteContext}},
	} {
		s.program = program
		t.Run(s.name, s.run)
	}
}

// plainProgram builds what users run: with the race detector a trace takes three times the work, and here it is the number of
// traces that counts.
func plainProgram(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "kubectl-choreo")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "./cmd/kubectl-choreo")
	build.Dir = filepath.Join("..", "..", "..")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build kubectl-choreo: %v\n%s", err, out)
	}
	return program
}

// soak is one tenant that takes changes while it is watched.
type soak struct {
	name, component string
	program         string
	options         lab.TenantOptions
	plane           []string // tells the trace how to reach the data plane, where that is another cluster

	n     *tenant
	watch *watch
}

// change is one thing that a developer does; it ends when the trace has said that all of it runs.
type change struct {
	title string
	push  func(ctx context.Context, title string) error
}

func (s *soak) run(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	s.start(ctx, t)
	s.watch = &watch{
		t: t, program: s.program, dir: t.TempDir(), kubeconfig: bothClusters(t),
		component: s.component, namespace: s.n.Namespace, plane: s.plane, alarms: map[string]bool{},
	}
	defer s.watch.begin(ctx)()
	for _, c := range s.changes() {
		began := time.Now()
		if err := c.push(ctx, c.title); err != nil {
			t.Fatalf("%s: %v", c.title, err)
		}
		t.Logf("%s: %.0f s", c.title, time.Since(began).Seconds())
	}
}

// start makes the tenant, and waits until it is healthy.
func (s *soak) start(ctx context.Context, t *testing.T) {
	t.Helper()
	s.options.Namespace = s.name
	if *attachTo != "" {
		s.options.Namespace = fmt.Sprintf("%s-%d", s.name, os.Getpid()) // a lab that outlives the tests has the tenants of earlier runs
	}
	added, err := shared.lab.AddTenant(ctx, s.options)
	if err != nil {
		t.Fatalf("make the tenant: %v", err)
	}
	s.n = &tenant{added, t}
	if len(s.options.Components) == 0 {
		s.firstComponent(ctx, t)
	}
	healthy := scenario{name: s.options.Namespace, component: s.component, limit: 3 * time.Minute, want: want{exit: 0, verdict: "Healthy"}}
	healthy.await(ctx, t, s.n)
}

// firstComponent adds a service that nobody reaches from outside, so that it needs no route.
func (s *soak) firstComponent(ctx context.Context, t *testing.T) {
	t.Helper()
	var release string
	sha, err := s.n.Commit(ctx, "add "+s.component, func(c *gitops.Checkout) error {
		if err := c.Declare(s.component, "deployment/service", "1.0.0"); err != nil {
			return err
		}
		err := c.Set(s.workload(), projectEndpoint(), "spec", "endpoints", "http")
		if err == nil {
			release, err = c.CutRelease(s.component)
		}
		return err
	})
	if err == nil {
		err = s.applied(ctx, sha)
	}
	if err == nil {
		_, err = s.n.Commit(ctx, "bind "+s.component, func(c *gitops.Checkout) error {
			if err := c.Bind(s.component, "development", release); err != nil {
				return err
			}
			return c.Bind(s.component, "staging", release)
		})
	}
	if err != nil {
		t.Fatalf("add the first component: %v", err)
	}
}

// watch traces one component every second.
type watch struct {
	t                        *testing.T
	program, dir, kubeconfig string
	component, namespace     string
	plane                    []string
	runs, healthy            int
	alarms                   map[string]bool // the kinds that were shown

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
	coming := component != w.component && r.exit == 1 && contains(r.stderr, "there is no component")
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
	cmd.Path = w.program
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
		return fmt.Errorf("wait for %s at %s: %w", component, commit, ctx.Err())
	}
}
