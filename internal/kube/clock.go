package kube

import (
	"net/http"
	"sync"
	"time"

	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// clock compares this machine's clock with that of an API server, which says its own in the header Date of each response
// (RFC 9110, section 6.6.1; Go's net/http writes it). The zero value knows nothing.
type clock struct {
	mu          sync.Mutex
	known       bool
	least, most time.Duration // this machine is ahead by at least and at most that
}

// observeDate narrows the bounds by one response. The server wrote date, cut to the second, between sent and received. Bounds that
// contradict earlier ones are those of a clock that was set since, or of another server: the newest count.
func (c *clock) observeDate(sent, received, date time.Time) {
	least, most := sent.Sub(date)-time.Second, received.Sub(date)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known && max(least, c.least) <= min(most, c.most) {
		least, most = max(least, c.least), min(most, c.most)
	}
	c.known, c.least, c.most = true, least, most
}

// ahead is the smallest difference that explains all responses: 0 unless the clocks are known to differ.
func (c *clock) ahead() (by time.Duration, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.least > 0:
		return c.least, c.known
	case c.most < 0:
		return c.most, c.known
	}
	return 0, c.known
}

// observe makes c read the Date of each response to the clients of config. A cached response says nothing about the present time.
func (c *clock) observe(config *rest.Config) *rest.Config {
	observed := rest.CopyConfig(config)
	observed.Wrap(func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(r *http.Request) (*http.Response, error) {
			sent := time.Now()
			response, err := next.RoundTrip(r)
			if err != nil {
				return response, err
			}
			if date, err := http.ParseTime(response.Header.Get("Date")); err == nil && response.Header.Get("Age") == "" {
				c.observeDate(sent, time.Now(), date)
			}
			return response, nil
		})
	})
	return observed
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Skew is how far this machine's clock is ahead of the plane's, negative where it is behind. It is not known before a
// response, or where a proxy removes the header Date.
func (s *Source) Skew(plane facts.Plane) (ahead time.Duration, known bool) {
	return s.cluster(plane).clock.ahead()
}

// Now is the time by the control plane's clock, as far as it is known.
func (s *Source) Now() time.Time { return s.ByCluster(time.Now()) }

// ByCluster is what the control plane's clock showed when this machine's showed t.
func (s *Source) ByCluster(t time.Time) time.Time {
	ahead, _ := s.Skew(facts.Control)
	return t.Add(-ahead)
}
