package kube

import (
	"net/http"
	"sync"
	"time"

	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// clock compares this machine's clock with that of an API server. The server writes its time into the Date header of each
// response (RFC 9110, section 6.6.1; Go's net/http writes it). The skew of the zero value is unknown.
type clock struct {
	mu          sync.Mutex
	known       bool
	least, most time.Duration // bounds of the time by which this machine is ahead
}

// observeDate narrows the bounds with one response. The server wrote date, truncated to the second, between sent and received. If
// the bounds contradict earlier ones, a clock was changed, or another server responded: the newest bounds count.
func (c *clock) observeDate(sent, received, date time.Time) {
	least, most := sent.Sub(date)-time.Second, received.Sub(date)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known && max(least, c.least) <= min(most, c.most) {
		least, most = max(least, c.least), min(most, c.most)
	}
	c.known, c.least, c.most = true, least, most
}

// ahead returns the smallest skew that explains all responses. It is 0 unless the clocks are known to differ.
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

// observe makes c read the Date header of each response to the clients of config. It ignores cached responses, whose date is old.
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

// Skew returns how far this machine's clock is ahead of the plane's, negative if it is behind. It is unknown before the first
// response, or if a proxy removes the Date header.
func (s *Source) Skew(plane facts.Plane) (ahead time.Duration, known bool) {
	if s.IsReadByAnother(plane) {
		return 0, false
	}
	return s.cluster(plane).clock.ahead()
}

// Now returns the time of the control plane's clock, as far as the skew is known.
func (s *Source) Now() time.Time { return s.ByCluster(time.Now()) }

// ByCluster returns the time of the control plane's clock when this machine's clock showed t.
func (s *Source) ByCluster(t time.Time) time.Time {
	ahead, _ := s.Skew(facts.Control)
	return t.Add(-ahead)
}
