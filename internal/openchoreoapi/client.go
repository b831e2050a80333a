package openchoreoapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/openchoreoapi/login"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// binding names a ReleaseBinding: the API answers for the objects of one.
type binding struct{ namespace, name string }

func (b binding) String() string { return b.namespace + "/" + b.name }

// client makes the requests. It follows no redirect, so a token never goes to another host.
type client struct {
	login   login.Login
	http    *http.Client
	timeout time.Duration
	now     func() time.Time
	agent   string
	slots   chan struct{} // bounds the requests under way: the API makes several requests to the plane for each
}

// maxConcurrent is the number of requests under way at once.
const maxConcurrent = 8

func newClient(l login.Login, o Options) *client {
	c := &client{login: l, timeout: o.Timeout, now: o.Now, agent: o.UserAgent, slots: make(chan struct{}, maxConcurrent)}
	transport := o.Transport
	if transport == nil {
		transport = l.Transport()
	}
	if o.Wrap != nil {
		transport = o.Wrap(transport)
	}
	c.http = &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c
}

// request is one of the requests to the API.
type request struct {
	about string   // a kind and a name, for people
	path  []string // below api/v1
	query url.Values
	limit int64 // bytes of the answer
}

// get requests one of the resources below k8sresources of a ReleaseBinding, and passes at most limit bytes of the response to read.
func (c *client) get(ctx context.Context, of binding, resource string, query url.Values, limit int64, read func(io.Reader) error) *refusal {
	if err := errors.Join(reference.Namespace(of.namespace), reference.Name(of.name)); err != nil || of.namespace == "" {
		return &refusal{facts.Invalid, fmt.Sprintf("ReleaseBinding %q cannot be requested", of)}
	}
	path := []string{"namespaces", of.namespace, "releasebindings", of.name, "k8sresources", resource}
	return c.do(ctx, request{"ReleaseBinding " + of.String(), path, query, limit}, read)
}

// do sends a request, and passes the body of the response to read.
func (c *client) do(ctx context.Context, r request, read func(io.Reader) error) *refusal {
	if at, expired := c.login.ExpiredAt(c.now()); expired {
		return &refusal{facts.Unreachable, fmt.Sprintf("%s: the token expired at %s; %s", Name, at.UTC().Format(time.RFC3339), c.login.Renew)}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if c.timeout > 0 {
		ctx, cancel = context.WithTimeout(ctx, c.timeout)
		defer cancel()
	}
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return c.failed(ctx, ctx.Err())
	}
	response, err := c.send(ctx, r)
	if err == nil && response.StatusCode >= http.StatusInternalServerError && response.StatusCode != http.StatusNotImplemented {
		_ = response.Body.Close()
		paused, end := context.WithTimeout(ctx, pause)
		<-paused.Done()
		end()
		response, err = c.send(ctx, r)
	}
	if err != nil {
		return c.failed(ctx, err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return c.refused(response, r.about)
	}
	body := &io.LimitedReader{R: response.Body, N: r.limit + 1}
	switch err := read(body); {
	case body.N == 0:
		return unknown("the answer is larger than %d MiB", r.limit>>20)
	case err != nil && ctx.Err() != nil:
		return c.failed(ctx, err)
	case err != nil:
		return unknown("the answer of %s cannot be read: %v", c.login.URL.Host, err)
	}
	return nil
}

// pause is the time between a failure of the API and the only repetition of the request. It answers 500 while an agent reconnects, and a
// proxy before it 502 to 504 while it restarts.
const pause = 200 * time.Millisecond

func (c *client) send(ctx context.Context, to request) (*http.Response, error) {
	at := c.login.URL.JoinPath(append([]string{"api", "v1"}, to.path...)...)
	at.RawQuery = to.query.Encode()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("make a request: %w", err)
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", c.agent)
	if c.login.Token != "" {
		r.Header.Set("Authorization", "Bearer "+c.login.Token)
	}
	return c.http.Do(r) //nolint:wrapcheck // failed inspects the type of the error
}
