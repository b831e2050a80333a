package cli

import (
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func (g gated) trace(t *testing.T, args ...string) (stdout, stderr string, exit int) {
	t.Helper()
	return g.run(t, append([]string{"trace", "-n", g.namespace, "--kubeconfig", g.kubeconfig, "--repo", t.TempDir(), "greeter-service"}, args...)...)
}

// running puts the cluster in the middle of a run of Flux. finish ends the run.
func (g gated) running() (finish func()) { return g.runningAt(time.Now()) }

func (g gated) runningAt(at time.Time) (finish func()) {
	healthy := slices.Clone(g.objects)
	g.change(runningSince(at))
	return func() { g.change(func([]facts.Object) []facts.Object { return healthy }) }
}

// soonHealthy is a cluster in which a run of Flux is under way that ends after two seconds of the bubble's clock.
func soonHealthy(t *testing.T) gated {
	t.Helper()
	g := gateInBubble(t, "healthy", 0)
	time.AfterFunc(2*time.Second, g.running())
	return g
}

// TestTraceWatchInAPipe: a line for each change, with its time, and the exit code of the end.
func TestTraceWatchInAPipe(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		g := soonHealthy(t)
		stdout, stderr, exit := g.trace(t, "-w", "--until", "healthy")
		var lines []string
		for line := range strings.Lines(stdout) {
			at, said, _ := strings.Cut(strings.TrimSpace(line), "  ")
			if _, err := time.Parse(time.TimeOnly, at); err != nil {
				t.Errorf("a line without a time: %q", line)
			}
			lines = append(lines, said)
		}
		want := []string{
			"delivery  progressing at 21cf1bc: oc-healthy-projects: Building manifests", "greeter-service  progressing, wanted 21cf1bc",
			"delivery  progressing → ok: oc-healthy-projects, after 3 more", "greeter-service  progressing → healthy",
		}
		if exit != 0 || stderr != "" || !slices.Equal(lines, want) {
			t.Errorf("exit %d, stderr %q, lines\n%s\nwant\n%s", exit, stderr, strings.Join(lines, "\n"), strings.Join(want, "\n"))
		}
	})
}

// TestTraceWatchJSON: one event a line, the trace last.
func TestTraceWatchJSON(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		g := soonHealthy(t)
		stdout, _, exit := g.trace(t, "-w", "--until", "healthy", "-o", "json")
		type event struct {
			Kind, Rung, Verdict string
			From                *struct{ State string }
			To                  struct{ State string }
		}
		var events []event
		for line := range strings.Lines(stdout) {
			var e event
			if err := json.Unmarshal([]byte(line), &e); err != nil {
				t.Fatalf("%v: %s", err, line)
			}
			events = append(events, e)
		}
		last := events[len(events)-1]
		if exit != 0 || last.Kind != "Trace" || last.Verdict != "Healthy" {
			t.Errorf("exit %d, the last event is %+v", exit, last)
		}
		if !slices.ContainsFunc(events, func(e event) bool {
			return e.Kind == "TraceEvent" && e.Rung == "delivery" && e.From != nil && e.From.State == "Progressing" && e.To.State == "OK"
		}) {
			t.Errorf("no event says that the Kustomization became well:\n%s", stdout)
		}
	})
}

// TestTraceWatchSettles: a failure that nothing heals ends the watch with its code.
func TestTraceWatchSettles(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		g := gateInBubble(t, "dependency-fails", 0)
		stdout, _, exit := g.trace(t, "-w", "--until", "settled")
		if exit != 2 || !strings.Contains(stdout, "greeter-service  failed, behind, wanted 7680aed: KustomizationBuildFailed: ") {
			t.Errorf("exit %d:\n%s", exit, stdout)
		}
	})
}

func TestTraceWatchRefuses(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		g := gateInBubble(t, "healthy", 0)
		stdout, stderr, exit := g.run(t, "trace", "-w", "greter-service", "-n", g.namespace, "--kubeconfig", g.kubeconfig)
		if exit != 1 || stdout != "" || !strings.Contains(stderr, "did you mean greeter-service?") {
			t.Errorf("exit %d, %s%s", exit, stdout, stderr)
		}
	})
}

// TestTraceWatchEndsWithItsPipe: nobody reads any more, so there is nothing left to watch for.
func TestTraceWatchEndsWithItsPipe(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		g := gateInBubble(t, "healthy", 0)
		reader, closed := io.Pipe()
		_ = reader.Close()
		var stderr strings.Builder
		exit := Main(t.Context(), iostreams.IOStreams{
			Args: []string{"kubectl-choreo", "trace", "-w", "greeter-service", "-n", g.namespace, "--kubeconfig", g.kubeconfig, "--repo", t.TempDir()},
			Out:  closed, Err: &stderr, Getenv: func(string) string { return "" }, Configure: g.configure,
		})
		if exit != 1 || !strings.Contains(stderr.String(), "write: ") {
			t.Errorf("exit %d: %s", exit, stderr.String())
		}
	})
}
