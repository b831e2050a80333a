package cli

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
)

// TestStatusWatch: in a pipe, the troubles of one cause are one line, then each change is, and the counts with it. Nothing is read
// again that has not changed.
func TestStatusWatch(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		g := gateInBubble(t, "healthy", 5)
		finish := g.running()
		lines := g.watchStatus(t, 10*time.Second, func() { time.AfterFunc(3*time.Second, finish) }, "-w")
		want := []string{
			"5 components  progressing: oc-healthy-projects: Building manifests (greeter-0000, greeter-0001, greeter-0002, greeter-0003, greeter-0004)",
			"5 components: 5 not ready, 5 with warnings",
			"5 components  progressing → ok (greeter-0000, greeter-0001, greeter-0002, greeter-0003, greeter-0004)",
			"5 components: 5 healthy, 5 with warnings",
		}
		if !slices.Equal(lines, want) {
			t.Errorf("lines\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
		}
	})
}

// TestStatusWatchJSON: an event for each place.
func TestStatusWatchJSON(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		g := gateInBubble(t, "healthy", 2)
		seen := map[string]int{}
		for _, line := range g.watchStatus(t, 5*time.Second, func() {}, "-w", "-o", "json") {
			var e struct{ Kind, Namespace, Component, Environment string }
			if err := json.Unmarshal([]byte(line), &e); err != nil || e.Kind != "StatusEvent" || e.Namespace != "healthy" {
				t.Fatalf("%v: %s", err, line)
			}
			seen[e.Component+"/"+e.Environment]++
		}
		for _, place := range []string{"greeter-0000/", "greeter-0000/development", "greeter-0001/staging"} {
			if seen[place] != 1 {
				t.Errorf("%d events of %s in %v", seen[place], place, seen)
			}
		}
	})
}

// TestStatusWatchSurvives: while the cluster does not answer, the watch goes on and says why it is not up to date.
func TestStatusWatchSurvives(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		g := gateInBubble(t, "healthy", 2)
		lines := g.watchStatus(t, 90*time.Second, func() {
			time.AfterFunc(3*time.Second, func() { g.down.Store(true) })
			time.AfterFunc(60*time.Second, func() { g.down.Store(false) })
		}, "-w")
		if len(lines) == 0 || !strings.Contains(lines[len(lines)-1], "2 components: 2 healthy") {
			t.Errorf("lines\n%s", strings.Join(lines, "\n"))
		}
	})
}

// watchStatus runs status -w for some time of the bubble's clock, and returns its lines without their times.
func (g gated) watchStatus(t *testing.T, length time.Duration, begin func(), args ...string) []string {
	t.Helper()
	begin()
	stdout, stderr, exit := runUntil(t, length, iostreams.IOStreams{Configure: g.configure}, append([]string{"status", "-n", g.namespace, "--kubeconfig", g.kubeconfig, "--repo", t.TempDir()}, args...)...)
	if exit != 130 {
		t.Errorf("exit %d, want that of an interrupt: %s", exit, stderr)
	}
	var lines []string
	for line := range strings.Lines(stdout) {
		line = strings.TrimSuffix(line, "\n")
		if at, said, ok := strings.Cut(line, "  "); ok && !strings.HasPrefix(line, "{") {
			if _, err := time.Parse(time.TimeOnly, at); err != nil {
				t.Errorf("a line without a time: %q", line)
			}
			line = said
		}
		lines = append(lines, line)
	}
	return lines
}
