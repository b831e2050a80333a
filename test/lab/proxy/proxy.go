// Package proxy is a proxy between a client and an API server. It delays and records every request, to measure traces on a slow link.
package proxy

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/requestguard"
)

// Request is one recorded request.
type Request struct {
	Method, Path string // with the query
	Begin, End   time.Time
	Status       int
	Bytes        int64 // of the body as sent, possibly compressed
	Undocumented error // why docs/requests.md does not allow the request; nil if it does
}

// Proxy is a reverse proxy on loopback. It supports HTTP/2, like the API server, so that concurrent requests of a client do not queue.
type Proxy struct {
	URL    string
	server *httptest.Server

	mu       sync.Mutex
	delay    time.Duration
	requests []Request
}

// Start serves target, whose certificate is not verified, on a free port.
func Start(target string) (*Proxy, error) {
	reverse, err := reverseProxy(target)
	if err != nil {
		return nil, err
	}
	p := &Proxy{}
	p.server = httptest.NewUnstartedServer(p.record(reverse))
	p.server.EnableHTTP2 = true
	p.server.StartTLS()
	p.URL = p.server.URL
	return p, nil
}

func reverseProxy(target string) (*httputil.ReverseProxy, error) {
	to, err := url.Parse(target)
	if err != nil {
		return nil, fmt.Errorf("parse target: %w", err)
	}
	reverse := httputil.NewSingleHostReverseProxy(to)
	reverse.FlushInterval = -1
	reverse.Transport = &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // the lab's API server has a self-signed certificate
		DialContext:     (&net.Dialer{Timeout: 5 * time.Second}).DialContext, ForceAttemptHTTP2: true, DisableCompression: true,
	}
	return reverse, nil
}

// WithVersion forwards to an API server, and answers for its version itself: one that was built from its module says v0.0.0, in a form that
// some clients cannot parse.
func WithVersion(target, version string) (http.Handler, error) {
	reverse, err := reverseProxy(target)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/", reverse)
	mux.HandleFunc("GET /version", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"major":"1","gitVersion":%q}`, version)
	})
	return mux, nil
}

// Close stops the proxy and closes its connections.
func (p *Proxy) Close() { p.server.Close() }

// Reset clears the recorded requests, and sets the delay of later ones.
func (p *Proxy) Reset(delay time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.delay, p.requests = delay, nil
}

func (p *Proxy) record(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		delay := p.delay
		p.mu.Unlock()
		request := Request{Method: r.Method, Path: r.URL.RequestURI(), Begin: time.Now(), Undocumented: requestguard.Inspect(r)}
		if err := pause(r.Context(), delay); err != nil {
			return
		}
		counted := &counter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(counted, r)
		request.End, request.Status, request.Bytes = time.Now(), counted.status, counted.bytes
		p.mu.Lock()
		defer p.mu.Unlock()
		p.requests = append(p.requests, request)
	})
}

func pause(ctx context.Context, delay time.Duration) error {
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return errors.New("the client canceled the request")
	}
}

type counter struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (c *counter) WriteHeader(status int) {
	c.status = status
	c.ResponseWriter.WriteHeader(status)
}

func (c *counter) Write(body []byte) (int, error) {
	n, err := c.ResponseWriter.Write(body)
	c.bytes += int64(n)
	return n, err
}

// Unwrap lets the reverse proxy flush.
func (c *counter) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// Requests returns the finished requests, in start order.
func (p *Proxy) Requests() []Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.SortedFunc(slices.Values(p.requests), func(a, b Request) int { return a.Begin.Compare(b.Begin) })
}

// Bytes returns the total size of all bodies.
func (p *Proxy) Bytes() int64 {
	var sum int64
	for _, r := range p.Requests() {
		sum += r.Bytes
	}
	return sum
}

// Depth returns the number of sequential round trips: the longest chain of requests in which each started after the previous one ended.
// The delay must be long compared with the API server's own time.
func (p *Proxy) Depth() int {
	requests := p.Requests()
	depth := make([]int, len(requests))
	deepest := 0
	for i, r := range requests {
		depth[i] = 1
		for j := range i {
			if !requests[j].End.After(r.Begin) {
				depth[i] = max(depth[i], depth[j]+1)
			}
		}
		deepest = max(deepest, depth[i])
	}
	return deepest
}

// Discovery returns the discovery requests.
func (p *Proxy) Discovery() []string {
	return p.matching(func(path string) bool {
		path, _, _ = strings.Cut(path, "?")
		segments := strings.Split(strings.Trim(path, "/"), "/")
		return segments[0] == "openapi" || segments[0] == "version" ||
			(segments[0] == "api" && len(segments) < 3) || (segments[0] == "apis" && len(segments) < 4)
	})
}

// Undocumented returns the requests that docs/requests.md does not list.
func (p *Proxy) Undocumented() []string {
	var found []string
	for _, r := range p.Requests() {
		if r.Undocumented != nil {
			found = append(found, r.Undocumented.Error())
		}
	}
	return found
}

// Secrets returns the requests for Secrets.
func (p *Proxy) Secrets() []string {
	return p.matching(func(path string) bool { return strings.Contains(path, "/secrets") })
}

func (p *Proxy) matching(match func(path string) bool) []string {
	var found []string
	for _, r := range p.Requests() {
		if match(r.Path) {
			found = append(found, r.Method+" "+r.Path)
		}
	}
	return found
}
