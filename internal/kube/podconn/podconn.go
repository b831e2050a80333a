// Package podconn provides a network connection to a port of a pod, over the streams of a port-forward.
package podconn

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/portforward"
	"k8s.io/client-go/transport/spdy"
	"k8s.io/streaming/pkg/httpstream"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Open creates the two streams of a connection: one for the data, and one on which the kubelet reports errors. address is that of the
// pod's port-forward.
func Open(config *rest.Config, address *url.URL, pod facts.Ref, port int) (net.Conn, error) {
	dialer, err := newDialer(config, address)
	if err != nil {
		return nil, fmt.Errorf("forward to pod %s: %w", pod.Name, err)
	}
	connection, _, err := dialer.Dial(portforward.PortForwardProtocolV1Name)
	if err != nil {
		return nil, &dialError{pod.Name, err}
	}
	header := http.Header{}
	header.Set("port", strconv.Itoa(port))
	header.Set("requestID", "0")
	header.Set("streamType", "error")
	errorStream, err := connection.CreateStream(header)
	if err == nil {
		_ = errorStream.Close() // nothing is written to it
		header.Set("streamType", "data")
		var data httpstream.Stream
		if data, err = connection.CreateStream(header); err == nil {
			return forwarded(connection, errorStream, data, pod), nil
		}
	}
	_ = connection.Close()
	return nil, fmt.Errorf("forward to port %d of pod %s: %w", port, pod.Name, err)
}

// newDialer returns one that tries SPDY in a WebSocket, which passes proxies, and falls back to plain SPDY. kubectl falls back only if
// the server does not support WebSockets (v1.36 pkg/cmd/portforward). This one falls back after every error: a WebSocket begins with a
// GET, which needs the right to get pods/portforward in addition to the right to create it.
func newDialer(config *rest.Config, address *url.URL) (httpstream.Dialer, error) {
	transport, upgrader, err := spdy.RoundTripperFor(config)
	if err != nil {
		return nil, err
	}
	plain := spdy.NewDialerForStreaming(upgrader, &http.Client{Transport: transport}, http.MethodPost, address)
	tunnel, err := portforward.NewSPDYOverWebsocketDialerForStreaming(address, config)
	if err != nil {
		return nil, err
	}
	return portforward.NewFallbackDialerForStreaming(tunnel, plain, func(error) bool { return true }), nil
}

// dialError means that a connection to a pod failed.
type dialError struct {
	pod string
	err error
}

func (e *dialError) Error() string { return fmt.Sprintf("forward to pod %s: %v", e.pod, e.err) }
func (e *dialError) Unwrap() error { return e.err }

// IsForbidden reports whether Dial failed because a right is missing. client-go returns the text of the API server's refusal
// without its Status (v0.36.2 k8s.io/streaming/pkg/httpstream/spdy).
func IsForbidden(err error) bool {
	var d *dialError
	return errors.As(err, &d) && strings.Contains(d.err.Error(), " is forbidden: ")
}

// forwardedConn is a connection to a pod. Its deadlines have no effect: the caller closes it when the time is over.
type forwardedConn struct {
	httpstream.Stream
	connection httpstream.Connection
	pod        facts.Ref

	ended       chan struct{} // closed when the error stream has ended
	remoteError error         // the kubelet's error; to be read after ended
}

func forwarded(connection httpstream.Connection, errorStream, data httpstream.Stream, pod facts.Ref) *forwardedConn {
	c := &forwardedConn{Stream: data, connection: connection, pod: pod, ended: make(chan struct{})}
	go func() {
		defer close(c.ended)
		if words, err := io.ReadAll(io.LimitReader(errorStream, maxErrorLength)); err == nil && len(words) > 0 {
			c.remoteError = errors.New(string(words))
		}
	}()
	return c
}

const maxErrorLength = 4 << 10

// Read returns the kubelet's error if that error ended the connection, for example because no process listens on the port.
func (c *forwardedConn) Read(p []byte) (int, error) {
	n, err := c.Stream.Read(p)
	if err == nil || n > 0 {
		return n, nil
	}
	select {
	case <-c.ended:
	case <-c.connection.CloseChan():
	}
	select {
	case <-c.ended:
		if c.remoteError != nil {
			return 0, c.remoteError
		}
	default:
	}
	return 0, err
}

// Close closes both directions.
func (c *forwardedConn) Close() error {
	_ = c.Reset()
	return c.connection.Close()
}

// LocalAddr returns the pod: there is no local address.
func (c *forwardedConn) LocalAddr() net.Addr { return c.RemoteAddr() }

// RemoteAddr returns the pod.
func (c *forwardedConn) RemoteAddr() net.Addr { return podAddr(c.pod.Namespace + "/" + c.pod.Name) }

// SetDeadline does nothing.
func (c *forwardedConn) SetDeadline(time.Time) error { return nil }

// SetReadDeadline does nothing.
func (c *forwardedConn) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline does nothing.
func (c *forwardedConn) SetWriteDeadline(time.Time) error { return nil }

// podAddr is namespace/name.
type podAddr string

// Network returns the name of the transport.
func (podAddr) Network() string { return "portforward" }

func (a podAddr) String() string { return string(a) }
