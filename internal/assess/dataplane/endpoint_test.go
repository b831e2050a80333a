package dataplane_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/dataplane"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestAddresses: every URL of a ReleaseBinding is whole, and an endpoint's most public comes first.
func TestAddresses(t *testing.T) {
	t.Parallel()
	w := assesstest.Healthy(t)
	w.Set(w.One("ReleaseBinding", "-development"), []any{
		map[string]any{
			"name":       "http",
			"serviceURL": map[string]any{"scheme": "http", "host": "greeter", "port": int64(8080), "path": "/v1"},
			"externalURLs": map[string]any{
				"http":  map[string]any{"scheme": "http", "host": "greeter.example.com"},
				"https": map[string]any{"scheme": "https", "host": "greeter.example.com", "port": int64(8443), "path": "/v1"},
			},
			"internalURLs": map[string]any{"tls": map[string]any{"host": "greeter.internal", "port": int64(443)}},
		},
		map[string]any{"name": "grpc", "serviceURL": map[string]any{"host": "greeter", "port": int64(0)}},
		map[string]any{"name": "none"},
	}, "status", "endpoints")
	want := []trace.Address{
		{Name: "http", Visibility: "external", URL: "https://greeter.example.com:8443/v1"},
		{Name: "http", Visibility: "external", URL: "http://greeter.example.com"},
		{Name: "http", Visibility: "internal", URL: "greeter.internal:443"},
		{Name: "http", Visibility: "project", URL: "http://greeter:8080/v1"},
		{Name: "grpc", Visibility: "project", URL: "greeter"},
	}
	if diff := cmp.Diff(want, dataplane.Addresses(w.Development())); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestEndpointNames: the endpoints of a release are sorted, as a map has no order.
func TestEndpointNames(t *testing.T) {
	t.Parallel()
	w := assesstest.Healthy(t)
	release := w.One("ComponentRelease", "")
	w.Set(release, map[string]any{"http": map[string]any{}, "admin": map[string]any{}, "metrics": map[string]any{}, "grpc": map[string]any{}}, "spec", "workload", "endpoints")
	for range 5 {
		if diff := cmp.Diff([]string{"admin", "grpc", "http", "metrics"}, dataplane.EndpointNames(release)); diff != "" {
			t.Fatalf("(-want +got)\n%s", diff)
		}
	}
}

// TestRefusedRoute: the binding has the address of a route before a gateway accepts it, and keeps it if none does. A route of another
// endpoint or visibility says nothing of it.
func TestRefusedRoute(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	address := dataplane.Addresses(healthy.Development())[0]
	for name, c := range map[string]struct {
		endpoint, visibility, status string
		want                         trace.State
	}{
		"Refused":           {address.Name, address.Visibility, "False", trace.Failed},
		"Accepted":          {address.Name, address.Visibility, "True", trace.OK},
		"OtherEndpoint":     {"admin", address.Visibility, "False", trace.OK},
		"OtherVisibility":   {address.Name, "internal", "False", trace.OK},
		"NothingOfEndpoint": {"", "", "False", trace.OK},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			w.Releases(fmt.Sprintf(`
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: refused, labels: {openchoreo.dev/endpoint-name: %q, openchoreo.dev/endpoint-visibility: %q}}
spec: {parentRefs: [{name: a}]}
status: {parents: [{parentRef: {name: a}, conditions: [{type: Accepted, status: %q, reason: NoMatchingParent, lastTransitionTime: <1h>}]}]}`, c.endpoint, c.visibility, c.status), true)
			got := dataplane.AssessEndpoint(w.Development())
			if got.State != c.want {
				t.Errorf("state %s, want %s: %s", got.State, c.want, got.Summary)
			}
			if strings.Contains(got.Summary, "not routed: HTTPRoute: RouteNotAccepted") != (c.want == trace.Failed) {
				t.Errorf("summary %q", got.Summary)
			}
		})
	}
}
