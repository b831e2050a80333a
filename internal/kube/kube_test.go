package kube

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// getCase is a response of the API server and the expected outcome.
type getCase struct {
	answer func(w http.ResponseWriter, r *http.Request, nth int)
	want   facts.Outcome
	reason string
	asked  int
}

func getCases() map[string]getCase {
	return map[string]getCase{
		"Found": {func(w http.ResponseWriter, _ *http.Request, _ int) { body(w, 200, greeter) }, facts.Found, "", 1},
		"Absent": {func(w http.ResponseWriter, _ *http.Request, _ int) {
			body(w, 404, status(404, "NotFound", `components.openchoreo.dev "greeter" not found`, `{"name":"greeter","group":"openchoreo.dev","kind":"components"}`))
		}, facts.Absent, `components.openchoreo.dev "greeter" not found`, 1},
		"KindNotServed": {func(w http.ResponseWriter, _ *http.Request, _ int) {
			w.WriteHeader(404)
			_, _ = fmt.Fprintln(w, "404 page not found")
		}, facts.NoKind, "could not find the requested resource", 1},
		"Forbidden": {func(w http.ResponseWriter, _ *http.Request, _ int) {
			body(w, 403, status(403, "Forbidden", `components.openchoreo.dev "greeter" is forbidden: User "dora" cannot get resource "components"`, `{"name":"greeter"}`))
		}, facts.Forbidden, `User "dora" cannot get resource "components"`, 1},
		"Unauthorized": {func(w http.ResponseWriter, _ *http.Request, _ int) {
			body(w, 401, status(401, "Unauthorized", "Unauthorized", `{}`))
		}, facts.Forbidden, "Unauthorized", 1},
		"BrokenThenFine": {func(w http.ResponseWriter, _ *http.Request, nth int) {
			if nth == 1 {
				body(w, 500, status(500, "InternalError", "etcdserver: leader changed", `{}`))
				return
			}
			body(w, 200, greeter)
		}, facts.Found, "", 2},
		"BrokenForGood": {func(w http.ResponseWriter, _ *http.Request, _ int) {
			body(w, 500, status(500, "InternalError", "etcdserver: no leader", `{}`))
		}, facts.Unreachable, "etcdserver: no leader", 2},
		"ThrottledThenFine": {func(w http.ResponseWriter, _ *http.Request, nth int) {
			if nth == 1 {
				w.Header().Set("Retry-After", "0")
				body(w, 429, status(429, "TooManyRequests", "too many requests", `{}`))
				return
			}
			body(w, 200, greeter)
		}, facts.Found, "", 2},
		"Malformed": {func(w http.ResponseWriter, _ *http.Request, _ int) { body(w, 200, `{"kind":`) }, facts.Unreachable, "cannot be read", 1},
		"CutOff": {func(w http.ResponseWriter, _ *http.Request, _ int) {
			w.Header().Set("Content-Length", "1000")
			body(w, 200, greeter)
		}, facts.Unreachable, "EOF", 2},
	}
}

func TestGet(t *testing.T) {
	t.Parallel()
	for name, c := range getCases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, a := serve(t, c.answer)
			got := s.Get(t.Context(), component("greeter"))
			if got.Outcome != c.want || !strings.Contains(got.Reason, c.reason) {
				t.Errorf("%s %q, want %s with %q", got.Outcome, got.Reason, c.want, c.reason)
			}
			if (got.Body != nil) != (c.want == facts.Found) {
				t.Errorf("body %v with outcome %s", got.Body, got.Outcome)
			}
			asked := a.asked()
			if len(asked) != c.asked {
				t.Errorf("asked %d times, want %d: %v", len(asked), c.asked, asked)
			}
			for _, request := range asked {
				if request != "GET /apis/openchoreo.dev/v1alpha1/namespaces/default/components/greeter" {
					t.Errorf("asked %s", request)
				}
			}
		})
	}
}

func TestGetCleansTheBody(t *testing.T) {
	t.Parallel()
	s, _ := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) { body(w, 200, greeter) })
	got := s.Get(t.Context(), component("greeter"))
	if got.Body.GetManagedFields() != nil || got.Body.GetGeneration() != 3 {
		t.Errorf("body = %v", got.Body.Object)
	}
}

func TestTimeoutIsUnreachable(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, a := inMemory(t, func(_ http.ResponseWriter, r *http.Request, _ int) { <-r.Context().Done() })
		if got := s.Get(t.Context(), component("greeter")); got.Outcome != facts.Unreachable {
			t.Errorf("outcome %s", got.Outcome)
		}
		if n := len(a.asked()); n != 1 {
			t.Errorf("asked %d times, want once: a second wait would be as long", n)
		}
	})
}

func TestSecretsAreNeverRead(t *testing.T) {
	t.Parallel()
	s, a := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) { body(w, 200, "{}") })
	ref := facts.Ref{Plane: facts.Control, Kind: "Secret", Namespace: "default", Name: "password"}
	if got := s.Get(t.Context(), ref); got.Outcome != facts.NoKind {
		t.Errorf("Get: %s", got.Outcome)
	}
	q := facts.Query{Plane: facts.Control, Kind: "Secret", Namespace: "default"}
	if got, _ := s.List(t.Context(), q); got.Outcome == facts.Found {
		t.Errorf("List: %s", got.Outcome)
	}
	q.Names = true
	if got, _ := s.List(t.Context(), q); got.Outcome == facts.Found {
		t.Errorf("names: %s", got.Outcome)
	}
	if asked := a.asked(); len(asked) > 0 {
		t.Errorf("asked %v", asked)
	}
}

func TestPlanesHaveClientsOfTheirOwn(t *testing.T) {
	t.Parallel()
	if _, err := New(map[facts.Plane]*rest.Config{"prod": {Host: "http://127.0.0.1:1"}}, Options{}); err == nil {
		t.Error("a Source without a control plane was made")
	}
	control, _ := serve(t, nil)
	if control.cluster("prod") != control.cluster(facts.Control) {
		t.Error("a plane without a client is asked of another cluster than the control plane's")
	}
}
