package cli

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/requestguard"
)

// watchable is a cluster with watches. They report nothing, but end with 410 Gone when expire is called.
type watchable struct {
	*cluster
	mu      sync.Mutex
	expired chan struct{}
}

func newWatchable(c *cluster) *watchable { return &watchable{cluster: c, expired: make(chan struct{})} }

// expire ends all watches: what has changed is then in the next list.
func (c *watchable) expire() {
	c.mu.Lock()
	defer c.mu.Unlock()
	close(c.expired)
	c.expired = make(chan struct{})
}

const gone = `{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Expired","code":410,"message":"too old resource version"}}` + "\n"

func (c *watchable) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("watch") != "" && !c.down.Load() {
		c.mu.Lock()
		expired := c.expired
		c.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		_ = http.NewResponseController(w).Flush()
		select {
		case <-r.Context().Done():
		case <-expired:
			_, _ = io.WriteString(w, gone)
		}
		return
	}
	answer := httptest.NewRecorder()
	c.cluster.ServeHTTP(answer, r)
	w.Header().Set("Content-Type", answer.Header().Get("Content-Type"))
	w.WriteHeader(answer.Code)
	_, _ = io.WriteString(w, strings.TrimSuffix(answer.Body.String(), `"metadata":{}}`+"\n"))
	if strings.HasSuffix(answer.Body.String(), `"metadata":{}}`+"\n") {
		_, _ = io.WriteString(w, `"metadata":{"resourceVersion":"7"}}`+"\n")
	}
}

// exporting is an exporter that runs in a bubble.
type exporting struct {
	*watchable
	t      *testing.T
	client *http.Client
	stop   func() (stderr string, exit int)
}

func export(t *testing.T, scenario string, components int) *exporting {
	t.Helper()
	g := gateInBubble(t, scenario, components)
	e := &exporting{watchable: newWatchable(g.cluster), t: t}
	listener, api := newPipes(), newPipes()
	server := &http.Server{Handler: requestguard.Handler(t, e.watchable), ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(api) }()
	toAPI := &http.Transport{DialContext: api.dial}
	t.Cleanup(func() { _ = server.Close(); toAPI.CloseIdleConnections() })
	e.client = &http.Client{Transport: &http.Transport{DialContext: listener.dial, DisableKeepAlives: true}}
	ctx, cancel := context.WithCancel(t.Context())
	type end struct {
		stderr string
		exit   int
	}
	ended := make(chan end, 1)
	streams := iostreams.IOStreams{
		Configure: func(c *rest.Config) { c.Transport = toAPI },
		Listen:    func(context.Context, string, string) (net.Listener, error) { return listener, nil },
	}
	go func() {
		_, stderr, exit := runWithContext(ctx, streams, "exporter", "-n", g.namespace, "--kubeconfig", g.kubeconfig)
		ended <- end{stderr, exit}
	}()
	e.stop = func() (string, int) {
		cancel()
		begun := time.Now()
		last := <-ended
		if took := time.Since(begun); took > time.Second {
			t.Errorf("it ended %s after the signal", took)
		}
		return last.stderr, last.exit
	}
	return e
}

func (e *exporting) get(path string) (string, int) {
	e.t.Helper()
	r, err := e.client.Get("http://exporter" + path)
	if err != nil {
		e.t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		e.t.Fatal(err)
	}
	return string(text), r.StatusCode
}

// wants requires readiness, or not, and lines of the metrics.
func (e *exporting) wants(ready bool, lines ...string) {
	e.t.Helper()
	if text, code := e.get("/readyz"); (code == http.StatusOK) != ready {
		e.t.Errorf("ready: %d %s, want %t", code, text, ready)
	}
	text, _ := e.get("/metrics")
	all := strings.Split(text, "\n")
	for _, line := range lines {
		unwanted, not := strings.CutPrefix(line, "no ")
		if not == slices.ContainsFunc(all, func(s string) bool { return strings.HasPrefix(s, strings.TrimPrefix(line, "no ")) }) {
			e.t.Errorf("metrics: want %q in\n%s", line, only(all, strings.SplitN(unwanted, "{", 2)[0]))
		}
	}
}

func only(lines []string, name string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(lines), func(s string) bool { return !strings.HasPrefix(s, name) }), "\n")
}

const first = `choreo_component_health{component="greeter-0000",environment="development",namespace="healthy",project="demo",verdict="Healthy"}`

// TestExporter: it follows the cluster by watches, also when they expire, makes no other request, and ends with the signal.
func TestExporter(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		e := export(t, "healthy", 5)
		time.Sleep(10 * time.Second)
		e.wants(true, first+" 1", "choreo_exporter_components 5", "choreo_exporter_up 1", `choreo_failures{rung="pod"} 0`, "no choreo_transitions_total")
		quiet := e.requests()
		time.Sleep(time.Minute)
		if n := e.requests() - quiet; n > 0 {
			t.Errorf("%d requests in a minute without a change: %v", n, e.paths[quiet:])
		}
		finish := gated{cluster: e.cluster}.running()
		e.expire()
		time.Sleep(5 * time.Second)
		e.wants(true, `choreo_transitions_total{code="",rung="delivery",state="Progressing"} 5`)
		finish()
		e.expire()
		time.Sleep(5 * time.Second)
		e.wants(true, first+" 1", `choreo_transitions_total{code="",rung="delivery",state="OK"} 5`)
		if stderr, exit := e.stop(); exit != 130 || !strings.Contains(stderr, "listening on") {
			t.Errorf("exit %d: %s", exit, stderr)
		}
	})
}

// TestExporterSurvives: while the API server is away, the exporter drops what it cannot know any more, and returns with it.
func TestExporterSurvives(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		e := export(t, "healthy", 5)
		e.down.Store(true)
		time.Sleep(10 * time.Second)
		e.wants(false, "choreo_exporter_up 0", "no choreo_component_health")
		e.down.Store(false)
		time.Sleep(30 * time.Second)
		e.wants(true, first+" 1", "choreo_exporter_up 1")
		e.down.Store(true)
		e.expire()
		time.Sleep(20 * time.Second)
		e.wants(true, first+" 1")
		time.Sleep(2 * time.Minute)
		e.wants(false, "choreo_exporter_up 0", "no choreo_component_health", "no choreo_exporter_components")
		e.down.Store(false)
		time.Sleep(30 * time.Second)
		e.wants(true, first+" 1", "choreo_exporter_up 1")
		stderr, _ := e.stop()
		for _, want := range []string{"; retrying", "components are read again"} {
			if !strings.Contains(stderr, want) {
				t.Errorf("stderr has no %q:\n%s", want, stderr)
			}
		}
	})
}

// TestExporterNamesAForbiddenKind: what depends on it is unknown, and the rest is exported.
func TestExporterNamesAForbiddenKind(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		e := export(t, "healthy", 5)
		e.refuses("releasebindings")
		time.Sleep(10 * time.Second)
		e.wants(true, "choreo_exporter_up 1", "choreo_exporter_components 5",
			`choreo_exporter_unreadable_components{group="openchoreo.dev",kind="ReleaseBinding",outcome="Forbidden",plane="control"} 5`,
			`choreo_delivery_reconciles{kind="Kustomization"`)
		e.refuses("")
		time.Sleep(30 * time.Second)
		e.wants(true, first+" 1", "no choreo_exporter_unreadable_components")
		e.stop()
	})
}

// TestExporterUsage: what is wrong is refused before the port is opened.
func TestExporterUsage(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"invalid --address: address 9464: missing port in address; use HOST:PORT or :PORT": {"--address", "9464"},
		"unknown command":          {"cart"},
		"unknown flag: --snapshot": {"--snapshot", "x"},
		"unknown flag: --repo":     {"--repo", "x"},
	} {
		_, stderr, exit := runIn(t, nil, append([]string{"exporter"}, args...)...)
		if exit != 1 || !strings.Contains(stderr, want) {
			t.Errorf("%v: exit %d, want %q in %s", args, exit, want, stderr)
		}
	}
}
