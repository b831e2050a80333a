package kube

import (
	"context"
	"fmt"
	"net"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kube/podconn"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Dial connects to a port of a pod through the API server, as kubectl port-forward does. It needs the right to create
// pods/portforward. IsForbidden reports whether that right is missing.
func (s *Source) Dial(ctx context.Context, pod facts.Ref, port int) (net.Conn, error) {
	at, err := objectPath(podRef(pod), "portforward")
	if err != nil {
		return nil, fmt.Errorf("forward to pod %s: %w", pod.Name, err)
	}
	if s.reader(ctx, pod.Plane) != nil {
		return nil, fmt.Errorf("forward to pod %s: no context for data plane %s", pod.Name, pod.Plane)
	}
	c := s.cluster(pod.Plane)
	address := c.client.Get().AbsPath(at...).URL()
	type dialled struct {
		conn net.Conn
		err  error
	}
	done := make(chan dialled, 1)
	go func() { // the dialers of client-go accept no context
		conn, err := podconn.Open(c.config, address, pod, port)
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
