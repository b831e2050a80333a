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

const (
	merge    = "application/merge-patch+json"
	binding  = "/apis/openchoreo.dev/v1alpha1/namespaces/default/releasebindings/greeter-development"
	annotate = `{"metadata":{"annotations":{"a":"b"}}}`
)

type requestCase struct{ method, address, contentType, body string }

func (c requestCase) check(t *testing.T) error {
	t.Helper()
	u, err := url.ParseRequestURI(c.address)
	if err != nil {
		t.Fatal(err)
	}
	return Check(Request{Method: c.method, URL: u, ContentType: c.contentType, Body: []byte(c.body)})
}

func TestCheckAllows(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]requestCase{
		"Get":            {"GET", binding, "", ""},
		"GetDotted":      {"GET", "/api/v1/nodes/ip-10-0-0-1.ec2.internal", "", ""},
		"GetNamespace":   {"GET", "/api/v1/namespaces/default", "", ""},
		"ListNamespaces": {"GET", "/api/v1/namespaces?limit=1", "", ""},
		"List":           {"GET", "/api/v1/namespaces/default/pods?labelSelector=a%3Db", "", ""},
		"ListEverywhere": {"GET", "/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations?watch=true", "", ""},
		"Log":            {"GET", "/api/v1/namespaces/a/pods/b/log?container=c&previous=true", "", ""},
		"Forward":        {"POST", "/api/v1/namespaces/a/pods/b/portforward", "", ""},
		"Review":         {"POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", "", "{}"},
		"Version":        {"GET", "/version", "", ""},
		"Annotate":       {"PATCH", binding + "?fieldManager=choreo-reconcile", merge, annotate},
	} {
		if err := c.check(t); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCheckRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]requestCase{
		"Secret":           {"GET", "/api/v1/namespaces/default/secrets/password", "", ""},
		"Secrets":          {"GET", "/api/v1/secrets", "", ""},
		"Proxy":            {"GET", "/api/v1/namespaces/a/services/b:80/proxy/c", "", ""},
		"ServiceProxy":     {"GET", "/api/v1/namespaces/a/services/b/proxy", "", ""},
		"Exec":             {"POST", "/api/v1/namespaces/a/pods/b/exec", "", ""},
		"Discovery":        {"GET", "/apis/apps/v1", "", ""},
		"Root":             {"GET", "/", "", ""},
		"Role":             {"GET", "/apis/rbac.authorization.k8s.io/v1/clusterroles/admin", "", ""},
		"OtherVersion":     {"GET", "/apis/apps/v1beta1/namespaces/a/deployments/b", "", ""},
		"Dots":             {"GET", "/api/v1/namespaces/a/pods/..", "", ""},
		"EscapedDots":      {"GET", "/api/v1/namespaces/a/pods/%2e%2e", "", ""},
		"EscapedSlash":     {"GET", "/api/v1/namespaces/a/pods/b%2Fc", "", ""},
		"EmptyPart":        {"GET", "/api/v1/namespaces//pods/b", "", ""},
		"UpperCase":        {"GET", "/api/v1/namespaces/a/pods/B", "", ""},
		"NoNamespace":      {"GET", "/api/v1/pods/b", "", ""},
		"NamespacedNode":   {"GET", "/api/v1/namespaces/a/nodes/b", "", ""},
		"OtherParameter":   {"GET", binding + "?pretty=true", "", ""},
		"TwoContainers":    {"GET", "/api/v1/namespaces/a/pods/b/log?container=c&container=d", "", ""},
		"Delete":           {"DELETE", binding, "", ""},
		"Create":           {"POST", "/api/v1/namespaces/a/pods", "", "{}"},
		"WatchByPath":      {"GET", binding + "?watch=true", "", ""},
		"PatchSpec":        {"PATCH", binding, merge, `{"metadata":{"annotations":{"a":"b"}},"spec":{}}`},
		"PatchLabels":      {"PATCH", binding, merge, `{"metadata":{"labels":{"a":"b"}}}`},
		"PatchOfNothing":   {"PATCH", binding, merge, `{}`},
		"PatchOfOperation": {"PATCH", binding, "application/json-patch+json", annotate},
		"PatchPod":         {"PATCH", "/api/v1/namespaces/a/pods/b", merge, annotate},
	} {
		if err := c.check(t); err == nil {
			t.Errorf("%s is allowed", name)
		}
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

	for _, transport := range []http.RoundTripper{http.DefaultTransport, Transport(&f, http.DefaultTransport)} {
		for _, r := range []struct{ method, path, body string }{
			{"GET", "/api/v1/namespaces/a/secrets/b", ""},
			{"GET", "/api/v1/nodes", ""},
			{"PATCH", "/apis/argoproj.io/v1alpha1/namespaces/a/applications/b", annotate},
		} {
			request, err := http.NewRequestWithContext(t.Context(), r.method, server.URL+r.path, strings.NewReader(r.body))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", merge)
			if response, err := transport.RoundTrip(request); err == nil {
				_ = response.Body.Close()
			}
		}
	}
	want := strings.Repeat("/api/v1/nodes /apis/argoproj.io/v1alpha1/namespaces/a/applications/b"+annotate+" ", 2)
	if got := strings.Join(served, " ") + " "; got != want || len(f) != 2 {
		t.Errorf("served %s, failed %v", got, f)
	}
}
