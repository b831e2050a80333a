package endpoints

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/probe"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestAddresses: an endpoint is requested at the URLs of one visibility that speak HTTP.
func TestAddresses(t *testing.T) {
	t.Parallel()
	e := trace.Environment{Endpoints: []trace.Address{
		{Name: "http", Visibility: outside, URL: "https://a.example"},
		{Name: "http", Visibility: inside, URL: "http://a.svc:80"},
		{Name: "grpc", Visibility: outside, URL: "grpc://b.example"},
		{Name: "http", Visibility: outside, URL: "http://c.example"},
		{Name: "grpc", Visibility: "namespace", URL: "http://d.svc"},
	}}
	if diff := cmp.Diff([]string{"http", "grpc"}, endpointNames(e)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for of, want := range map[[2]string][]string{
		{"http", outside}: {"https://a.example", "http://c.example"}, {"http", inside}: {"http://a.svc:80"}, {"grpc", outside}: nil, {"grpc", inside}: nil, {"other", outside}: nil,
	} {
		var got []string
		for _, a := range addresses(e, of[0], of[1]) {
			got = append(got, a.URL)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v (-want +got)\n%s", of, diff)
		}
	}
	if len(e.Endpoints) != 5 || e.Endpoints[4].Name != "grpc" {
		t.Errorf("the trace is changed: %v", e.Endpoints)
	}
}

// TestComponent requests each environment that is not suspended. What cannot be requested is unknown.
func TestComponent(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/fails/health" {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(server.Close)
	address := func(visibility, url string) trace.Address {
		return trace.Address{Name: "http", Visibility: visibility, URL: url}
	}
	for name, c := range map[string]struct {
		verdict   trace.Verdict
		endpoints []trace.Address
		urls      []string
		ok        bool
		notSent   string
	}{
		"Responds":         {trace.VerdictHealthy, []trace.Address{address(outside, server.URL)}, []string{"/health"}, true, ""},
		"Fails":            {trace.VerdictHealthy, []trace.Address{address(outside, server.URL+"/fails/")}, []string{"/fails/health"}, false, ""},
		"Suspended":        {trace.VerdictSuspended, []trace.Address{address(outside, server.URL+"/fails")}, nil, false, ""},
		"NoEndpoints":      {trace.VerdictHealthy, nil, nil, false, ""},
		"NoHTTP":           {trace.VerdictHealthy, []trace.Address{address(outside, "grpc://a")}, nil, false, "none of its endpoints speaks HTTP"},
		"BothVisibilities": {trace.VerdictHealthy, []trace.Address{address(inside, serviceURL), address(outside, server.URL)}, []string{"/health"}, true, ""},
		"NoBackend":        {trace.VerdictHealthy, []trace.Address{address(inside, serviceURL)}, nil, false, "the release does not render it"},
	} {
		p := Prober{Prober: probe.New(probe.Options{Path: "health", Now: time.Now, Timeout: time.Minute}), Retrying: t.Context(), Once: true}
		probes := p.Component(t.Context(), facts.New(facts.Subject{}, time.Now()),
			&trace.Trace{Environments: []trace.Environment{{Name: "dev", Verdict: c.verdict, Endpoints: c.endpoints}}})
		var urls []string
		for _, one := range probes {
			if one.NotSent == "" {
				urls = append(urls, strings.TrimPrefix(one.URL, server.URL))
			}
			if one.OK != c.ok || c.notSent == "" != (one.NotSent == "") || !strings.Contains(one.NotSent, c.notSent) || one.Environment != "dev" {
				t.Errorf("%s: %+v", name, one)
			}
		}
		if diff := cmp.Diff(c.urls, urls); diff != "" || c.notSent != "" && len(probes) != 1 {
			t.Errorf("%s: %+v (-want +got)\n%s", name, probes, diff)
		}
	}
}

// TestProbedAgain: a request is repeated until the response is the expected one, or the time for that is over.
func TestProbedAgain(t *testing.T) {
	t.Parallel()
	var requests atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if requests.Add(1) < 2 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(server.Close)
	for _, c := range []struct {
		once     bool
		requests int64
		ok       bool
	}{{true, 1, false}, {false, 2, true}} {
		requests.Store(0)
		p := Prober{Prober: probe.New(probe.Options{Now: time.Now, Timeout: time.Minute}), Retrying: t.Context(), Once: c.once}
		if a := p.request(t.Context(), p.Prober, server.URL); a.OK != c.ok || requests.Load() != c.requests {
			t.Errorf("once %t: %+v after %d requests", c.once, a, requests.Load())
		}
	}
}
