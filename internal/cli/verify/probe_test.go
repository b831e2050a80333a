package verify

import (
	"errors"
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
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
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

// TestProbed keeps an answer, and only one that is not as expected fails the component.
func TestProbed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer   probe.Answer
		decision verify.Decision
		want     verify.Probe
	}{
		"Expected": {probe.Answer{OK: true, Status: 204, Took: 1500 * time.Millisecond}, verify.Passed, verify.Probe{OK: true, Status: 204, Seconds: 1.5}},
		"Other":    {probe.Answer{Status: 503}, verify.Failed, verify.Probe{Status: 503}},
		"None":     {probe.Answer{Err: errors.New("refused")}, verify.Failed, verify.Probe{Error: "refused"}},
	} {
		one := &candidate{judgement: verify.Judgement{Decision: verify.Passed}, subject: facts.Subject{Namespace: "shop", Component: "cart"}}
		one.probed("dev", trace.Address{Name: "http", URL: "http://a"}, "shop/cart-1", c.answer)
		c.want.Environment, c.want.Endpoint, c.want.URL, c.want.Through = "dev", "http", "http://a", "shop/cart-1"
		if diff := cmp.Diff([]verify.Probe{c.want}, one.probes); diff != "" || one.judgement.Decision != c.decision {
			t.Errorf("%s: %s (-want +got)\n%s", name, one.judgement.Decision, diff)
		}
	}
}

// TestProbeComponent requests each environment that is not suspended. What cannot be requested is unknown.
func TestProbeComponent(t *testing.T) {
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
		gate      verify.Gate
		decision  verify.Decision
		urls      []string
		cause     string // in the message
	}{
		"Responds":         {trace.VerdictHealthy, []trace.Address{address(outside, server.URL)}, verify.Gate{}, verify.Passed, []string{"/health"}, ""},
		"Fails":            {trace.VerdictHealthy, []trace.Address{address(outside, server.URL+"/fails/")}, verify.Gate{}, verify.Failed, []string{"/fails/health"}, "503"},
		"Suspended":        {trace.VerdictSuspended, []trace.Address{address(outside, server.URL+"/fails")}, verify.Gate{}, verify.Passed, nil, ""},
		"NoEndpoints":      {trace.VerdictHealthy, nil, verify.Gate{}, verify.Passed, nil, ""},
		"NoHTTP":           {trace.VerdictHealthy, []trace.Address{address(outside, "grpc://a")}, verify.Gate{}, verify.Undecided, nil, "none of its endpoints speaks HTTP"},
		"NoHTTPAllowed":    {trace.VerdictHealthy, []trace.Address{address(outside, "grpc://a")}, verify.Gate{AllowUnknown: true}, verify.Passed, nil, ""},
		"BothVisibilities": {trace.VerdictHealthy, []trace.Address{address(inside, serviceURL), address(outside, server.URL)}, verify.Gate{}, verify.Passed, []string{"/health"}, ""},
		"NoBackend":        {trace.VerdictHealthy, []trace.Address{address(inside, serviceURL)}, verify.Gate{}, verify.Undecided, nil, "the release does not render it"},
	} {
		p := prober{Prober: probe.New(probe.Options{Path: "health", Now: time.Now, Timeout: time.Minute}), gate: c.gate, retrying: t.Context(), once: true}
		one := &candidate{
			judgement: verify.Judgement{Decision: verify.Passed}, snapshot: facts.New(facts.Subject{}, time.Now()),
			trace: &trace.Trace{Environments: []trace.Environment{{Name: "dev", Verdict: c.verdict, Endpoints: c.endpoints}}},
		}
		p.probeComponent(t.Context(), one)
		var urls []string
		for _, p := range one.probes {
			urls = append(urls, strings.TrimPrefix(p.URL, server.URL))
		}
		cause, _ := one.judgement.Cause()
		if diff := cmp.Diff(c.urls, urls); diff != "" || one.judgement.Decision != c.decision || !strings.Contains(cause.Message, c.cause) {
			t.Errorf("%s: %s %q (-want +got)\n%s", name, one.judgement.Decision, cause.Message, diff)
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
		p := prober{Prober: probe.New(probe.Options{Now: time.Now, Timeout: time.Minute}), retrying: t.Context(), once: c.once}
		if a := p.request(t.Context(), p.Prober, server.URL); a.OK != c.ok || requests.Load() != c.requests {
			t.Errorf("once %t: %+v after %d requests", c.once, a, requests.Load())
		}
	}
}

// TestOnlyWhatPassedIsProbed: a component that has failed gets no request.
func TestOnlyWhatPassedIsProbed(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]int{"--timeout 0": 0, "--timeout 0 --probe": 1} {
		v, _ := verifyingOf(t, nil, strings.Fields(args)...)
		for _, d := range []verify.Decision{verify.Passed, verify.Failed, verify.Pending} {
			environment := trace.Environment{Name: "dev", Endpoints: []trace.Address{{Name: "http", Visibility: outside, URL: "http://127.0.0.1:0"}}}
			v.all = append(v.all, &candidate{judgement: verify.Judgement{Decision: d}, trace: &trace.Trace{Environments: []trace.Environment{environment}}})
		}
		v.probeEndpoints(t.Context(), t.Context())
		probes := 0
		for _, one := range v.all {
			probes += len(one.probes)
		}
		if probes != want || len(v.all[0].probes) != want {
			t.Errorf("%s: %d probes, want %d", args, probes, want)
		}
	}
}
