package kube

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

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
