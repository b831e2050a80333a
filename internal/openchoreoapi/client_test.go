package openchoreoapi_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/openchoreoapi"
	"github.com/kubectl-choreo/kubectl-choreo/internal/openchoreoapi/apitest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/openchoreoapi/login"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// podsOf is the list of the pods in a Snapshot.
func podsOf(t *testing.T, s *facts.Snapshot) facts.Query {
	t.Helper()
	for _, l := range s.Lists() {
		if l.Query.Plane != facts.Control && l.Query.Kind == "Pod" {
			return l.Query
		}
	}
	t.Fatal("no list of pods")
	return facts.Query{}
}

// noted is a source that knows the releases of a Snapshot.
func noted(s *facts.Snapshot, source *openchoreoapi.Source) *openchoreoapi.Source {
	for _, o := range s.Of(facts.Control, kinds.OpenChoreo, "RenderedRelease") {
		source.Note(o)
	}
	return source
}

// TestEachAnswerHasItsWords: nothing that the API refuses is an absence, and each reason says what to do.
func TestEachAnswerHasItsWords(t *testing.T) {
	t.Parallel()
	s := factstest.Scenario(t, "healthy")
	status := func(code int, body string) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(code)
			_, _ = w.Write([]byte(body))
			return true
		}
	}
	for name, c := range map[string]struct {
		refuse  func(http.ResponseWriter, *http.Request) bool
		outcome facts.Outcome
		reason  string // part
	}{
		"Unauthorized":   {status(401, `{"error":"INVALID_TOKEN","message":"invalid token"}`), facts.Forbidden, "Unauthorized: openchoreo-api at api.example.com rejects the token; run occ login"},
		"Forbidden":      {status(403, `{"code":"FORBIDDEN","error":"no"}`), facts.Forbidden, "you may not view ReleaseBinding healthy/greeter-service-development; ask for a role of OpenChoreo with releasebinding:view"},
		"NotFound":       {status(404, `{"code":"NOT_FOUND","error":"ReleaseBinding not found"}`), facts.Unreachable, "ReleaseBinding not found, for ReleaseBinding healthy/greeter-service-development; it may be the API of another installation"},
		"OlderAPI":       {status(404, "404 page not found\n"), facts.Unreachable, "OpenChoreo is older than 1.1"},
		"NotImplemented": {status(501, `{"code":"NOT_IMPLEMENTED","error":"x"}`), facts.Unreachable, "does not implement"},
		"Failed":         {status(500, `{"code":"INTERNAL_ERROR","error":"Internal server error"}`), facts.Unreachable, "its cluster gateway may be disabled"},
		"RateLimit":      {status(429, ""), facts.Unreachable, "limits the rate"},
		"Unavailable":    {status(503, ""), facts.Unreachable, "responds with 503"},
		"HTML":           {status(200, "<html>login</html>"), facts.Unreachable, "cannot be read: it is no JSON"},
		"OtherJSON":      {status(200, `{"items":[]}`), facts.Unreachable, "it has no renderedReleases"},
		"Empty":          {status(200, `{"renderedReleases":[]}`), facts.Unreachable, "does not return RenderedRelease"},
		"TooLarge":       {status(200, `{"renderedReleases":["`+strings.Repeat("a", 32<<20)+`"]}`), facts.Unreachable, "larger than 32 MiB"},
		"LongWords":      {status(404, `{"code":"NOT_FOUND","error":"`+strings.Repeat("a ", 1000)+`"}`), facts.Unreachable, "…"},
		"Redirect": {func(w http.ResponseWriter, r *http.Request) bool {
			http.Redirect(w, r, "https://evil.example.com/x?token=1", http.StatusFound)
			return true
		}, facts.Unreachable, "redirects to https://evil.example.com, which is not followed"},
		"Broken": {func(http.ResponseWriter, *http.Request) bool { panic("reset") }, facts.Unreachable, "no connection to api.example.com: connection reset by peer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := apitest.Of(s)
			api.Refuse = c.refuse
			l, objects := noted(s, sourceOf(api)).List(t.Context(), podsOf(t, s))
			if l.Outcome != c.outcome || !strings.Contains(l.Reason, c.reason) || len(objects) > 0 || len(l.Reason) > 500 {
				t.Errorf("%s, %d objects: %.600q; want %s, %q", l.Outcome, len(objects), l.Reason, c.outcome, c.reason)
			}
			if !facts.IsOpenChoreoAPI(l.Reason) {
				t.Errorf("the reason does not name the API: %s", l.Reason)
			}
			want := 1
			if name == "Failed" || name == "Unavailable" { // may be gone at once
				want = 2
			}
			if got := len(api.Requests()); got != want {
				t.Errorf("%d requests, want %d: no redirect is followed, and only a failure is repeated, once", got, want)
			}
		})
	}
}

// TestTheTokenStays: it is sent to the address of the login only, over a real connection.
func TestTheTokenStays(t *testing.T) {
	t.Parallel()
	s := factstest.Scenario(t, "healthy")
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("the other host got %s", r.URL) }))
	t.Cleanup(other.Close)
	var tokens []string
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tokens = append(tokens, r.Header.Get("Authorization"))
		http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
	}))
	t.Cleanup(api.Close)
	l, err := login.Given(api.URL, func(string) string { return "abc" })
	if err != nil {
		t.Fatal(err)
	}
	noted(s, openchoreoapi.New(l, openchoreoapi.Options{Now: clock, Timeout: time.Minute})).List(t.Context(), podsOf(t, s))
	if diff := cmp.Diff([]string{"Bearer abc"}, tokens); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestPlaintextOnlyToThisMachine: a name that looks like this machine may resolve to another.
func TestPlaintextOnlyToThisMachine(t *testing.T) {
	t.Parallel()
	s := factstest.Scenario(t, "healthy")
	l := login.Login{URL: &url.URL{Scheme: "http", Host: "192.0.2.1:80"}, Token: "abc"} // which login.Given refuses
	got, _ := noted(s, openchoreoapi.New(l, openchoreoapi.Options{Now: clock, Timeout: time.Minute})).List(t.Context(), podsOf(t, s))
	if !strings.Contains(got.Reason, "a token is not sent over http to 192.0.2.1:80") {
		t.Errorf("%s", got.Reason)
	}
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	s := factstest.Scenario(t, "healthy")
	done := make(chan struct{})
	api := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-done:
		}
	}))
	t.Cleanup(api.Close)
	t.Cleanup(func() { close(done) })
	l, err := login.Given(api.URL, func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	got, _ := noted(s, openchoreoapi.New(l, openchoreoapi.Options{Now: clock, Timeout: 50 * time.Millisecond})).List(t.Context(), podsOf(t, s))
	if got.Outcome != facts.Unreachable || !strings.Contains(got.Reason, "did not respond within 50ms") {
		t.Errorf("%s %s", got.Outcome, got.Reason)
	}
}

// TestOneRequestForATree: the requests of one round trip share a tree, and later ones read it again.
func TestOneRequestForATree(t *testing.T) {
	t.Parallel()
	s := factstest.Scenario(t, "healthy")
	api := apitest.Of(s)
	now := clock()
	l := login.Login{URL: &url.URL{Scheme: "https", Host: "api.example.com"}}
	source := noted(s, openchoreoapi.New(l, openchoreoapi.Options{Transport: factstest.Transport(api), Now: func() time.Time { return now }}))
	for range 3 {
		if got, _ := source.List(t.Context(), podsOf(t, s)); got.Outcome != facts.Found {
			t.Fatalf("%s %s", got.Outcome, got.Reason)
		}
	}
	if diff := cmp.Diff([]string{"/api/v1/namespaces/healthy/releasebindings/greeter-service-development/k8sresources/tree"}, api.Requests()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	now = now.Add(time.Minute)
	source.List(t.Context(), podsOf(t, s))
	if got := len(api.Requests()); got != 2 {
		t.Errorf("%d requests a minute later, want 2", got)
	}
}

// TestExpired: no request is made with a token that has expired while a command waits.
func TestExpired(t *testing.T) {
	t.Parallel()
	s := factstest.Scenario(t, "healthy")
	api := apitest.Of(s)
	l := login.Login{URL: &url.URL{Scheme: "https", Host: "api.example.com"}, Token: "e30.eyJleHAiOjF9.c2ln", Renew: "run occ login"}
	source := noted(s, openchoreoapi.New(l, openchoreoapi.Options{Transport: factstest.Transport(api), Now: clock}))
	got, _ := source.List(t.Context(), podsOf(t, s))
	if got.Outcome != facts.Unreachable || got.Reason != "openchoreo-api: the token expired at 1970-01-01T00:00:01Z; run occ login" || len(api.Requests()) > 0 {
		t.Errorf("%s %s, %d requests", got.Outcome, got.Reason, len(api.Requests()))
	}
}

// TestAFailureThatPasses: the API restarts, and the request is repeated.
func TestAFailureThatPasses(t *testing.T) {
	t.Parallel()
	s := factstest.Scenario(t, "healthy")
	api := apitest.Of(s)
	first := true
	api.Refuse = func(w http.ResponseWriter, _ *http.Request) bool {
		failed := first
		if first = false; failed {
			w.WriteHeader(http.StatusBadGateway)
		}
		return failed
	}
	if l, _ := noted(s, sourceOf(api)).List(t.Context(), podsOf(t, s)); l.Outcome != facts.Found || len(api.Requests()) != 2 {
		t.Errorf("%s (%s) after %d requests", l.Outcome, l.Reason, len(api.Requests()))
	}
}
