package kube

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube/planereader"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube/podlog"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// planeReader records what it was asked.
type planeReader struct {
	asked []string
	knows facts.Object // of the control plane
}

func (p *planeReader) Get(_ context.Context, ref facts.Ref) facts.Object {
	p.asked = append(p.asked, "get")
	if p.knows.Outcome != facts.NotAsked && p.knows.Ref == ref {
		return p.knows
	}
	return facts.Object{Ref: ref, Outcome: facts.Unreachable, Reason: "x"}
}

func (p *planeReader) List(_ context.Context, q facts.Query) (facts.List, []facts.Object) {
	p.asked = append(p.asked, "list")
	if p.knows.Ref.Kind == q.Kind && q.Plane == facts.Control {
		return facts.List{Query: q, Outcome: facts.Found, Items: []facts.Ref{p.knows.Ref}}, []facts.Object{p.knows}
	}
	return facts.List{Query: q, Outcome: facts.Unreachable, Reason: "x"}, nil
}

func (p *planeReader) Log(_ context.Context, q facts.LogQuery) facts.Log {
	p.asked = append(p.asked, "log")
	return facts.Log{Query: q}
}

func (p *planeReader) OpenLog(context.Context, facts.LogQuery, podlog.Options) (io.ReadCloser, error) {
	p.asked = append(p.asked, "open")
	return nil, io.EOF
}

func (p *planeReader) Note(o facts.Object) { p.asked = append(p.asked, "note "+o.Ref.Name) }

// TestPlaneReader: a plane with a reader is never asked of a cluster, by no method.
func TestPlaneReader(t *testing.T) {
	t.Parallel()
	cluster := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("the cluster got %s", r.URL) }))
	t.Cleanup(cluster.Close)
	p := &planeReader{}
	s, err := New(map[facts.Plane]*rest.Config{facts.Control: {Host: cluster.URL}}, Options{Readers: planereader.New(p, []facts.Plane{"eu"})})
	if err != nil {
		t.Fatal(err)
	}
	pod := facts.Ref{Plane: "eu", Kind: "Pod", Namespace: "cell", Name: "a"}
	q := facts.Query{Plane: "eu", Kind: "Pod", Namespace: "cell"}
	s.Get(t.Context(), pod)
	s.List(t.Context(), q)
	s.ListAt(t.Context(), q)
	s.ListEncoded(t.Context(), q)
	s.Count(t.Context(), q)
	s.Search(t.Context(), q, nil)
	s.Log(t.Context(), facts.LogQuery{Pod: pod, Container: "main"})
	_, _ = s.OpenLog(t.Context(), facts.LogQuery{Pod: pod, Container: "main"}, podlog.Options{})
	if err := s.Watch(t.Context(), q, "1", func(Event) {}); err == nil {
		t.Error("it was watched")
	}
	if _, err := s.Dial(t.Context(), pod, 80); err == nil {
		t.Error("it was dialled")
	}
	if _, known := s.Skew("eu"); known {
		t.Error("its clock is known")
	}
	if diff := cmp.Diff([]string{"get", "list", "list", "list", "list", "list", "log", "open"}, p.asked); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestElsewhere: a plane without a context is read elsewhere only if the control plane's cluster has no agent, which is requested once;
// every RenderedRelease is noted.
func TestElsewhere(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		used   bool
	}{"NoAgent": {http.StatusNotFound, true}, "Forbidden": {http.StatusForbidden, true}, "Agent": {http.StatusOK, false}, "Failed": {http.StatusInternalServerError, false}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			agents := 0
			cluster := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				switch r.URL.Path {
				case "/apis/apps/v1/namespaces/openchoreo-data-plane/deployments/cluster-agent-dataplane":
					agents++
					w.WriteHeader(c.status)
					_, _ = fmt.Fprintf(w, `{"apiVersion":"v1","kind":"Status","status":"Failure","details":{"name":"cluster-agent-dataplane"},"code":%d}`, c.status)
				case "/apis/openchoreo.dev/v1alpha1/namespaces/shop/renderedreleases":
					_, _ = io.WriteString(w, `{"apiVersion":"openchoreo.dev/v1alpha1","kind":"RenderedReleaseList","metadata":{},"items":[{"metadata":{"name":"one","namespace":"shop"}}]}`)
				default:
					_, _ = io.WriteString(w, `{"apiVersion":"v1","kind":"PodList","metadata":{},"items":[]}`)
				}
			}))
			t.Cleanup(cluster.Close)
			p := &planeReader{}
			s, err := New(map[facts.Plane]*rest.Config{facts.Control: {Host: cluster.URL}}, Options{Readers: planereader.New(p, nil)})
			if err != nil {
				t.Fatal(err)
			}
			s.List(t.Context(), facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "RenderedRelease", Namespace: "shop"})
			for range 2 {
				s.List(t.Context(), facts.Query{Plane: "eu", Kind: "Pod", Namespace: "cell"})
			}
			want := []string{"note one"}
			if c.used {
				want = append(want, "list", "list")
			}
			if diff := cmp.Diff(want, p.asked); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if _, known := s.Skew("eu"); known == c.used {
				t.Errorf("the clock is known: %v", known)
			}
			if agents < 1 || agents > 2 { // a 5xx is repeated once
				t.Errorf("%d requests for the agent", agents)
			}
		})
	}
}

// TestInsteadOfTheControlPlane: only what the user may not read there is read by a reader, and its refusal replaces none of the cluster's.
func TestInsteadOfTheControlPlane(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		kind   string
		want   facts.Outcome
		asked  []string
	}{
		"Forbidden": {http.StatusForbidden, "RenderedRelease", facts.Found, []string{"get", "note one", "list", "note one"}},
		"Refused":   {http.StatusForbidden, "Component", facts.Forbidden, []string{"get", "list"}},
		"Absent":    {http.StatusNotFound, "Component", facts.Absent, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cluster := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(c.status)
				_, _ = fmt.Fprintf(w, `{"apiVersion":"v1","kind":"Status","status":"Failure","details":{"name":"one"},"code":%d}`, c.status)
			}))
			t.Cleanup(cluster.Close)
			rendered := facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "RenderedRelease", Namespace: "shop", Name: "one"}
			p := &planeReader{knows: facts.Object{Ref: rendered, Outcome: facts.Found}}
			s, err := New(map[facts.Plane]*rest.Config{facts.Control: {Host: cluster.URL}}, Options{Readers: planereader.New(p, nil)})
			if err != nil {
				t.Fatal(err)
			}
			ref := rendered
			ref.Kind = c.kind
			if o := s.Get(t.Context(), ref); o.Outcome != c.want {
				t.Errorf("the object is %s, want %s: %s", o.Outcome, c.want, o.Reason)
			}
			if c.status == http.StatusForbidden {
				if l, _ := s.List(t.Context(), facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: c.kind, Namespace: "shop"}); l.Outcome != c.want {
					t.Errorf("the list is %s, want %s: %s", l.Outcome, c.want, l.Reason)
				}
			}
			if diff := cmp.Diff(c.asked, p.asked); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
