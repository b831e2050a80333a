package kube

import (
	"net/http"
	"testing"
	"time"

	"k8s.io/client-go/rest"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestALoginIsNotTimed covers a credential plugin that opens a browser. Only the exchange with the API server has a timeout.
func TestALoginIsNotTimed(t *testing.T) {
	t.Parallel()
	plain, a := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		if got := r.Header.Get("Authorization"); got != "Bearer t" {
			t.Errorf("authorization %q", got)
		}
		body(w, 200, greeter)
	})
	config := rest.CopyConfig(plain.cluster(facts.Control).config)
	config.Timeout = 3 * time.Second // for the exchange alone, on a busy machine
	config.ExecProvider = &clientcmdapi.ExecConfig{
		Command: "sh", APIVersion: "client.authentication.k8s.io/v1", InteractiveMode: clientcmdapi.NeverExecInteractiveMode,
		Args: []string{"-c", `sleep 3.1; echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t"}}'`},
	}
	s, err := New(map[facts.Plane]*rest.Config{facts.Control: config}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if o := s.Get(t.Context(), component("greeter")); o.Outcome != facts.Found || len(a.asked()) != 1 {
		t.Errorf("%s %q after %v", o.Outcome, o.Reason, a.asked())
	}
}

// TestABodyIsTimed covers an API server that begins a response and never ends it.
func TestABodyIsTimed(t *testing.T) {
	t.Parallel()
	ended := make(chan struct{})
	plain, _ := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		w.WriteHeader(http.StatusOK)
		w.(http.Flusher).Flush()
		select {
		case <-r.Context().Done():
		case <-ended:
		}
	})
	t.Cleanup(func() { close(ended) })
	config := rest.CopyConfig(plain.cluster(facts.Control).config)
	config.Timeout = time.Second
	s, err := New(map[facts.Plane]*rest.Config{facts.Control: config}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if o := s.Get(t.Context(), component("greeter")); o.Outcome != facts.Unreachable {
		t.Errorf("%s %q", o.Outcome, o.Reason)
	}
}
