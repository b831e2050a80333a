package kube

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/requestguard"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// api is a fake API server. It responds by path and records the requests.
type api struct {
	mu       sync.Mutex
	requests []string
	answer   func(w http.ResponseWriter, r *http.Request, nth int)
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	a.requests = append(a.requests, r.Method+" "+r.URL.RequestURI())
	nth := len(a.requests)
	a.mu.Unlock()
	a.answer(w, r, nth)
}

func (a *api) asked() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.requests)
}

func serve(t *testing.T, answer func(w http.ResponseWriter, r *http.Request, nth int)) (*Source, *api) {
	t.Helper()
	a := &api{answer: answer}
	server := httptest.NewServer(requestguard.Handler(t, a))
	t.Cleanup(server.Close)
	s, err := New(map[facts.Plane]*rest.Config{facts.Control: {Host: server.URL, Timeout: 3 * time.Minute}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s, a
}

// inMemory is serve without a network, for a bubble of testing/synctest.
func inMemory(t *testing.T, answer func(w http.ResponseWriter, r *http.Request, nth int)) (*Source, *api) {
	t.Helper()
	a := &api{answer: answer}
	s, err := New(map[facts.Plane]*rest.Config{facts.Control: {
		Host: "http://in-memory.example", Timeout: 3 * time.Minute, Transport: factstest.Transport(requestguard.Handler(t, a)),
	}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s, a
}

func body(w http.ResponseWriter, code int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_, _ = fmt.Fprint(w, text)
}

func status(code int, reason, message, details string) string {
	return fmt.Sprintf(`{"kind":"Status","apiVersion":"v1","status":"Failure","code":%d,"reason":%q,"message":%q,"details":%s}`, code, reason, message, details)
}

func component(name string) facts.Ref {
	return facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: "default", Name: name}
}

const greeter = `{"apiVersion":"openchoreo.dev/v1alpha1","kind":"Component","metadata":{"name":"greeter","namespace":"default","managedFields":[{}],"generation":3}}`

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

func page(next string, names ...string) string {
	var items []string
	for _, name := range names {
		items = append(items, fmt.Sprintf(`{"apiVersion":"openchoreo.dev/v1alpha1","kind":"Component","metadata":{"name":%q,"namespace":"default"}}`, name))
	}
	return fmt.Sprintf(`{"apiVersion":"v1","kind":"List","metadata":{"continue":%q},"items":[%s]}`, next, strings.Join(items, ","))
}

func TestListReadsEveryPage(t *testing.T) {
	t.Parallel()
	s, a := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		body(w, 200, map[string]string{"": page("2", "a", "b"), "2": page("3", "c"), "3": page("", "d")}[r.URL.Query().Get("continue")])
	})
	l, objects := s.List(t.Context(), facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: "default", Labels: "team=a"})
	if l.Outcome != facts.Found || l.Truncated || len(l.Items) != 4 || len(objects) != 4 {
		t.Errorf("%+v with %d objects", l, len(objects))
	}
	for _, request := range a.asked() {
		if !strings.Contains(request, "labelSelector=team%3Da") || !strings.Contains(request, "limit=500") {
			t.Errorf("asked %s", request)
		}
	}
}

// TestListEncodedAndCount checks that ListEncoded returns long lists unparsed, and that Count reads only one object.
func TestListEncodedAndCount(t *testing.T) {
	t.Parallel()
	s, a := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		if r.URL.Query().Get("limit") == "1" {
			body(w, 200, strings.Replace(page("2", "a"), `"metadata":{`, `"metadata":{"remainingItemCount":41,`, 1))
			return
		}
		body(w, 200, map[string]string{"": page("2", "a", "b"), "2": page("", "c")}[r.URL.Query().Get("continue")])
	})
	s.maxItems = 1
	q := facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: "default"}
	l, objects := s.ListEncoded(t.Context(), q)
	if l.Outcome != facts.Found || l.Truncated || len(l.Items) != 3 || len(objects) != 3 || objects[2].Object().Body.GetName() != "c" {
		t.Errorf("%+v with %d objects", l, len(objects))
	}
	if n, outcome := s.Count(t.Context(), q); n != 42 || outcome != facts.Found || len(a.asked()) != 3 {
		t.Errorf("%d, %s after %v; want 42", n, outcome, a.asked())
	}
}

func TestWhatIsNoListIsUnreachable(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{"", "[]", "<html>", `{"items":{}}`, `{"items":[`} {
		s, _ := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) { body(w, 200, answer) })
		q := facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: "default"}
		if l, objects := s.List(t.Context(), q); l.Outcome != facts.Unreachable || len(objects) > 0 {
			t.Errorf("%q: %s with %d objects", answer, l.Outcome, len(objects))
		}
	}
}

func TestListBeginsAnewWhenAPageHasExpired(t *testing.T) {
	t.Parallel()
	s, a := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		switch {
		case r.URL.Query().Get("continue") != "":
			body(w, 410, status(410, "Expired", "the continue parameter is too old", `{}`))
		case r.URL.Query().Get("limit") != "":
			body(w, 200, page("2", "a"))
		default:
			body(w, 200, page("", "a", "b"))
		}
	})
	l, objects := s.List(t.Context(), facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: "default"})
	if l.Outcome != facts.Found || len(objects) != 2 || len(a.asked()) != 3 {
		t.Errorf("%+v with %d objects after %v", l, len(objects), a.asked())
	}
}

func TestListIsBounded(t *testing.T) {
	t.Parallel()
	s, _ := serve(t, func(w http.ResponseWriter, _ *http.Request, nth int) { body(w, 200, page(fmt.Sprint(nth), "a", "b")) })
	s.maxItems = 5
	l, objects := s.List(t.Context(), facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component"})
	if l.Outcome != facts.Found || !l.Truncated || len(objects) != 6 {
		t.Errorf("%s, truncated %v, %d objects", l.Outcome, l.Truncated, len(objects))
	}
}

const tableHead = `{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{},"columnDefinitions":[{"name":"Name"},{"name":"Project"},{"name":"Component"},{"name":"Environment"}],"rows":[`

func TestOwnersComeFromTheTable(t *testing.T) {
	t.Parallel()
	s, a := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
		body(w, 200, tableHead+`{"cells":["greeter-dev","demo","greeter","dev"]},{"cells":["other-dev","demo","other","dev"]}]}`)
	})
	q := facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "ReleaseBinding", Namespace: "default", Owner: "greeter"}
	l, objects := s.List(t.Context(), q)
	want := []facts.Ref{{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "ReleaseBinding", Namespace: "default", Name: "greeter-dev"}}
	if diff := cmp.Diff(want, l.Items); diff != "" || len(objects) != 0 || l.Outcome != facts.Found {
		t.Errorf("%s, %d objects (-want +got)\n%s", l.Outcome, len(objects), diff)
	}
	if asked := a.asked(); len(asked) != 1 || !strings.Contains(asked[0], "includeObject=None") || strings.Contains(asked[0], "limit") {
		t.Errorf("asked %v", asked)
	}
}

// TestProjectsComeFromTheTable covers ProjectReleaseBindings, which have no owning component.
func TestProjectsComeFromTheTable(t *testing.T) {
	t.Parallel()
	s, a := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
		body(w, 200, strings.Replace(tableHead, `{"name":"Component"},`, "", 1)+`{"cells":["demo-dev","demo","dev"]},{"cells":["other-dev","other","dev"]}]}`)
	})
	q := facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "ProjectReleaseBinding", Namespace: "default", Owner: "demo"}
	l, _ := s.List(t.Context(), q)
	want := []facts.Ref{{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "ProjectReleaseBinding", Namespace: "default", Name: "demo-dev"}}
	if diff := cmp.Diff(want, l.Items); diff != "" || l.Outcome != facts.Found || len(a.asked()) != 1 {
		t.Errorf("%s, asked %v (-want +got)\n%s", l.Outcome, a.asked(), diff)
	}
}

func TestOwnersWithoutAColumnComeFromTheFullList(t *testing.T) {
	t.Parallel()
	full := `{"apiVersion":"v1","kind":"List","metadata":{},"items":[` +
		`{"apiVersion":"openchoreo.dev/v1alpha1","kind":"Workload","metadata":{"name":"a","namespace":"default"},"spec":{"owner":{"componentName":"greeter"}}},` +
		`{"apiVersion":"openchoreo.dev/v1alpha1","kind":"Workload","metadata":{"name":"b","namespace":"default"},"spec":{"owner":{"componentName":"other"}}}]}`
	for name, first := range map[string]string{
		"NoColumn":   `{"kind":"Table","apiVersion":"meta.k8s.io/v1","columnDefinitions":[{"name":"Name"}],"rows":[]}`,
		"NoTable":    full,
		"ShortCells": tableHead + `{"cells":["a"]}]}`,
		"CutOff":     tableHead + `{"cells":["b","demo","other","dev"]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) {
				if strings.Contains(r.Header.Get("Accept"), "as=Table") {
					body(w, 200, first)
					return
				}
				body(w, 200, full)
			})
			q := facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Workload", Namespace: "default", Owner: "greeter"}
			if l, objects := s.List(t.Context(), q); l.Outcome != facts.Found || len(l.Items) != 1 || len(objects) != 1 || l.Items[0].Name != "a" {
				t.Errorf("%+v with %d objects", l, len(objects))
			}
		})
	}
}

// TestShortTable covers a server that returns a partial table. An object that is not in it may still exist.
func TestShortTable(t *testing.T) {
	t.Parallel()
	s, _ := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
		body(w, 200, strings.Replace(tableHead, `"metadata":{}`, `"metadata":{"continue":"more"}`, 1)+`]}`)
	})
	if l, _ := s.List(t.Context(), facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Names: true}); !l.Truncated {
		t.Errorf("%+v", l)
	}
}

func TestNamesOfAllNamespacesComeWithTheirNamespace(t *testing.T) {
	t.Parallel()
	s, _ := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
		body(w, 200, tableHead+`{"cells":["greeter","demo","",""],"object":{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"greeter","namespace":"shop"}}}]}`)
	})
	l, _ := s.List(t.Context(), facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Names: true})
	if len(l.Items) != 1 || l.Items[0].Namespace != "shop" {
		t.Errorf("%+v", l)
	}
}

func TestListOutcomes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		code int
		want facts.Outcome
	}{"NoKind": {404, facts.NoKind}, "Forbidden": {403, facts.Forbidden}, "Unreachable": {503, facts.Unreachable}} {
		for _, owner := range []string{"", "greeter"} {
			s, _ := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) { body(w, c.code, status(c.code, "", "no", "{}")) })
			l, _ := s.List(t.Context(), facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Workload", Namespace: "x", Owner: owner})
			if l.Outcome != c.want {
				t.Errorf("%s, owner %q: %s", name, owner, l.Outcome)
			}
		}
	}
}

func TestLog(t *testing.T) {
	t.Parallel()
	s, a := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = fmt.Fprint(w, "starting\npanic: no\n")
	})
	q := facts.LogQuery{Pod: facts.Ref{Plane: facts.Control, Kind: "Pod", Namespace: "cell", Name: "p"}, Container: "main", Previous: true}
	l := s.Log(t.Context(), q)
	if diff := cmp.Diff(facts.Log{Query: q, Outcome: facts.Found, Lines: []string{"starting", "panic: no"}}, l); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if asked := a.asked(); len(asked) != 1 || !strings.HasPrefix(asked[0], "GET /api/v1/namespaces/cell/pods/p/log?container=main") || !strings.Contains(asked[0], "previous=true") {
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

// TestLimit checks that a list longer than its limit has no items and costs one request.
func TestLimit(t *testing.T) {
	t.Parallel()
	for next, want := range map[string]int{"": 2, "more": 0} {
		s, a := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) { body(w, 200, page(next, "a", "b")) })
		q := facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: "default", Limit: 2}
		l, objects := s.List(t.Context(), q)
		if l.Outcome != facts.Found || l.Truncated != (next != "") || len(l.Items) != want || len(objects) != want {
			t.Errorf("continue %q: %+v with %d objects", next, l, len(objects))
		}
		if asked := a.asked(); len(asked) != 1 || !strings.Contains(asked[0], "limit=2") {
			t.Errorf("asked %v", asked)
		}
	}
}
