package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestPictures: a failure in an environment, one above all of them, and several environments.
func TestPictures(t *testing.T) {
	t.Parallel()
	for _, scenario := range []string{"pod-image-pull", "kustomization-build-fails", "release-stale-not-found"} {
		for _, format := range []string{"mermaid", "dot"} {
			out, exit := run(t, "trace", "-o", format, "--snapshot", filepath.Join(scenarioDir, scenario, "snapshot.yaml"))
			if exit != exitFailed {
				t.Errorf("%s: exit code %d depends on the format %s", scenario, exit, format)
			}
			expect(t, scenario, "want."+format, out)
		}
	}
}

// TestPages: of each verdict, and of each rung that fails, one page. It can be made, the exit code is that of the tree, and
// every rung is there.
func TestPages(t *testing.T) {
	t.Parallel()
	made := map[string]bool{}
	for _, r := range recordings(t) {
		kind := r.trace.Verdict
		if r.trace.Failing != nil {
			kind += " " + r.trace.Failing.Rung
		}
		if made[kind] {
			continue
		}
		made[kind] = true
		page, exit := run(t, "trace", "-o", "html", "--snapshot", filepath.Join(scenarioDir, r.name, "snapshot.yaml"))
		want, err := os.ReadFile(filepath.Join(scenarioDir, r.name, "want.exit"))
		if err != nil {
			t.Fatal(err)
		}
		if strings.TrimSpace(string(want)) != strconv.Itoa(exit) {
			t.Errorf("%s: exit code %d, want %s", r.name, exit, want)
		}
		if got := strings.Count(page, `<span class="mark"`); got != len(r.rungs()) {
			t.Errorf("%s: %d rungs, want %d", r.name, got, len(r.rungs()))
		}
	}
}

// TestPageHidesValues: a page is made to be passed on, so what a snapshot masks is masked there too, whatever it was made of.
func TestPageHidesValues(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(scenarioDir, "pod-crash-loop", "snapshot.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	const secret = "hunter2hunter2"
	open := strings.Replace(string(text), "masked-1", secret, 1)
	if open == string(text) {
		t.Fatal("the scenario holds no value")
	}
	open = regexp.MustCompile(`(?m)^masked:\n(  - .*\n)+`).ReplaceAllString(open, "")
	file := filepath.Join(t.TempDir(), "open.yaml")
	if err := os.WriteFile(file, []byte(open), 0o600); err != nil {
		t.Fatal(err)
	}
	page, _ := run(t, "trace", "-o", "html", "--snapshot", file)
	if strings.Contains(page, secret) || !strings.Contains(page, "masked-") || !strings.Contains(page, "Values were masked") {
		t.Error("a value of the environment is on the page, or the page does not say that it is masked")
	}
}
