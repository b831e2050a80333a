package kube

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/streaming/pkg/httpstream"
	"k8s.io/streaming/pkg/httpstream/spdy"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube/podconn"
	"github.com/kubectl-choreo/kubectl-choreo/internal/requestguard"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// kubelet echoes the received data in capitals on port 80 of every pod. It returns an error for every other port. It supports
// only SPDY, as API servers before Kubernetes 1.31 do.
type kubelet struct{ refuse int }

func (k kubelet) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path != "/api/v1/namespaces/cell/pods/web/portforward":
		http.NotFound(w, r)
		return
	case k.refuse != 0:
		body(w, k.refuse, status(k.refuse, "Forbidden", `pods "web" is forbidden: User "dora" cannot create resource "pods/portforward"`, `{"name":"web"}`))
		return
	case r.Method != http.MethodPost:
		http.Error(w, "no websockets", http.StatusBadRequest)
		return
	}
	streams := make(chan httpstream.Stream, 2)
	w.Header().Set(httpstream.HeaderProtocolVersion, "portforward.k8s.io")
	connection := spdy.NewResponseUpgrader().UpgradeResponse(w, r, func(s httpstream.Stream, _ <-chan struct{}) error {
		streams <- s
		return nil
	})
	if connection == nil {
		return
	}
	defer func() { _ = connection.Close() }()
	complaints, data := <-streams, <-streams
	if port := data.Headers().Get("port"); port != "80" {
		_ = data.Close()
		_, _ = io.WriteString(complaints, "connect: connection refused on "+port)
		_ = complaints.Close()
		<-connection.CloseChan()
		return
	}
	said := make([]byte, 5)
	_, _ = io.ReadFull(data, said)
	_, _ = io.WriteString(data, strings.ToUpper(string(said)))
	_, _ = data.Close(), complaints.Close()
	<-connection.CloseChan()
}

func TestDial(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	dial := func(k kubelet, port int) (string, error) {
		server := httptest.NewServer(requestguard.Handler(t, k))
		defer server.Close()
		s, err := New(map[facts.Plane]*rest.Config{facts.Control: {Host: server.URL}}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		conn, err := s.Dial(ctx, facts.Ref{Plane: "default", Group: kinds.Core, Kind: "Pod", Namespace: "cell", Name: "web"}, port)
		if err != nil {
			return "", err
		}
		defer func() { _ = conn.Close() }()
		if _, err := io.WriteString(conn, "hello"); err != nil {
			return "", err
		}
		answer, err := io.ReadAll(conn)
		return string(answer), err
	}
	if answer, err := dial(kubelet{}, 80); answer != "HELLO" || err != nil {
		t.Errorf("answer %q, %v; want HELLO", answer, err)
	}
	if answer, err := dial(kubelet{}, 81); err == nil || !strings.Contains(err.Error(), "connection refused on 81") || podconn.IsForbidden(err) {
		t.Errorf("answer %q, %v; want what the kubelet says", answer, err)
	}
	if _, err := dial(kubelet{refuse: http.StatusForbidden}, 80); !podconn.IsForbidden(err) || !strings.Contains(err.Error(), `cannot create resource "pods/portforward"`) {
		t.Errorf("%v; want the right that is missing", err)
	}
	cancel()
	if _, err := dial(kubelet{}, 80); err == nil {
		t.Error("it dials although its time is over")
	}
}
