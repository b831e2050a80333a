package cli

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// behind is a cluster whose clock is behind this machine's.
func (g gated) behind(t *testing.T, by time.Duration) gated {
	t.Helper()
	g.configure = inMemory(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", time.Now().Add(-by).UTC().Format(http.TimeFormat))
		g.ServeHTTP(w, r)
	}))
	return g
}

// TestClocksAreTheClusters: with a clock that is wrong by an hour, nothing is late, and nothing stands for longer than it does.
func TestClocksAreTheClusters(t *testing.T) {
	t.Parallel()
	for name, by := range map[string]time.Duration{"Ahead": time.Hour, "Behind": -time.Hour} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				g := gateInBubble(t, "healthy", 0).behind(t, by)
				begin := time.Now()
				finish := g.runningAt(begin.Add(-by)) // by the cluster's clock, a run has just begun
				time.AfterFunc(30*time.Second, finish)
				stdout, stderr, exit := g.trace(t)
				if exit != 3 || strings.Count(stderr, "warning: the clock of this machine is ") != 1 || !strings.Contains(stdout, "Building manifests") {
					t.Errorf("exit %d, %s%s", exit, stdout, stderr)
				}
				_, stderr = g.holds(t, 0, []string{"passed"}, "greeter-service", "--stable-for", "10s")
				if took := time.Since(begin); took < 40*time.Second || took > time.Minute || strings.Count(stderr, "warning: ") != 1 {
					t.Errorf("it took %s, want 10 s after the end of a run of 30 s:\n%s", took, stderr)
				}
			})
		})
	}
}

// TestSameClocksAreNotWorthAWord, and neither is a difference that a slow request explains.
func TestSameClocksAreNotWorthAWord(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		for _, by := range []time.Duration{0, 5 * time.Second, -5 * time.Second} {
			if _, stderr, exit := gateInBubble(t, "healthy", 0).behind(t, by).trace(t); exit != 0 || stderr != "" {
				t.Errorf("%s: exit %d, %s", by, exit, stderr)
			}
		}
	})
}

// TestSnapshotKeepsTheClustersTime, so that it is judged the same wherever it is read.
func TestSnapshotKeepsTheClustersTime(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		g := gateInBubble(t, "healthy", 0).behind(t, time.Hour)
		at := time.Now().Add(-time.Hour)
		stdout, _, exit := g.run(t, "snapshot", "-n", g.namespace, "--kubeconfig", g.kubeconfig, "--repo", t.TempDir(), "greeter-service")
		for _, words := range []string{"takenAt: \"" + at.UTC().Format("2006-01-02T15:04"), "clockSkew:\n  control: 59m59"} {
			if exit != 0 || !strings.Contains(stdout, words) {
				t.Errorf("exit %d, no %q in\n%s", exit, words, stdout[:min(len(stdout), 600)])
			}
		}
	})
}
