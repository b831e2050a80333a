package e2e

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
)

// gateway replaces the gateway of the planes, at the address in their spec (test/lab/openchoreo.go). The lab runs none.
type gateway struct {
	status   atomic.Int32
	requests atomic.Int32 // number of requests
}

func startGateway(t *testing.T) *gateway {
	t.Helper()
	g := &gateway{}
	g.status.Store(http.StatusOK)
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:19080")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(g)
	_ = server.Listener.Close()
	server.Listener = listener
	server.Start()
	t.Cleanup(server.Close)
	return g
}

// ServeHTTP serves one path on the hosts of development. A path below it requires a token.
func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.requests.Add(1)
	switch {
	case !strings.HasPrefix(r.Host, "development-") || !strings.HasPrefix(r.URL.Path, "/greeter-service-http"):
		w.WriteHeader(http.StatusNotFound)
	case r.URL.Path == "/greeter-service-http/private" && r.Header.Get("Authorization") != "Bearer x":
		w.WriteHeader(http.StatusUnauthorized)
	default:
		w.WriteHeader(int(g.status.Load()))
	}
}

// TestVerifyProbe probes an external endpoint at its URL, and an internal one through the API server.
func TestVerifyProbe(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	n := scenario{name: "verify-probe" + *suffix}.healthyTenant(ctx, t)
	t.Run("External", func(t *testing.T) { n.testProbeURL(ctx, t) })
	n.merge(ctx, t, "add a ledger", ledger("http", 9090))
	n.verify(ctx, t, outcome{exit: 0, within: slow}, "ledger", "-e", "development", "--revision", "HEAD")
	t.Run("ThroughPod", func(t *testing.T) { n.testProbeThroughPod(ctx, t) })
	t.Run("NoListener", func(t *testing.T) {
		n.merge(ctx, t, "listen elsewhere", ledger("http", 9091))
		n.verify(ctx, t, outcome{exit: 2, contains: []string{"ProbeFailed", "no forward found for port 9091"}, within: slow},
			"ledger", "-e", "development", "--revision", "HEAD", "--probe", "--grace", "2s")
	})
}

func (n *tenant) testProbeURL(ctx context.Context, t *testing.T) {
	t.Helper()
	at := func(more ...string) []string {
		return append([]string{"greeter-service", "-e", "development", "--probe", "--grace", "5s"}, more...)
	}
	n.verify(ctx, t, outcome{exit: 2, contains: []string{"ProbeFailed", "does not answer", "connection refused"}, within: slow}, at()...)
	g := startGateway(t)
	n.verify(ctx, t, outcome{exit: 0, contains: []string{"greeter-service endpoints:", "openchoreoapis.localhost:19080/greeter-service-http  200 in"}, within: slow}, at()...)
	n.verify(ctx, t, outcome{exit: 2, contains: []string{"answers with status 401"}, within: slow}, at("--probe-path", "/private")...)
	n.verify(ctx, t, outcome{exit: 0, within: slow}, at("--probe-path", "/private", "--probe-header", "Authorization: Bearer x")...)
	n.verify(ctx, t, outcome{exit: 2, contains: []string{"answers with status 404", "staging"}, within: slow}, "greeter-service", "--probe", "--timeout", "0")

	g.status.Store(http.StatusServiceUnavailable) // like a gateway before it serves a new route
	g.requests.Store(0)
	r := make(chan result)
	go func() { r <- n.verify(ctx, t, outcome{exit: 0, within: slow}, at("--grace", "1m")...) }()
	waitUntil(ctx, t, func() bool { return g.requests.Load() > 1 })
	g.status.Store(http.StatusOK)
	<-r
}

// ledger adds, releases and binds a component with project visibility.
func ledger(endpoint string, port int64) func(c *gitops.Checkout) error {
	return func(c *gitops.Checkout) error {
		if err := c.Declare("ledger", "deployment/service", "1.0.0"); err != nil {
			return err
		}
		file := filepath.Join(c.ComponentDir("ledger"), "workload.yaml")
		if err := c.Set(file, map[string]any{"type": "HTTP", "port": port}, "spec", "endpoints", endpoint); err != nil {
			return err
		}
		release, err := c.CutRelease("ledger")
		return errors.Join(err, c.Bind("ledger", "development", release))
	}
}

func (n *tenant) testProbeThroughPod(ctx context.Context, t *testing.T) {
	t.Helper()
	at := func(more ...string) []string {
		return append([]string{"ledger", "-e", "development", "--probe", "--grace", "2s"}, more...)
	}
	n.verify(ctx, t, outcome{exit: 0, contains: []string{"ledger endpoints:", "svc.cluster.local:9090 ", " 200 in", "through pod dp-"}, within: slow}, at()...)
	n.verify(ctx, t, outcome{exit: 2, contains: []string{"svc.cluster.local:9090/broken answers with status 503"}, within: slow}, at("--probe-path", "/broken")...)
	reader, err := documentedRights()
	if err != nil {
		t.Fatal(err)
	}
	n.choreoAs(ctx, t, reader, outcome{exit: 4, contains: []string{"ProbeFailed", `cannot create resource "pods/portforward"`, "docs/rbac.md"}, within: slow}, "verify", at()...)
	n.choreoAs(ctx, t, reader, outcome{exit: 0, within: slow}, "verify", at("--allow-unknown")...)
	prober, err := withRules("petra", "  - {apiGroups: [\"\"], resources: [pods/portforward], verbs: [create]}\n", "clusterrole.yaml")
	if err != nil {
		t.Fatal(err)
	}
	n.choreoAs(ctx, t, prober, outcome{exit: 0, contains: []string{"through pod dp-"}, within: slow}, "verify", at()...)
}

// waitUntil polls ten times a second.
func waitUntil(ctx context.Context, t *testing.T, done func() bool) {
	t.Helper()
	ticks := time.NewTicker(100 * time.Millisecond)
	defer ticks.Stop()
	for !done() {
		select {
		case <-ctx.Done():
			t.Fatal(ctx.Err())
		case <-ticks.C:
		}
	}
}
