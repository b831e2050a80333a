// Package probe sends HTTP requests to endpoints. Ready does not mean working: the status of a route and its pods promises a
// response, and a probe makes the request of a user.
package probe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxBodySize bounds the bytes that are read of a response, so that its connection can be reused.
const maxBodySize = 64 << 10

// Options of a Prober. The zero value sends no headers, has no timeout, and expects 200 to 399.
type Options struct {
	Header  http.Header
	Timeout time.Duration // of one request, until the response begins; 0: only the context's deadline
	Status  Statuses
	Path    string // appended to the path of the URL
	// Now is the clock. It is required.
	Now func() time.Time
}

// Answer is the result of one request. The zero value means no response.
type Answer struct {
	OK     bool          // the status is an expected one
	Status int           // 0 without a response
	Err    error         // the reason for a missing response
	Took   time.Duration // until the response began or the request failed
}

// Prober sends requests. It is safe for concurrent use.
type Prober struct {
	options Options
	client  *http.Client
}

// Dialer opens a connection, as net.Dialer's DialContext does.
type Dialer func(ctx context.Context, network, address string) (net.Conn, error)

// New returns a Prober. Its URLs come from a cluster, and its headers may contain a secret. So it follows no redirects, which
// could lead to another host. A redirect is a response like any other.
func New(o Options) *Prober {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DialContext = dial
	return with(o, transport)
}

// Through returns a Prober that sends the same requests through dial and through no proxy. Each request has its own connection.
func (p *Prober) Through(dial Dialer) *Prober {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DialContext, transport.Proxy, transport.DisableKeepAlives = dial, nil, true
	return with(p.options, transport)
}

func with(o Options, transport *http.Transport) *Prober {
	return &Prober{options: o, client: &http.Client{
		Transport: transport, Timeout: o.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// dial connects to this machine for names that end in localhost, as RFC 6761 requires. Go's own resolver does not. Local
// installations name their gateways so.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	if host, port, err := net.SplitHostPort(address); err == nil && strings.HasSuffix(strings.TrimSuffix(host, "."), ".localhost") {
		address = net.JoinHostPort("localhost", port)
	}
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

// At returns the URL that is requested for an address.
func (p *Prober) At(address string) string {
	if p.options.Path == "" {
		return address
	}
	return strings.TrimRight(address, "/") + "/" + strings.TrimLeft(p.options.Path, "/")
}

// Get requests a URL once.
func (p *Prober) Get(ctx context.Context, address string) Answer {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return Answer{Err: fmt.Errorf("read URL: %w", err)}
	}
	for name, values := range p.options.Header {
		request.Header[name] = values
	}
	if host := request.Header.Get("Host"); host != "" {
		request.Host = host
	}
	begin := p.options.Now()
	response, err := p.client.Do(request)
	a := Answer{Took: p.options.Now().Sub(begin)}
	if err != nil {
		a.Err = plain(err)
		return a
	}
	_, _ = io.CopyN(io.Discard, response.Body, maxBodySize)
	_ = response.Body.Close()
	a.Status, a.OK = response.StatusCode, p.options.Status.Include(response.StatusCode)
	return a
}

// plain removes the URL from an error, because the caller has it.
func plain(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

// Probeable reports whether a URL can be requested: it must be HTTP or HTTPS and have a host.
func Probeable(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// Statuses are ranges of HTTP statuses. The zero value is 200 to 399.
type Statuses [][2]int

// Include reports whether the ranges contain a status.
func (s Statuses) Include(status int) bool {
	if len(s) == 0 {
		return status >= 200 && status < 400
	}
	for _, r := range s {
		if status >= r[0] && status <= r[1] {
			return true
		}
	}
	return false
}

// ParseStatuses parses "200", "200-299" and comma-separated lists of these.
func ParseStatuses(text string) (Statuses, error) {
	var all Statuses
	for part := range strings.SplitSeq(text, ",") {
		low, high, ranged := strings.Cut(strings.TrimSpace(part), "-")
		if !ranged {
			high = low
		}
		from, err1 := strconv.Atoi(low)
		to, err2 := strconv.Atoi(high)
		if err1 != nil || err2 != nil || from < 100 || to > 599 || from > to {
			return nil, fmt.Errorf("read status %q: want one as 200, or a range as 200-299", part)
		}
		all = append(all, [2]int{from, to})
	}
	return all, nil
}
