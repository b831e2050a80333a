package kube

import (
	"context"
	"fmt"
	"net"
	"net/http"

	"k8s.io/client-go/tools/portforward"
	"k8s.io/client-go/transport/spdy"
	"k8s.io/streaming/pkg/httpstream"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kube/podconn"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Dial connects to a port of a pod through the API server, as kubectl port-forward does. It needs the right to create
// pods/portforward. IsForbidden reports whether that right is missing.
func (s *Source) Dial(ctx context.Context, pod facts.Ref, port int) (net.Conn, error) {
	dialer, err := s.cluster(pod.Plane).dialer(pod)
	if err != nil {
		return nil, fmt.Errorf("forward to pod %s: %w", pod.Name, err)
	}
	type dialled struct {
		conn net.Conn
		err  error
	}
	done := make(chan dialled, 1)
	go func() { // the dialers of client-go accept no context
		conn, err := podconn.Open(dialer, pod, port)
		done <- dialled{conn, err}
	}()
	select {
	case d := <-done:
		return d.conn, d.err
	case <-ctx.Done():
		go func() {
			if d := <-done; d.err == nil {
				_ = d.conn.Close()
			}
		}()
		return nil, ctx.Err()
	}
}

// dialer tries SPDY in a WebSocket, which passes proxies, and falls back to plain SPDY. kubectl falls back only if the server
// does not support WebSockets (v1.36 pkg/cmd/portforward). This dialer falls back after every error: a WebSocket begins with a
// GET, which needs the right to get pods/portforward in addition to the right to create it.
func (c *cluster) dialer(pod facts.Ref) (httpstream.Dialer, error) {
	at, err := objectPath(podRef(pod), "portforward")
	if err != nil {
		return nil, err
	}
	address := c.client.Get().AbsPath(at...).URL()
	transport, upgrader, err := spdy.RoundTripperFor(c.config)
	if err != nil {
		return nil, err
	}
	plain := spdy.NewDialerForStreaming(upgrader, &http.Client{Transport: transport}, http.MethodPost, address)
	tunnel, err := portforward.NewSPDYOverWebsocketDialerForStreaming(address, c.config)
	if err != nil {
		return nil, err
	}
	return portforward.NewFallbackDialerForStreaming(tunnel, plain, func(error) bool { return true }), nil
}
