// Package probe asks endpoints whether they answer. Ready is not working: what a cluster says of a route and its pods is a
// promise, and this is the request of a user.
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

// mostRead bounds what is read of an answer, so that its connection can be used again.
const mostRead = 64 << 10

// Options of a Prober. The zero value asks without headers and without a time limit, and expects 200 to 399.
type Options struct {
	Header  http.Header
	Timeout time.Duration // of one request, until its answer has begun; 0: none but the context's
	Status  Statuses
	Path    string // below that of the URL
	// Now is the clock. It must be set.
	Now func() time.Time
}

// Answer is what came of one request. The zero value is no answer.
type Answer struct {
	OK     bool          // it is the one that was expected
	Status int           // 0 where none came
	Err    error         // why none came
	Took   time.Duration // until the answer began, or was given up
}

// Prober asks. It is safe for concurrent use.
type Prober struct {
	options Options
	client  *http.Client
}

// Dialer makes a connection, as net.Dialer's DialContext does.
type Dialer func(ctx context.Context, network, address string) (net.Conn, error)

// New makes a Prober. The URLs it will be given come from a cluster, and the headers may hold a secret; so it follows no
// redirection, which could lead elsewhere: that is an answer as any other.
func New(o Options) *Prober {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DialContext = dial
	return with(o, transport)
}

// Through is a Prober that asks the same by another way, and by no proxy. Each of its requests has a connection of its own.
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

// dial takes what ends in localhost for this machine, as RFC 6761 says and Go's own resolver does not do: local
// installations name their gateways so.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	if host, port, err := net.SplitHostPort(address); err == nil && strings.HasSuffix(strings.TrimSuffix(host, "."), ".localhost") {
		address = net.JoinHostPort("localhost", port)
	}
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

// At is the URL that is asked for an address.
func (p *Prober) At(address string) string {
	if p.options.Path == "" {
		return address
	}
	return strings.TrimRight(address, "/") + "/" + strings.TrimLeft(p.options.Path, "/")
}

// Get asks a URL once.
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
	_, _ = io.CopyN(io.Discard, response.Body, mostRead)
	_ = response.Body.Close()
	a.Status, a.OK = response.StatusCode, p.options.Status.Include(response.StatusCode)
	return a
}

// plain leaves out the URL, which whoever asks knows.
func plain(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

// Probeable reports whether a URL is one that can be asked: of HTTP, and with a host.
func Probeable(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// Statuses are ranges of HTTP statuses. The zero value is 200 to 399.
type Statuses [][2]int

// Include reports whether a status is one of them.
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

// ParseStatuses reads "200", "200-299" and lists of these with commas.
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
