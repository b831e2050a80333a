// Package requestguard checks in tests that every request to an API server is documented (docs/requests.md). Documented requests
// are a get, list or watch of a kind in internal/kinds, a container log, a connection to a pod, an access review, the server's
// version, a patch of annotations, and the dry-run of lint. It checks the HTTP requests and shares no code with internal/kube.
package requestguard

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// Request holds the checked parts of a request.
type Request struct {
	Method      string
	URL         *url.URL
	ContentType string
	UserAgent   string
	Body        []byte // of a PATCH or POST
}

// Check returns an error for a request that is not documented.
func Check(r Request) error {
	if err := check(r); err != nil {
		return fmt.Errorf("undocumented request: %s %s: %w", r.Method, r.URL.RequestURI(), err)
	}
	return nil
}

func check(r Request) error {
	if r.URL.EscapedPath() != r.URL.Path {
		return fmt.Errorf("the path is escaped: %q", r.URL.Path)
	}
	if isDryRunner(r.UserAgent) {
		return dryRun(r)
	}
	if err := parameters(r.URL.Query()); err != nil {
		return err
	}
	switch r.URL.Path {
	case "/version":
		return only(r.Method, http.MethodGet)
	case "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews":
		return only(r.Method, http.MethodPost)
	}
	t, err := targetOf(r.URL.Path)
	if err != nil {
		return err
	}
	return t.allows(r)
}

// parameters checks the query parameters of lists, watches, logs and patches.
func parameters(q url.Values) error {
	known := []string{
		"limit", "continue", "labelSelector", "fieldSelector", "resourceVersion", "watch", "allowWatchBookmarks", "timeoutSeconds",
		"timeout", "includeObject", "container", "previous", "tailLines", "limitBytes", "fieldManager",
		"follow", "timestamps", "sinceSeconds", "sinceTime",
	}
	for _, key := range slices.Sorted(maps.Keys(q)) {
		if !slices.Contains(known, key) || len(q[key]) != 1 || strings.ContainsFunc(q.Get(key), func(r rune) bool { return r < ' ' }) {
			return fmt.Errorf("parameter %s=%q", key, q[key])
		}
	}
	return nil
}

// target is the object or collection of a path.
type target struct {
	kind                         kinds.Kind
	namespace, name, subresource string
}

// dnsName matches all namespaces and the names of all supported kinds.
var dnsName = regexp.MustCompile(`^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$`)

func targetOf(path string) (target, error) {
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for _, part := range parts {
		if part == "" || part == "." || part == ".." {
			return target{}, fmt.Errorf("a part of the path is %q", part)
		}
	}
	var served schema.GroupVersion
	switch {
	case parts[0] == "api" && len(parts) > 2:
		served, parts = schema.GroupVersion{Version: parts[1]}, parts[2:]
	case parts[0] == "apis" && len(parts) > 3:
		served, parts = schema.GroupVersion{Group: parts[1], Version: parts[2]}, parts[3:]
	default:
		return target{}, fmt.Errorf("discovery, or no API")
	}
	var t target
	if parts[0] == "namespaces" && len(parts) > 2 {
		t.namespace, parts = parts[1], parts[2:]
	}
	if parts[0] == "secrets" {
		return target{}, fmt.Errorf("a Secret")
	}
	kind, known := kinds.LookupResource(served.WithResource(parts[0]))
	if !known {
		return target{}, fmt.Errorf("no kind that is read")
	}
	t.kind = kind
	rest := slices.Concat(parts[1:], []string{"", ""})
	t.name, t.subresource = rest[0], rest[1]
	return t, t.valid(len(parts))
}

func (t target) valid(parts int) error {
	switch {
	case parts > 3:
		return fmt.Errorf("longer than any path of an object")
	case t.namespace != "" && (!t.kind.Namespaced || !dnsName.MatchString(t.namespace)):
		return fmt.Errorf("namespace %q of %s", t.namespace, t.kind.Kind)
	case t.name != "" && (!dnsName.MatchString(t.name) || t.kind.Namespaced && t.namespace == ""):
		return fmt.Errorf("name %q of %s", t.name, t.kind.Kind)
	}
	return nil
}

func (t target) allows(r Request) error {
	pod := t.kind.Kind == "Pod"
	watch := r.URL.Query().Get("watch")
	switch {
	case t.subresource == "" && r.Method == http.MethodPatch && t.name != "":
		return t.annotates(r)
	case t.subresource == "", pod && t.subresource == "log":
		if watch != "" && t.name != "" {
			return fmt.Errorf("a watch of one object by its path")
		}
		return only(r.Method, http.MethodGet)
	case pod && t.subresource == "portforward":
		return only(r.Method, http.MethodGet, http.MethodPost)
	}
	return fmt.Errorf("subresource %q of %s", t.subresource, t.kind.Kind)
}

// annotates checks that a patch changes only annotations, of an object of Flux, Argo CD or OpenChoreo.
func (t target) annotates(r Request) error {
	groups := []string{
		kinds.FluxSource, kinds.FluxKustomize, kinds.FluxHelm, kinds.FluxOperator, kinds.FluxExtension, kinds.ArgoCD, kinds.OpenChoreo,
	}
	var patch struct {
		Metadata struct {
			Annotations map[string]string `json:"annotations"`
		} `json:"metadata"`
	}
	decoder := json.NewDecoder(bytes.NewReader(r.Body))
	decoder.DisallowUnknownFields()
	switch err := decoder.Decode(&patch); {
	case err != nil:
		return fmt.Errorf("a patch of more than annotations: %w", err)
	case r.ContentType != "application/merge-patch+json":
		return fmt.Errorf("a patch of type %q", r.ContentType)
	case !slices.Contains(groups, t.kind.Group):
		return fmt.Errorf("a patch of a %s", t.kind.Kind)
	case len(patch.Metadata.Annotations) == 0:
		return fmt.Errorf("a patch of nothing")
	}
	return nil
}

func only(method string, allowed ...string) error {
	if !slices.Contains(allowed, method) {
		return fmt.Errorf("method %s, want one of %v", method, allowed)
	}
	return nil
}

// Failer is the subset of testing.TB that is used. A failure does not end the test, because another goroutine makes the request.
type Failer interface {
	Errorf(format string, args ...any)
}

// Handler fails the test at each undocumented request and responds with 418. It passes all other requests to next.
func Handler(f Failer, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := Inspect(r); err != nil {
			f.Errorf("%v", err)
			http.Error(w, err.Error(), http.StatusTeapot)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Transport fails the test at each undocumented request and does not send it.
func Transport(f Failer, next http.RoundTripper) http.RoundTripper { return transport{f, next} }

type transport struct {
	failer Failer
	next   http.RoundTripper
}

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := Inspect(r); err != nil {
		t.failer.Errorf("%v", err)
		return nil, err
	}
	return t.next.RoundTrip(r)
}

// Inspect is Check for an http.Request. It leaves the request unchanged.
func Inspect(r *http.Request) error {
	request := Request{Method: r.Method, URL: r.URL, ContentType: r.Header.Get("Content-Type"), UserAgent: r.UserAgent()}
	if r.Method == http.MethodPatch && r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		_ = r.Body.Close()
		r.Body, request.Body = io.NopCloser(bytes.NewReader(body)), body
	}
	return Check(request)
}
