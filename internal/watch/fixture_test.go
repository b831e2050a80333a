package watch

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/internal/requestguard"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// wire connects a client to a server in memory, so that a test can use a fake clock: see testing/synctest.
type wire struct {
	accepted chan net.Conn
	closed   chan struct{}

	mu     sync.Mutex
	down   bool
	silent bool
	open   []net.Conn
}

func (w *wire) Accept() (net.Conn, error) {
	select {
	case c := <-w.accepted:
		return c, nil
	case <-w.closed:
		return nil, net.ErrClosed
	}
}

func (w *wire) Close() error   { close(w.closed); return nil }
func (w *wire) Addr() net.Addr { return &net.UnixAddr{Name: "wire"} }

func (w *wire) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.down {
		return nil, errors.New("connection refused")
	}
	client, server := net.Pipe()
	w.open = append(w.open, client, server)
	if w.silent { // the other end neither reads nor writes
		return client, nil
	}
	select {
	case w.accepted <- server:
		return client, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// set breaks all connections and sets the state of new ones.
func (w *wire) set(down, silent bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down, w.silent = down, silent
	for _, c := range w.open {
		_ = c.Close()
	}
	w.open = nil
}

// fixture is a cluster, its wire, a plain source and a Source over it.
type fixture struct {
	*testing.T
	*api
	wire   *wire
	plain  *kube.Source
	source *Source
}

// withFixture runs a test with a fake clock. All goroutines must have ended when it returns. Do not create a timer with a
// duration of zero. Two timers that are due at the same moment crash the race detector in a bubble (Go 1.26.8
// src/runtime/time.go, unlockAndRun: all timers of a bubble share one race context).
func withFixture(t *testing.T, test func(w fixture)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := fixture{T: t, api: newAPI(), wire: &wire{accepted: make(chan net.Conn), closed: make(chan struct{})}}
		server := &http.Server{Handler: requestguard.Handler(t, w.api), ReadHeaderTimeout: time.Minute}
		go func() { _ = server.Serve(w.wire) }()
		transport := &http.Transport{DialContext: w.wire.dial}
		t.Cleanup(func() { _ = server.Close(); transport.CloseIdleConnections(); w.wire.set(true, false) })
		plain, err := kube.New(map[facts.Plane]*rest.Config{facts.Control: {Host: "http://api", Transport: transport, Timeout: 15 * time.Second}}, kube.Options{})
		if err != nil {
			t.Fatal(err)
		}
		w.plain, w.source = plain, New(t.Context(), plain, Options{})
		t.Cleanup(w.source.Close)
		test(w)
	})
}

// advance advances the clock by d and waits until all resulting work is done.
func advance(d time.Duration) {
	timer := time.NewTimer(d)
	<-timer.C
	synctest.Wait()
}

func (w fixture) hasChanged() bool {
	synctest.Wait()
	select {
	case <-w.source.Changed():
		return true
	default:
		return false
	}
}

func (w fixture) changed() {
	w.Helper()
	if !w.hasChanged() {
		w.Fatal("nothing has changed")
	}
}

func (w fixture) unchanged() {
	w.Helper()
	if w.hasChanged() {
		w.Fatal("something has changed")
	}
}

// wants gets an object and compares its outcome, and the value of spec.value if it has one.
func (w fixture) wants(ref facts.Ref, want string) {
	w.Helper()
	o := w.source.Get(w.Context(), ref)
	if got := strings.TrimSpace(o.Outcome.String() + " " + kinds.Text(o.Body, "spec", "value")); got != want || o.Ref != ref {
		w.Fatalf("%s is %s (%s), want %s", o.Ref, got, o.Reason, want)
	}
}

// asked waits until all goroutines are idle and returns the requests since the last call.
func (w fixture) asked() []string {
	synctest.Wait()
	return w.api.asked()
}

// cut closes all watches.
func (w fixture) cut() {
	synctest.Wait()
	w.api.cut()
	synctest.Wait()
}

// freeze makes all open watches behave like dead connections.
func (w fixture) freeze() {
	synctest.Wait()
	w.api.freeze(true)
	synctest.Wait()
	w.api.freeze(false)
}

// forbid sets which requests are refused from now on. Requests in progress finish first.
func (w fixture) forbid(refuse func(verb, plural string) *metav1.Status) {
	synctest.Wait()
	w.api.forbid(refuse)
}

// wantsRequests compares the requests since the last call.
func (w fixture) wantsRequests(want ...string) {
	w.Helper()
	if diff := cmp.Diff(want, w.asked()); diff != "" {
		w.Fatalf("requests (-want +got)\n%s", diff)
	}
}

func object(kind, name, value string) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"kind": kind, "apiVersion": "openchoreo.dev/v1alpha1",
		"metadata": map[string]any{"name": name, "namespace": "default"}, "spec": map[string]any{"value": value},
	}}
}

func ref(kind, name string) facts.Ref {
	return facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: kind, Namespace: "default", Name: name}
}

func all(kind string) facts.Query {
	return facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: kind, Namespace: "default"}
}

// names returns the names of a list's items.
func names(l facts.List) string {
	var names []string
	for _, item := range l.Items {
		names = append(names, item.Name)
	}
	return strings.Join(names, " ")
}

// refusing refuses some verbs.
func refusing(status *metav1.Status, verbs ...string) func(verb, plural string) *metav1.Status {
	return func(verb, _ string) *metav1.Status {
		if strings.Contains(strings.Join(verbs, " "), verb) {
			return status
		}
		return nil
	}
}
