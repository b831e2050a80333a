// Package timeout bounds how long an exchange with an API server may take.
package timeout

import (
	"context"
	"io"
	"net/http"
	"time"

	"k8s.io/client-go/rest"
)

// Within returns config with its timeout applied only to the exchange with the API server. rest.Config.Timeout is the timeout of
// the HTTP client, which includes the credential plugin. A plugin that opens a browser for a login takes longer than any request
// may. The plugin's transport wraps this one (client-go v0.36.2 rest/transport.go, TransportConfig).
func Within(config *rest.Config, how func(http.RoundTripper, time.Duration) http.RoundTripper) *rest.Config {
	c := rest.CopyConfig(config)
	if c.Timeout > 0 {
		timeout := c.Timeout
		c.Timeout = 0
		inner := c.WrapTransport
		c.WrapTransport = func(next http.RoundTripper) http.RoundTripper {
			next = how(next, timeout)
			if inner != nil {
				next = inner(next)
			}
			return next
		}
	}
	return c
}

// Whole cancels a request whose response is not complete after timeout.
func Whole(next http.RoundTripper, timeout time.Duration) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		ctx, cancel := context.WithTimeout(r.Context(), timeout)
		response, err := next.RoundTrip(r.WithContext(ctx))
		if err != nil {
			cancel()
			return nil, err
		}
		response.Body = &boundBody{response.Body, cancel}
		return response, nil
	})
}

// boundBody stops the timer of its request when it is closed.
type boundBody struct {
	io.ReadCloser
	cancel func()
}

func (b *boundBody) Close() error {
	defer b.cancel()
	return b.ReadCloser.Close()
}

// Headers cancels a request whose response has not begun after timeout.
func Headers(next http.RoundTripper, timeout time.Duration) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		ctx, cancel := context.WithCancel(r.Context())
		late := time.AfterFunc(timeout, cancel)
		response, err := next.RoundTrip(r.WithContext(ctx))
		late.Stop()
		if err != nil {
			cancel()
			return nil, err
		}
		response.Body = &boundBody{response.Body, cancel}
		return response, nil
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
