package kube

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/requestguard"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// api is a fake API server. It responds by path and records the requests.
type api struct {
	mu       sync.Mutex
	requests []string
	answer   func(w http.ResponseWriter, r *http.Request, nth int)
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	a.requests = append(a.requests, r.Method+" "+r.URL.RequestURI())
	nth := len(a.requests)
	a.mu.Unlock()
	a.answer(w, r, nth)
}

func (a *api) asked() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.requests)
}

func serve(t *testing.T, answer func(w http.ResponseWriter, r *http.Request, nth int)) (*Source, *api) {
	t.Helper()
	a := &api{answer: answer}
	server := httptest.NewServer(requestguard.Handler(t, a))
	t.Cleanup(server.Close)
	s, err := New(map[facts.Plane]*rest.Config{facts.Control: {Host: server.URL, Timeout: 3 * time.Minute}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s, a
}

// inMemory is serve without a network, for a bubble of testing/synctest.
func inMemory(t *testing.T, answer func(w http.ResponseWriter, r *http.Request, nth int)) (*Source, *api) {
	t.Helper()
	a := &api{answer: answer}
	s, err := New(map[facts.Plane]*rest.Config{facts.Control: {
		Host: "http://in-memory.example", Timeout: 3 * time.Minute, Transport: factstest.Transport(requestguard.Handler(t, a)),
	}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s, a
}

func body(w http.ResponseWriter, code int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_, _ = fmt.Fprint(w, text)
}

func status(code int, reason, message, details string) string {
	return fmt.Sprintf(`{"kind":"Status","apiVersion":"v1","status":"Failure","code":%d,"reason":%q,"message":%q,"details":%s}`, code, reason, message, details)
}

func component(name string) facts.Ref {
	return facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: "default", Name: name}
}

const greeter = `{"apiVersion":"openchoreo.dev/v1alpha1","kind":"Component","metadata":{"name":"greeter","namespace":"default","managedFields":[{}],"generation":3}}`
