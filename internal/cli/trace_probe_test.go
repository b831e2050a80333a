package cli

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestTraceProbe: with --probe, the rung of the endpoints is what they answer, whatever the cluster reports.
func TestTraceProbe(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "-staging/health") {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(server.Close)
	c := oneCluster(t, "healthy", nil)
	c.change(endpoints(server.URL))
	config := kubeconfig(t, map[string]*cluster{"control": c})
	for args, want := range map[string]struct {
		exit  int
		words []string
	}{
		"": {0, []string{"endpoint     " + server.URL + "/greeter-service-staging\n"}},
		"--probe --probe-path health -e development":                        {0, []string{server.URL + "/greeter-service-development/health: 200 in "}},
		"--probe --probe-path health":                                       {2, []string{server.URL + "/greeter-service-staging/health: 503 in ", "Failed at: endpoint (staging)", "ProbeFailed"}},
		"--probe --probe-path health -o html":                               {2, []string{"/greeter-service-staging/health: 503 in "}},
		"--probe --probe-path health --probe-status 200-299,503 -e staging": {0, []string{"/greeter-service-staging/health: 503 in "}},
	} {
		stdout, stderr, exit := runIn(t, map[string]string{"LANG": "C"}, append([]string{"trace", "greeter-service", "-n", "healthy", "--kubeconfig", config, "--repo", t.TempDir()}, strings.Fields(args)...)...)
		for _, words := range want.words {
			if exit != want.exit || !strings.Contains(stdout, words) {
				t.Errorf("%s: exit %d, want %d and %q:\n%s%s", args, exit, want.exit, words, stdout, stderr)
			}
		}
	}
	server.Close()
	stdout, _, exit := runIn(t, nil, "trace", "greeter-service", "-n", "healthy", "--kubeconfig", config, "--probe", "-e", "development", "--repo", t.TempDir())
	if exit != 2 || !strings.Contains(stdout, "no response: ") {
		t.Errorf("exit %d, want 2 without a response:\n%s", exit, stdout)
	}
}

// TestTraceProbeUnknown: an endpoint that cannot be requested is unknown, and is no reason to report it as healthy.
func TestTraceProbeUnknown(t *testing.T) {
	t.Parallel()
	c := oneCluster(t, "healthy", nil)
	c.change(func(objects []facts.Object) []facts.Object {
		for _, o := range objects {
			for _, e := range kinds.Items(o.Body, "status", "endpoints") {
				delete(e, "externalURLs")
				e["serviceURL"].(map[string]any)["scheme"] = "tcp"
			}
		}
		return objects
	})
	config := kubeconfig(t, map[string]*cluster{"control": c})
	stdout, stderr, exit := runIn(t, nil, "trace", "greeter-service", "-n", "healthy", "--kubeconfig", config, "--probe", "-e", "development", "--repo", t.TempDir())
	if exit != 4 || !strings.Contains(stdout, "not probed: none of its endpoints speaks HTTP") {
		t.Errorf("exit %d, want 4:\n%s%s", exit, stdout, stderr)
	}
}

// TestTraceProbeRefused: a snapshot has no cluster, and a watch would send requests without an end.
func TestTraceProbeRefused(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"--probe --snapshot x":   "cannot probe a snapshot: use --probe without --snapshot",
		"a --probe -w":           "cannot combine --probe with -w: use verify --probe to wait for an endpoint",
		"a --probe-status ok":    "invalid --probe-status",
		"a --probe-timeout 0s":   "invalid --probe-timeout",
		"a --probe-header token": "invalid --probe-header",
	} {
		if _, stderr, exit := runIn(t, nil, append([]string{"trace"}, strings.Fields(args)...)...); exit != 1 || !strings.Contains(stderr, want) {
			t.Errorf("%s: exit %d: %s", args, exit, stderr)
		}
	}
}
