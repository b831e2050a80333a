package choreo

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/requestguard"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// emptyCluster responds to every list with no items, and to every get with 404. It fails the test at a request that is not documented.
func emptyCluster(t *testing.T) *rest.Config {
	t.Helper()
	server := httptest.NewServer(requestguard.Handler(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if isList(r.URL.Path) {
			_ = json.NewEncoder(w).Encode(map[string]any{"kind": "List", "apiVersion": "v1", "metadata": map[string]any{}, "items": []any{}})
			return
		}
		w.WriteHeader(http.StatusNotFound)
		_ = json.NewEncoder(w).Encode(metav1.Status{TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}, Status: metav1.StatusFailure, Reason: metav1.StatusReasonNotFound, Code: http.StatusNotFound, Message: "not found", Details: &metav1.StatusDetails{Name: path.Base(r.URL.Path)}})
	})))
	t.Cleanup(server.Close)
	return &rest.Config{Host: server.URL}
}

// isList distinguishes /apis/GROUP/VERSION[/namespaces/NS]/PLURAL from the path of one object, which has one more segment.
func isList(path string) bool {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if parts[0] == "api" {
		parts = append([]string{"apis"}, parts...)
	}
	return len(parts)%2 == 0
}

func TestTraceOfAnEmptyCluster(t *testing.T) {
	t.Parallel()
	got, err := Trace(t.Context(), emptyCluster(t), facts.Subject{Namespace: "default", Component: "greeter-service"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got.Verdict != trace.VerdictFailed || got.Failing == nil || got.Failing.Code != trace.CodeComponentNotFound {
		t.Errorf("verdict %s, failing %+v; want Failed with ComponentNotFound", got.Verdict, got.Failing)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	config := &rest.Config{Host: "http://127.0.0.1:1"}
	whole := facts.Subject{Namespace: "default", Component: "greeter-service"}
	for name, c := range map[string]struct {
		config  *rest.Config
		subject facts.Subject
		options Options
		want    string
	}{
		"NoNamespace":         {config, facts.Subject{Component: "a"}, Options{}, "namespace"},
		"PathAsComponent":     {config, facts.Subject{Namespace: "default", Component: "../secrets/a"}, Options{}, "../secrets/a"},
		"PathAsEnvironment":   {config, facts.Subject{Namespace: "default", Component: "a", Environments: []string{"a/b"}}, Options{}, "a/b"},
		"NoConfig":            {nil, whole, Options{}, "control plane"},
		"ControlPlaneAsPlane": {config, whole, Options{Planes: map[facts.Plane]*rest.Config{facts.Control: config}}, "control plane"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Trace(t.Context(), c.config, c.subject, c.options)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one about %q", err, c.want)
			}
		})
	}
}
