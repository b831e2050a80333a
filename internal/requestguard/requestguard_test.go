package requestguard

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	const (
		merge    = "application/merge-patch+json"
		binding  = "/apis/openchoreo.dev/v1alpha1/namespaces/default/releasebindings/greeter-development"
		annotate = `{"metadata":{"annotations":{"a":"b"}}}`
	)
	for name, c := range map[string]struct {
		method, address, contentType, body string
		refused                            bool
	}{
		"Get":              {"GET", binding, "", "", false},
		"GetDotted":        {"GET", "/api/v1/nodes/ip-10-0-0-1.ec2.internal", "", "", false},
		"GetNamespace":     {"GET", "/api/v1/namespaces/default", "", "", false},
		"ListNamespaces":   {"GET", "/api/v1/namespaces?limit=1", "", "", false},
		"List":             {"GET", "/api/v1/namespaces/default/pods?labelSelector=a%3Db", "", "", false},
		"ListEverywhere":   {"GET", "/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations?watch=true", "", "", false},
		"Log":              {"GET", "/api/v1/namespaces/a/pods/b/log?container=c&previous=true", "", "", false},
		"Forward":          {"POST", "/api/v1/namespaces/a/pods/b/portforward", "", "", false},
		"Review":           {"POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", "", "{}", false},
		"Version":          {"GET", "/version", "", "", false},
		"Annotate":         {"PATCH", binding + "?fieldManager=choreo-reconcile", merge, annotate, false},
		"Secret":           {"GET", "/api/v1/namespaces/default/secrets/password", "", "", true},
		"Secrets":          {"GET", "/api/v1/secrets", "", "", true},
		"Proxy":            {"GET", "/api/v1/namespaces/a/services/b:80/proxy/c", "", "", true},
		"ServiceProxy":     {"GET", "/api/v1/namespaces/a/services/b/proxy", "", "", true},
		"Exec":             {"POST", "/api/v1/namespaces/a/pods/b/exec", "", "", true},
		"Discovery":        {"GET", "/apis/apps/v1", "", "", true},
		"Root":             {"GET", "/", "", "", true},
		"Role":             {"GET", "/apis/rbac.authorization.k8s.io/v1/clusterroles/admin", "", "", true},
		"OtherVersion":     {"GET", "/apis/apps/v1beta1/namespaces/a/deployments/b", "", "", true},
		"Dots":             {"GET", "/api/v1/namespaces/a/pods/..", "", "", true},
		"EscapedDots":      {"GET", "/api/v1/namespaces/a/pods/%2e%2e", "", "", true},
		"EscapedSlash":     {"GET", "/api/v1/namespaces/a/pods/b%2Fc", "", "", true},
		"EmptyPart":        {"GET", "/api/v1/namespaces//pods/b", "", "", true},
		"UpperCase":        {"GET", "/api/v1/namespaces/a/pods/B", "", "", true},
		"NoNamespace":      {"GET", "/api/v1/pods/b", "", "", true},
		"NamespacedNode":   {"GET", "/api/v1/namespaces/a/nodes/b", "", "", true},
		"OtherParameter":   {"GET", binding + "?pretty=true", "", "", true},
		"TwoContainers":    {"GET", "/api/v1/namespaces/a/pods/b/log?container=c&container=d", "", "", true},
		"Delete":           {"DELETE", binding, "", "", true},
		"Create":           {"POST", "/api/v1/namespaces/a/pods", "", "{}", true},
		"WatchByPath":      {"GET", binding + "?watch=true", "", "", true},
		"PatchSpec":        {"PATCH", binding, merge, `{"metadata":{"annotations":{"a":"b"}},"spec":{}}`, true},
		"PatchLabels":      {"PATCH", binding, merge, `{"metadata":{"labels":{"a":"b"}}}`, true},
		"PatchOfNothing":   {"PATCH", binding, merge, `{}`, true},
		"PatchOfOperation": {"PATCH", binding, "application/json-patch+json", annotate, true},
		"PatchPod":         {"PATCH", "/api/v1/namespaces/a/pods/b", merge, annotate, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u, err := url.ParseRequestURI(c.address)
			if err != nil {
				t.Fatal(err)
			}
			if err := Check(Request{c.method, u, c.contentType, []byte(c.body)}); (err != nil) != c.refused {
				t.Errorf("refused: %v, want %v", err, c.refused)
			}
		})
	}
}

// failer counts instead of failing.
type failer []string

func (f *failer) Errorf(format string, args ...any) { *f = append(*f, fmt.Sprintf(format, args...)) }

func TestHandlerAndTransport(t *testing.T) {
	t.Parallel()
	var served []string
	var f failer
	server := httptest.NewServer(Handler(&f, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		served = append(served, r.URL.Path+string(body))
	})))
	t.Cleanup(server.Close)
	const patch = `{"metadata":{"annotations":{"a":"b"}}}`
	for _, transport := range []http.RoundTripper{http.DefaultTransport, Transport(&f, http.DefaultTransport)} {
		for _, r := range []struct{ method, path, body string }{
			{"GET", "/api/v1/namespaces/a/secrets/b", ""},
			{"GET", "/api/v1/nodes", ""},
			{"PATCH", "/apis/argoproj.io/v1alpha1/namespaces/a/applications/b", patch},
		} {
			request, err := http.NewRequestWithContext(t.Context(), r.method, server.URL+r.path, strings.NewReader(r.body))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", "application/merge-patch+json")
			if response, err := transport.RoundTrip(request); err == nil {
				_ = response.Body.Close()
			}
		}
	}
	want := strings.Repeat("/api/v1/nodes /apis/argoproj.io/v1alpha1/namespaces/a/applications/b"+patch+" ", 2)
	if got := strings.Join(served, " ") + " "; got != want || len(f) != 2 {
		t.Errorf("served %s, failed %v", got, f)
	}
}
