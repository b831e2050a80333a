package kube

import (
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func kustomizations() facts.Query {
	return facts.Query{Plane: facts.Control, Group: kinds.FluxKustomize, Kind: "Kustomization"}
}

// kustomizationPage returns a page of Kustomizations.
func kustomizationPage(next string, names ...string) string {
	var items []string
	for _, name := range names {
		items = append(items, fmt.Sprintf(`{"apiVersion":"kustomize.toolkit.fluxcd.io/v1","kind":"Kustomization","metadata":{"name":%q,"namespace":"flux-system"}}`, name))
	}
	return fmt.Sprintf(`{"apiVersion":"kustomize.toolkit.fluxcd.io/v1","items":[%s],"kind":"KustomizationList","metadata":{"continue":%q}}`, strings.Join(items, ","), next)
}

// expired returns a first page, of which the continue token has expired, and then the whole list.
func expired(t *testing.T) func(w http.ResponseWriter, r *http.Request, nth int) {
	t.Helper()
	return func(w http.ResponseWriter, r *http.Request, nth int) {
		switch nth {
		case 1:
			body(w, 200, kustomizationPage("2", "a-wanted"))
		case 2:
			body(w, 410, status(410, "Expired", "the continue token has expired", `{}`))
		default:
			if r.URL.Query().Get("limit") != "" {
				t.Error("what is begun anew is not paged")
			}
			body(w, 200, kustomizationPage("", "a-wanted", "b-wanted"))
		}
	}
}

type searchCase struct {
	answer func(w http.ResponseWriter, r *http.Request, nth int)
	want   facts.Outcome
	reason string
	kept   []string
	asked  int
}

func (c searchCase) check(t *testing.T) {
	t.Helper()
	s, a := serve(t, c.answer)
	l, objects := s.Search(t.Context(), kustomizations(), func(e facts.Encoded) (facts.Object, bool) {
		return e.Object(), strings.HasSuffix(e.Ref.Name, "-wanted")
	})
	var kept []string
	for i, o := range objects {
		kept = append(kept, o.Ref.Name)
		if o.Outcome != facts.Found || o.Ref != l.Items[i] {
			t.Errorf("item %s, object %+v", l.Items[i], o)
		}
	}
	if diff := cmp.Diff(c.kept, kept); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if l.Outcome != c.want || !strings.Contains(l.Reason, c.reason) || l.Query != kustomizations() {
		t.Errorf("%+v, want %s with %q", l, c.want, c.reason)
	}
	if n := len(a.asked()); n != c.asked {
		t.Errorf("%d requests, want %d: %v", n, c.asked, a.asked())
	}
}

// TestSearch checks that all pages are read. A truncated page is read once more. A list with an expired continue token is read
// from the start. Errors are reported as by List.
func TestSearch(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]searchCase{
		"Pages": {func(w http.ResponseWriter, _ *http.Request, nth int) {
			body(w, 200, []string{kustomizationPage("2", "a", "b-wanted"), kustomizationPage("", "c-wanted", "d")}[nth-1])
		}, facts.Found, "", []string{"b-wanted", "c-wanted"}, 2},
		"Empty": {func(w http.ResponseWriter, _ *http.Request, _ int) { body(w, 200, `{"items":null,"metadata":{}}`) }, facts.Found, "", nil, 1},
		"BreaksOff": {func(w http.ResponseWriter, _ *http.Request, nth int) {
			if nth == 1 {
				w.Header().Set("Content-Length", "1000")
				body(w, 200, `{"items":[{"metadata":{"name":"a-wanted"}},`)
				return
			}
			body(w, 200, kustomizationPage("", "a-wanted"))
		}, facts.Found, "", []string{"a-wanted"}, 2},
		"Expired": {expired(t), facts.Found, "", []string{"a-wanted", "b-wanted"}, 3},
		"Forbidden": {func(w http.ResponseWriter, _ *http.Request, _ int) {
			body(w, 403, status(403, "Forbidden", `User "dora" cannot list resource "kustomizations"`, `{}`))
		}, facts.Forbidden, "dora", nil, 1},
		"NoKind": {func(w http.ResponseWriter, _ *http.Request, _ int) {
			http.Error(w, "404 page not found", http.StatusNotFound)
		}, facts.NoKind, "", nil, 1},
		"NoList": {func(w http.ResponseWriter, _ *http.Request, _ int) { body(w, 200, "<html>") }, facts.Unreachable, "cannot be read", nil, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.check(t)
		})
	}
}

// TestSearchHoldsOneObject checks that a page of 20 MB needs only the memory of one of its objects.
func TestSearchHoldsOneObject(t *testing.T) { //nolint:paralleltest // it measures the memory of the process
	item := `{"apiVersion":"kustomize.toolkit.fluxcd.io/v1","kind":"Kustomization","metadata":{"name":"a"},"spec":{"x":"` + strings.Repeat("x", 100_000) + `"}}`
	s, _ := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
		_, _ = fmt.Fprint(w, `{"items":[`)
		for i := range 200 {
			_, _ = fmt.Fprint(w, strings.Repeat(",", min(i, 1)), item)
		}
		_, _ = fmt.Fprint(w, `],"metadata":{}}`)
	})
	held := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before, most, n := held(), uint64(0), 0
	l, _ := s.Search(t.Context(), kustomizations(), func(facts.Encoded) (facts.Object, bool) {
		if n++; n%50 == 0 {
			most = max(most, held())
		}
		return facts.Object{}, false
	})
	if l.Outcome != facts.Found || n != 200 {
		t.Fatalf("%d objects of %+v", n, l)
	}
	if more := int64(most) - int64(before); more > 5_000_000 {
		t.Errorf("%d bytes are held, want at most 5 MB of 20", more)
	}
}
