package admission

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestHandler sends a request like an API server, and checks the patch.
func TestHandler(t *testing.T) {
	t.Parallel()
	const spec = `{"containers":[{"name":"main","image":"registry.example.com/acme/shop:1.0.0"}]}`
	deployment := `{"spec":{"template":{"spec":` + spec + `}}}`
	pod := `{"spec":` + spec + `}`
	for name, c := range map[string]struct {
		mutation, kind, object string
		want                   map[string]string // path → value as JSON
	}{
		"a proxy before the app": {Sidecar, "Pod", pod, map[string]string{
			"/spec/containers": `[{"name":"istio-proxy","image":"docker.io/istio/proxyv2:1.29.0","resources":{}},{"name":"main","image":"registry.example.com/acme/shop:1.0.0","resources":{}}]`,
			"/spec/initContainers": `[{"name":"istio-init","image":"docker.io/istio/proxyv2:1.29.0","resources":{}},` +
				`{"name":"linkerd-proxy","image":"cr.l5d.io/linkerd/proxy:edge-26.11.1","resources":{},"restartPolicy":"Always"}]`,
		}},
		"none in a Deployment": {Sidecar, "Deployment", deployment, map[string]string{}},
		"a digest in a Deployment": {Pin, "Deployment", deployment, map[string]string{
			"/spec/template/spec/containers/0/image": `"registry.example.com/acme/shop:1.0.0@` + Digest + `"`,
		}},
		"a digest once": {Pin, "Pod", strings.Replace(pod, "1.0.0", "1.0.0@"+Digest, 1), map[string]string{}},
		"a mirror": {Mirror, "Pod", pod, map[string]string{
			"/spec/containers/0/image": `"mirror.example.com/registry.example.com/acme/shop:1.0.0"`,
		}},
		"defaults": {Defaults, "Pod", pod, map[string]string{
			"/spec/terminationGracePeriodSeconds": `45`,
			"/spec/tolerations":                   `[{"key":"example.com/spot","operator":"Exists"}]`,
			"/spec/containers/0/env":              `[{"name":"INJECTED","value":"by the lab's webhook"}]`,
		}},
		"defaults once": {Defaults, "Pod", `{"spec":{"tolerations":[{"key":"example.com/spot","operator":"Exists"}],"containers":[{"name":"main","env":[{"name":"INJECTED","value":"by the lab's webhook"}]}]}}`, map[string]string{
			"/spec/terminationGracePeriodSeconds": `45`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			review := `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"42","kind":{"kind":"` + c.kind + `"},"object":` + c.object + `}}`
			recorder := httptest.NewRecorder()
			Handler().ServeHTTP(recorder, httptest.NewRequest(http.MethodPost, "/"+c.mutation, strings.NewReader(review)))
			if diff := cmp.Diff(c.want, patched(t, recorder)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func patched(t *testing.T, recorder *httptest.ResponseRecorder) map[string]string {
	t.Helper()
	var review struct {
		Response struct {
			UID     string
			Allowed bool
			Patch   []byte
		}
	}
	if err := json.NewDecoder(recorder.Body).Decode(&review); err != nil {
		t.Fatal(err)
	}
	if review.Response.UID != "42" || !review.Response.Allowed {
		t.Errorf("the response is %+v", review.Response)
	}
	got := map[string]string{}
	if len(review.Response.Patch) == 0 {
		return got
	}
	var operations []struct {
		Path  string
		Value json.RawMessage
	}
	if err := json.Unmarshal(review.Response.Patch, &operations); err != nil {
		t.Fatal(err)
	}
	for _, o := range operations {
		got[o.Path] = string(o.Value)
	}
	return got
}

func TestHandlerRefuses(t *testing.T) {
	t.Parallel()
	for path, body := range map[string]string{"/pin": "{", "/unknown": "{}"} {
		recorder := httptest.NewRecorder()
		Handler().ServeHTTP(recorder, httptest.NewRequest(http.MethodPost, path, strings.NewReader(body)))
		if recorder.Code < http.StatusBadRequest {
			t.Errorf("%s: status %d", path, recorder.Code)
		}
	}
}
