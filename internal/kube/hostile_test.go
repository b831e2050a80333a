package kube

import (
	"net/http"
	"strings"
	"testing"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func hostileNames() []string {
	return []string{
		"../../../../../../api/v1/namespaces/default/secrets/password", "../services/a:80/proxy", "..", ".", "a/b", "%2e%2e%2fsecrets", "a\x00", "a\nb",
		"a?watch=true", "a#b", "-a", "*", "ä", "A", strings.Repeat("a", 300), "",
	}
}

// TestHostileNamesAreNeverRequested covers every method, and invalid names and namespaces.
func TestHostileNamesAreNeverRequested(t *testing.T) {
	t.Parallel()
	s, a := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) { body(w, 200, greeter) })
	for _, name := range hostileNames() {
		for _, ref := range []facts.Ref{
			{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "ComponentRelease", Namespace: "default", Name: name},
			{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "ComponentRelease", Namespace: name, Name: "a"},
			{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "ClusterDataPlane", Name: name},
		} {
			if o := s.Get(t.Context(), ref); o.Outcome != facts.Invalid || o.Reason == "" {
				t.Errorf("Get %s: %s %q", ref, o.Outcome, o.Reason)
			}
			if _, err := s.Annotate(t.Context(), ref, meta.ReconcileRequestAnnotation, "now"); err == nil {
				t.Errorf("Annotate %s: no error", ref)
			}
			if _, err := s.Dial(t.Context(), ref, 80); err == nil {
				t.Errorf("Dial %s: no error", ref)
			}
			if ref.Name == "" {
				continue // an access review of the whole namespace
			}
			if access := s.MayPatch(t.Context(), []facts.Ref{ref}); access[0].Right != RightUnknown {
				t.Errorf("MayPatch %s: %+v", ref, access)
			}
		}
		for _, q := range []facts.LogQuery{
			{Pod: facts.Ref{Plane: facts.Control, Namespace: "default", Name: name}, Container: "main"},
			{Pod: facts.Ref{Plane: facts.Control, Namespace: name, Name: "a"}, Container: "main"},
			{Pod: facts.Ref{Plane: facts.Control, Namespace: "default", Name: "a"}, Container: name},
		} {
			if l := s.Log(t.Context(), q); l.Outcome != facts.Invalid || l.Reason == "" {
				t.Errorf("Log %+v: %s", q, l.Outcome)
			}
		}
	}
	for _, request := range a.asked() {
		if !strings.HasPrefix(request, "POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews") {
			t.Errorf("asked %s", request)
		}
	}
}

// TestHostileQueriesAreNeverRequested covers every form of a list.
func TestHostileQueriesAreNeverRequested(t *testing.T) {
	t.Parallel()
	s, a := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) { body(w, 200, page("")) })
	for _, name := range hostileNames() {
		if name == "" {
			continue // all namespaces
		}
		for _, q := range []facts.Query{
			{Plane: facts.Control, Kind: "Pod", Namespace: name},
			{Plane: facts.Control, Kind: "Pod", Namespace: name, Names: true},
			{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Workload", Namespace: name, Owner: "a"},
			{Plane: facts.Control, Kind: "Pod", Labels: "a=b,a=" + name},
			{Plane: facts.Control, Kind: "Pod", Fields: "metadata.name=a,metadata.name=" + name},
		} {
			if l, _ := s.List(t.Context(), q); l.Outcome != facts.Invalid || l.Reason == "" {
				t.Errorf("List %+v: %s %q", q, l.Outcome, l.Reason)
			}
			if _, outcome := s.Count(t.Context(), q); outcome != facts.Invalid {
				t.Errorf("Count %+v: %s", q, outcome)
			}
			if l, _ := s.ListEncoded(t.Context(), q); l.Outcome != facts.Invalid {
				t.Errorf("ListEncoded %+v: %s", q, l.Outcome)
			}
			if err := s.Watch(t.Context(), q, "1", func(Event) {}); err == nil {
				t.Errorf("Watch %+v: no error", q)
			}
		}
	}
	if asked := a.asked(); len(asked) > 0 {
		t.Errorf("asked %v", asked)
	}
}
