package kube

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/requestguard"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestSkew covers the precision of Date. A response gives the second in which it was written. A difference that this second and
// the duration of the request can explain is no skew.
func TestSkew(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		ahead  time.Duration // of this machine
		takes  time.Duration // duration of a request
		header func(http.Header)
		least  time.Duration // the minimum that must be found
		known  bool
	}{
		"Same":          {0, 50 * time.Millisecond, nil, 0, true},
		"HalfASecond":   {500 * time.Millisecond, 50 * time.Millisecond, nil, 0, true},
		"Ahead":         {3 * time.Minute, 50 * time.Millisecond, nil, 3*time.Minute - 2*time.Second, true},
		"Behind":        {-3 * time.Minute, 50 * time.Millisecond, nil, 3*time.Minute - 2*time.Second, true},
		"SlowRequest":   {3 * time.Second, 10 * time.Second, nil, 0, true},
		"NoDate":        {3 * time.Minute, 0, func(h http.Header) { h.Del("Date") }, 0, false},
		"NoDateAtAll":   {3 * time.Minute, 0, func(h http.Header) { h.Set("Date", "yesterday") }, 0, false},
		"FromACache":    {3 * time.Minute, 0, func(h http.Header) { h.Set("Age", "180") }, 0, false},
		"ADayAheadIsIt": {24 * time.Hour, 0, nil, 24*time.Hour - 2*time.Second, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s, _ := inMemory(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
					time.Sleep(c.takes / 2)
					w.Header().Set("Date", time.Now().Add(-c.ahead).UTC().Format(http.TimeFormat))
					if c.header != nil {
						c.header(w.Header())
					}
					time.Sleep(c.takes / 2)
					body(w, 200, greeter)
				})
				for range 5 {
					time.Sleep(1234 * time.Millisecond)
					s.Get(t.Context(), component("greeter"))
				}
				ahead, known := s.Skew("default")
				if known != c.known || ahead.Abs() < c.least || ahead.Abs() > c.ahead.Abs() || (ahead < 0) != (c.ahead < 0 && c.least > 0) {
					t.Errorf("ahead by %s, known %t; it is %s", ahead, known, c.ahead)
				}
				if c.known && s.Now().After(time.Now().Add(-c.ahead).Add(2*time.Second+c.takes)) {
					t.Errorf("it is %s at the cluster, want %s", s.Now(), time.Now().Add(-c.ahead))
				}
			})
		})
	}
}

// TestSkewOfEachPlane checks that a plane without a client uses the control plane's cluster.
func TestSkewOfEachPlane(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		dated := func(ahead time.Duration) *rest.Config {
			return &rest.Config{Host: "http://in-memory.example", Transport: factstest.Transport(requestguard.Handler(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Date", time.Now().Add(-ahead).UTC().Format(http.TimeFormat))
				body(w, 200, greeter)
			})))}
		}
		s, err := New(map[facts.Plane]*rest.Config{facts.Control: dated(time.Hour), "edge": dated(-time.Hour)}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, plane := range []facts.Plane{facts.Control, "edge"} {
			s.Get(t.Context(), facts.Ref{Plane: plane, Kind: "Pod", Namespace: "x", Name: "y"})
		}
		for plane, want := range map[facts.Plane]time.Duration{facts.Control: time.Hour, "default": time.Hour, "edge": -time.Hour} {
			if got, known := s.Skew(plane); !known || (got-want).Abs() > time.Second {
				t.Errorf("%s: %s, want %s", plane, got, want)
			}
		}
	})
}

// TestSkewAfterAClockWasSet checks that a response that contradicts all earlier ones replaces them.
func TestSkewAfterAClockWasSet(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, ahead := &clock{}, time.Hour
		see := func() { c.observeDate(time.Now(), time.Now(), time.Now().Add(-ahead).Truncate(time.Second)) }
		see()
		ahead = 0
		see()
		if got, known := c.ahead(); got != 0 || !known {
			t.Errorf("ahead by %s", got)
		}
	})
}
