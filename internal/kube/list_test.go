package kube

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

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
