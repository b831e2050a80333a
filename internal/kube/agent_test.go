package kube

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/requestguard"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestUserAgent: the audit log of an API server tells which program asks. A library user may set another name.
func TestUserAgent(t *testing.T) {
	t.Parallel()
	for set, want := range map[string]string{"": "kubectl-choreo/", "mine/1.0": "mine/1.0"} {
		var mu sync.Mutex
		var agents []string
		server := httptest.NewServer(requestguard.Handler(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			agents = append(agents, r.UserAgent())
			w.WriteHeader(http.StatusForbidden)
		})))
		t.Cleanup(server.Close)
		config := &rest.Config{Host: server.URL, UserAgent: set}
		s, err := New(map[facts.Plane]*rest.Config{facts.Control: config}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		component := facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: "shop"}
		s.Get(t.Context(), facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: "shop", Name: "a"})
		s.List(t.Context(), component)
		if len(agents) < 2 {
			t.Errorf("%q: %d requests", set, len(agents))
		}
		for _, agent := range agents {
			if !strings.HasPrefix(agent, want) {
				t.Errorf("%q: %q, want %q", set, agent, want)
			}
		}
		if config.UserAgent != set {
			t.Errorf("the caller's config was changed to %q", config.UserAgent)
		}
	}
}
