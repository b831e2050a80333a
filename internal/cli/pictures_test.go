package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
)

// TestPictures: a failure in an environment, one above all of them, and several environments.
func TestPictures(t *testing.T) {
	t.Parallel()
	for _, scenario := range []string{"pod-image-pull", "kustomization-build-fails", "release-stale-not-found"} {
		for _, format := range []string{"mermaid", "dot"} {
			out, exit := run(t, "trace", "-o", format, "--snapshot", filepath.Join(scenarioDir, scenario, "snapshot.yaml"))
			if exit != cmdutil.ExitFailed {
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

// TestPageHidesValues: a page is made to be passed on, so what a snapshot masks is masked there too, whatever it was made of: also of
// a file that says that it is masked, and is not.
func TestPageHidesValues(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(scenarioDir, "pod-crash-loop", "snapshot.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	open := string(text)
	for from, to := range map[string]string{
		"masked-1": "value-of-a-map",
		"masked-3": "value-of-env",
		"message: back-off 1m20s restarting failed":   "message: password=in-a-message restarting failed",
		"panic: open /etc/greeter/config.yaml":        "panic: token=in-a-log",
		"kubectl-choreo.dev/inventory-entries: \"1\"": "example.org/password: in-an-annotation",
	} {
		if !strings.Contains(open, from) {
			t.Fatalf("the scenario holds no %q", from)
		}
		open = strings.ReplaceAll(open, from, to)
	}
	for name, text := range map[string]string{
		"SaysThatItIsMasked": open, "SaysNothing": regexp.MustCompile(`(?m)^masked:\n(  - .*\n)+`).ReplaceAllString(open, ""),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "open.yaml")
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			page, exit := run(t, "trace", "-o", "html", "--snapshot", file)
			for _, secret := range []string{"value-of-a-map", "value-of-env", "in-a-message", "in-a-log", "in-an-annotation"} {
				if strings.Contains(page, secret) {
					t.Errorf("%s is on the page", secret)
				}
			}
			if exit != cmdutil.ExitFailed || !strings.Contains(page, "restarting failed") || !strings.Contains(page, "masked-") || !strings.Contains(page, "Values were masked") {
				t.Errorf("exit code %d; the page is not of this file, or does not say that values are masked", exit)
			}
		})
	}
}
