package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// endpoints puts an address in the place of the gateway in every binding.
func endpoints(address string) func([]facts.Object) []facts.Object {
	host, port, _ := strings.Cut(strings.TrimPrefix(address, "http://"), ":")
	number := json.Number(port)
	n, _ := number.Int64()
	return func(objects []facts.Object) []facts.Object {
		for _, o := range objects {
			if o.Ref.Kind == "ReleaseBinding" {
				urls := kinds.Items(o.Body, "status", "endpoints")
				for _, e := range urls {
					for _, field := range []string{"externalURLs", "internalURLs"} {
						delete(e, field)
					}
					e["externalURLs"] = map[string]any{"http": map[string]any{"scheme": "http", "host": host, "port": n, "path": "/" + o.Ref.Name}}
				}
				_ = unstructured.SetNestedSlice(o.Body.Object, anys(urls), "status", "endpoints")
			}
		}
		return objects
	}
}

func anys(items []map[string]any) []any {
	var all []any
	for _, item := range items {
		all = append(all, item)
	}
	return all
}

// TestVerifyProbes: Ready is not working.
func TestVerifyProbes(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Key") == "" || strings.HasSuffix(r.URL.Path, "-staging") {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(server.Close)
	g := gate(t, "healthy", 0)
	g.change(endpoints(server.URL))
	probe := []string{"greeter-service", "--timeout", "0", "--probe"}
	header := append(slices.Clone(probe), "--probe-header", "X-Key: y")
	g.holds(t, 0, []string{"greeter-service endpoints:", "200 in"}, append(slices.Clone(header), "-e", "development")...)
	g.holds(t, 2, []string{"Failed: endpoint (staging)   ProbeFailed", fmt.Sprintf("%s/greeter-service-staging answers with status 503", server.URL)}, header...)
	g.holds(t, 2, []string{"Failed: endpoint (development)   ProbeFailed"}, append(slices.Clone(probe), "-e", "development")...)
	g.holds(t, 0, nil, append(slices.Clone(probe), "--probe-status", "200-299,503")...)
	g.holds(t, 2, []string{"ProbeFailed"}, append(slices.Clone(header), "--grace", "1s")...)
	server.Close()
	g.holds(t, 2, []string{"does not answer"}, append(slices.Clone(header), "-e", "development")...)
}

// everywhere has each binding say that it has an endpoint, or had one.
func everywhere(objects []facts.Object) []facts.Object {
	for _, o := range objects {
		if o.Ref.Kind == "ReleaseBinding" {
			_ = unstructured.SetNestedSlice(o.Body.Object, []any{map[string]any{"name": "http"}}, "status", "endpoints")
		}
	}
	return objects
}

// TestVerifyProbesOnlyWhatRuns: who has failed already is not asked, nor who is switched off; and an endpoint that does not speak
// HTTP cannot be asked, which is no reason to believe that it works.
func TestVerifyProbesOnlyWhatRuns(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	t.Cleanup(server.Close)
	for scenario, c := range map[string]struct {
		exit  int
		words string
		args  []string
	}{
		"pod-crash-loop":     {2, "CrashLoopBackOff", nil},
		"binding-undeployed": {0, "passed", []string{"-e", "staging"}},
	} {
		g := gate(t, scenario, 0)
		g.change(everywhere)
		g.change(endpoints(server.URL))
		g.holds(t, c.exit, []string{c.words}, append([]string{"--timeout", "0", "--probe"}, c.args...)...)
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("%d requests to what does not run", n)
	}
	g := gate(t, "healthy", 0)
	g.change(func(objects []facts.Object) []facts.Object {
		for _, o := range objects {
			for _, e := range kinds.Items(o.Body, "status", "endpoints") {
				delete(e, "externalURLs")
				e["serviceURL"].(map[string]any)["scheme"] = "tcp"
			}
		}
		return objects
	})
	g.holds(t, 4, []string{"none of its endpoints speaks HTTP", "--allow-unknown"}, "greeter-service", "--timeout", "0", "--probe")
	g.holds(t, 0, []string{"passed"}, "greeter-service", "--timeout", "0", "--probe", "--allow-unknown")
}
