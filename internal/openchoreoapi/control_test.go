package openchoreoapi_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/openchoreoapi/apitest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func controlRef(kind, name string) facts.Ref {
	return facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: kind, Namespace: "healthy", Name: name}
}

func controlQuery(kind string) facts.Query {
	return facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: kind, Namespace: "healthy"}
}

// TestControlPlane: each object of OpenChoreo that a trace needs comes from the API as the control plane has it, but for its metadata.
func TestControlPlane(t *testing.T) {
	t.Parallel()
	s := factstest.Scenario(t, "healthy")
	source := sourceOf(apitest.Of(s))
	for _, ref := range []facts.Ref{
		controlRef("Component", "greeter-service"), controlRef("ReleaseBinding", "greeter-service-development"), controlRef("Project", "demo"),
		controlRef("Environment", "development"),
		{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "ClusterDataPlane", Name: "default"},
	} {
		want, got := s.Object(ref), source.Get(t.Context(), ref)
		if want.Outcome != facts.Found || got.Outcome != facts.Found {
			t.Errorf("%s: %s, want %s: %s", ref, got.Outcome, want.Outcome, got.Reason)
			continue
		}
		for _, part := range []string{"spec", "status"} {
			if diff := cmp.Diff(want.Body.Object[part], got.Body.Object[part]); diff != "" {
				t.Errorf("%s %s (-want +got)\n%s", ref, part, diff)
			}
		}
	}
	if got := source.Get(t.Context(), controlRef("Component", "none")); got.Outcome != facts.Absent {
		t.Errorf("a component that does not exist is %s", got.Outcome)
	}
	before := len(s.Objects())
	for _, kind := range []string{"Kustomization", "Secret", "ClusterComponentType"} {
		if got := source.Get(t.Context(), controlRef(kind, "a")); got.Outcome != facts.Unreachable || len(s.Objects()) != before {
			t.Errorf("%s is %s", kind, got.Outcome)
		}
	}
}

// TestControlLists: what a list has is there, and what it lacks is not known: the API leaves out what the user may not view.
func TestControlLists(t *testing.T) {
	t.Parallel()
	s := factstest.Scenario(t, "healthy")
	for name, pages := range map[string]bool{"OnePage": false, "TwoPages": true} {
		api := apitest.Of(s)
		api.Pages = pages
		q := controlQuery("ReleaseBinding")
		q.Owner = "greeter-service"
		l, _ := sourceOf(api).List(t.Context(), q)
		var names []string
		for _, item := range l.Items {
			names = append(names, item.Name)
		}
		slices.Sort(names)
		if diff := cmp.Diff([]string{"greeter-service-development", "greeter-service-staging"}, names); diff != "" || l.Outcome != facts.Found || !l.Truncated {
			t.Errorf("%s: %s, truncated %v (-want +got)\n%s", name, l.Outcome, l.Truncated, diff)
		}
	}
	api := apitest.Of(s)
	api.Hidden = []string{"ProjectReleaseBinding"}
	if l, _ := sourceOf(api).List(t.Context(), controlQuery("ProjectReleaseBinding")); l.Outcome != facts.Unreachable || !strings.Contains(l.Reason, "that you may view") {
		t.Errorf("an empty list is %s: %s", l.Outcome, l.Reason)
	}
}

// TestRenderedReleases come with the trees of the bindings of a component, and each has its owner again.
func TestRenderedReleases(t *testing.T) {
	t.Parallel()
	s := factstest.Scenario(t, "healthy")
	api := apitest.Of(s)
	source := sourceOf(api)
	q := controlQuery("RenderedRelease")
	if l, _ := source.List(t.Context(), q); l.Outcome != facts.Unreachable {
		t.Errorf("all of a namespace are %s", l.Outcome)
	}
	q.Labels = kinds.LabelComponent + "=greeter-service"
	l, objects := source.List(t.Context(), q)
	if l.Outcome != facts.Found || len(objects) == 0 {
		t.Fatalf("%s, %d objects: %s", l.Outcome, len(objects), l.Reason)
	}
	for _, o := range objects {
		want := s.Object(o.Ref).Body.GetOwnerReferences()
		got := o.Body.GetOwnerReferences()
		if len(got) != 1 || got[0].Name != want[0].Name || got[0].UID != want[0].UID || !*got[0].Controller {
			t.Errorf("%s is owned by %v, want %v", o.Ref, got, want)
		}
	}
	before := len(api.Requests())
	source.Note(objects[0])
	if o := source.Get(t.Context(), objects[0].Ref); o.Outcome != facts.Found || len(api.Requests()) != before {
		t.Errorf("%s after %d requests: %s", o.Outcome, len(api.Requests())-before, o.Reason)
	}
}

// TestHostileControlPlane: an object of another name, kind or namespace than the one that was requested is none.
func TestHostileControlPlane(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"OtherName":      `{"apiVersion":"openchoreo.dev/v1alpha1","kind":"Component","metadata":{"name":"b","namespace":"healthy"}}`,
		"OtherNamespace": `{"apiVersion":"openchoreo.dev/v1alpha1","kind":"Component","metadata":{"name":"a","namespace":"x"}}`,
		"OtherKind":      `{"apiVersion":"openchoreo.dev/v1alpha1","kind":"Secret","metadata":{"name":"a","namespace":"healthy"}}`,
		"OtherGroup":     `{"apiVersion":"v1","kind":"Component","metadata":{"name":"a","namespace":"healthy"}}`,
		"List":           `[]`,
		"NoJSON":         `<html>`,
	} {
		api := &apitest.API{Refuse: func(w http.ResponseWriter, _ *http.Request) bool {
			_, _ = w.Write([]byte(body))
			return true
		}}
		if o := sourceOf(api).Get(t.Context(), controlRef("Component", "a")); o.Outcome != facts.Unreachable || !facts.IsOpenChoreoAPI(o.Reason) {
			t.Errorf("%s: %s, %s", name, o.Outcome, o.Reason)
		}
	}
}
